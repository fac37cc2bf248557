"""A flow as submitted (JSON) to typed nodes, with every problem of shape; rules across nodes are in ``validate``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from conversation.flow.nodes import NODE_TYPES, Node
from conversation.flow.schema.legacy_nodes import (
    LEGACY_NAMES,
    parse_email_verification,
    parse_sms_verification,
    parse_two_factor_legacy,
)
from conversation.flow.schema.parse_data import parse_data_validation, parse_field_condition
from conversation.flow.schema.parse_dialogue import (
    parse_conversation,
    parse_end,
    parse_enter_email,
    parse_permissions,
    parse_start,
    parse_two_factor,
)
from conversation.flow.schema.parse_external import parse_external_call
from conversation.flow.schema.parse_vision import (
    parse_age_estimation,
    parse_document_scan,
    parse_face_compare,
    parse_face_scan,
    parse_liveness,
    parse_recognition,
)
from conversation.flow.schema.problems import Notes, at, kind
from conversation.flow.schema.reader import ID_LIMIT, Reader
from conversation.flow.schema.shapes import NODE_LIMIT, Submission, read_shape

_PARSERS: Mapping[str, Callable[[Reader], Node]] = {
    "start": parse_start,
    "end": parse_end,
    "conversation": parse_conversation,
    "permissions": parse_permissions,
    "enter_email": parse_enter_email,
    "two_factor_email": partial(parse_two_factor, channel="email"),
    "two_factor_sms": partial(parse_two_factor, channel="sms"),
    "liveness_detection": parse_liveness,
    "face_scan": parse_face_scan,
    "face_compare": parse_face_compare,
    "recognition": parse_recognition,
    "age_estimation": parse_age_estimation,
    "document_scan": parse_document_scan,
    "data_validation": parse_data_validation,
    "external_call": parse_external_call,
    "field_condition": parse_field_condition,
    "two_factor": parse_two_factor_legacy,
    "email_verification": parse_email_verification,
    "sms_verification": parse_sms_verification,
}
_DESIGNER_FIELDS = (
    "position", "label", "name", "width", "height", "selected", "dragging", "measured", "positionAbsolute",
)  # fmt: skip
_WRAPPERS = ("config", "data")


@dataclass(frozen=True, slots=True)
class ParsedNode:
    """A node, and where it came from."""

    path: str
    node: Node
    json: dict[str, Any]
    """Canonical form: generation G2, camelCase, what the author wrote and nothing more."""
    target_paths: tuple[str, ...]
    """Where each of the node's targets was given, in the order of ``node.targets``."""

    def target_path(self, index: int) -> str:
        """The JSON path at which the target with this index was given."""
        return self.target_paths[index] if index < len(self.target_paths) else self.path


@dataclass(frozen=True, slots=True)
class ParsedFlow:
    """A flow read node by node."""

    submission: Submission
    nodes: list[ParsedNode]
    notes: Notes = field(default_factory=Notes)


def parse_flow(flow: Any, *, lenient: bool = False) -> ParsedFlow:
    """Read a flow in any accepted shape. Never raises; what is wrong is in ``notes``."""
    notes = Notes(lenient)
    submission = read_shape(flow, notes)
    nodes: list[ParsedNode] = []
    if len(submission.items) > NODE_LIMIT:
        message = f"the flow has {len(submission.items)} nodes; at most {NODE_LIMIT} are allowed"
        notes.refuse(submission.path, "length", message)
        return ParsedFlow(submission, nodes, notes)
    for index, item in enumerate(submission.items):
        path = at(submission.path, index)
        if isinstance(item, dict):
            node = _parse_item(item, path, submission, notes)
            nodes += [node] if node is not None else []
        else:
            notes.refuse(path, "field_type", f"a node must be an object, not {kind(item)}")
    return ParsedFlow(submission, nodes, notes)


def _parse_item(item: Mapping[str, Any], path: str, submission: Submission, notes: Notes) -> ParsedNode | None:
    reader = Reader(item, path, notes, submission.edges)
    node_id = reader.node_id = reader.text("id", limit=ID_LIMIT)
    reader.owner = f"node '{node_id}'"
    written = reader.text("type", limit=ID_LIMIT)
    node_type = LEGACY_NAMES.get(written, written)
    parser = _PARSERS.get(node_type)
    if parser is None:
        if node_type:
            reader.refuse("type", "known_type", f"unknown node type '{written}'{notes.hint(written, NODE_TYPES)}")
        return None
    reader.unwrap(*_WRAPPERS)
    reader.ignore(_DESIGNER_FIELDS, "it is only for drawing")
    node = parser(reader)
    json = reader.finish()
    return ParsedNode(path, node, json, tuple(reader.target_paths)) if node_id else None
