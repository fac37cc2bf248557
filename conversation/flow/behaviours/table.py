"""Which behaviour runs which node: the one table to extend for a further node type."""

from collections.abc import Callable, Mapping
from typing import Any

from conversation.flow.behaviour import Behaviour, Context
from conversation.flow.behaviours.age import AgeEstimationBehaviour
from conversation.flow.behaviours.conversation import ConversationBehaviour
from conversation.flow.behaviours.data import DataValidationBehaviour, FieldConditionBehaviour
from conversation.flow.behaviours.document import DocumentScanBehaviour
from conversation.flow.behaviours.external import ExternalCallBehaviour
from conversation.flow.behaviours.face_compare import FaceCompareBehaviour
from conversation.flow.behaviours.face_scan import FaceScanBehaviour
from conversation.flow.behaviours.forms import EnterEmailBehaviour, PermissionsBehaviour
from conversation.flow.behaviours.liveness import LivenessBehaviour
from conversation.flow.behaviours.not_checked import NotCheckedBehaviour, skipped
from conversation.flow.behaviours.recognition import RecognitionBehaviour
from conversation.flow.behaviours.two_factor import TwoFactorBehaviour
from conversation.flow.nodes import (
    AgeEstimationNode,
    ConversationNode,
    DataValidationNode,
    DocumentScanNode,
    EnterEmailNode,
    ExternalCallNode,
    FaceCompareNode,
    FaceScanNode,
    FieldConditionNode,
    LivenessNode,
    Node,
    PermissionsNode,
    RecognitionNode,
    TwoFactorNode,
)

BEHAVIOURS: Mapping[type, Callable[[Any, Context], Behaviour]] = {
    ConversationNode: ConversationBehaviour,
    PermissionsNode: PermissionsBehaviour,
    EnterEmailNode: EnterEmailBehaviour,
    TwoFactorNode: TwoFactorBehaviour,
    DataValidationNode: DataValidationBehaviour,
    FieldConditionNode: FieldConditionBehaviour,
    ExternalCallNode: ExternalCallBehaviour,
    LivenessNode: LivenessBehaviour,
    FaceScanNode: FaceScanBehaviour,
    FaceCompareNode: FaceCompareBehaviour,
    RecognitionNode: RecognitionBehaviour,
    AgeEstimationNode: AgeEstimationBehaviour,
    DocumentScanNode: DocumentScanBehaviour,
}
"""Start and end have none: the machine itself begins and finishes. What is skipped is not run by these either."""


def behaviour_of(node: Node, context: Context) -> Behaviour | None:
    """A fresh visit to a node; None at an end."""
    if skipped(node.type, context.engine_version):
        skip: Callable[[Any, Context], Behaviour] = NotCheckedBehaviour
        return skip(node, context)
    make = BEHAVIOURS.get(type(node))
    return make(node, context) if make is not None else None
