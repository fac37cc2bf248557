"""Node settings: one frozen class per node type, each knowing its outcomes. Imported from here, as one name.

Names and fields follow the vendor-compatible contract (generation G2). A further node type needs a class here, a
parser in ``schema.parse`` and a row in ``behaviours.table``; ``ways`` says which of its outcomes stand for success.
"""

from conversation.flow.nodes.data import (
    Action,
    DataSource,
    DataValidationNode,
    ExternalCallNode,
    ExternalRequest,
    FieldConditionNode,
    Operand,
    Operator,
    Reference,
    Rule,
    Scalar,
    Validation,
)
from conversation.flow.nodes.dialogue import (
    PROMPT_LIMIT,
    AwaitExternal,
    ConversationNode,
    EndNode,
    EnterEmailNode,
    PermissionsNode,
    StartNode,
    TwoFactorNode,
)
from conversation.flow.nodes.outcomes import (
    FixedOutcomes,
    Outcome,
    OutcomeKey,
)
from conversation.flow.nodes.vision import (
    AgeEstimationNode,
    DocumentScanNode,
    FaceCompareNode,
    FaceScanNode,
    FaceSource,
    LivenessNode,
    RecognitionNode,
    VisionNode,
)

__all__ = [
    "NODE_TYPES",
    "PROMPT_LIMIT",
    "Action",
    "AgeEstimationNode",
    "AwaitExternal",
    "ConversationNode",
    "DataSource",
    "DataValidationNode",
    "DocumentScanNode",
    "EndNode",
    "EnterEmailNode",
    "ExternalCallNode",
    "ExternalRequest",
    "FaceCompareNode",
    "FaceScanNode",
    "FaceSource",
    "FieldConditionNode",
    "FixedOutcomes",
    "LivenessNode",
    "Node",
    "Operand",
    "Operator",
    "Outcome",
    "OutcomeKey",
    "PermissionsNode",
    "RecognitionNode",
    "Reference",
    "Rule",
    "Scalar",
    "StartNode",
    "TwoFactorNode",
    "Validation",
    "VisionNode",
]

Node = (
    StartNode | EndNode | ConversationNode | PermissionsNode | EnterEmailNode | TwoFactorNode
    | DataValidationNode | ExternalCallNode | FieldConditionNode | VisionNode
)  # fmt: skip

NODE_TYPES = frozenset({
    "start", "end", "conversation", "liveness_detection", "face_scan", "document_scan", "recognition", "enter_email",
    "two_factor_email", "two_factor_sms", "data_validation", "face_compare", "permissions", "external_call",
    "field_condition", "age_estimation",
})  # fmt: skip
"""All types of the public contract; ``age_estimation`` is known there from old pages only."""
