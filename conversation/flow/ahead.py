"""Lines that may be spoken next. A flow is known in advance, so they can be synthesised before they are needed."""

from conversation.flow.behaviour import Context
from conversation.flow.behaviours.forms import spoken_prompt
from conversation.flow.behaviours.looking import announcement
from conversation.flow.behaviours.not_checked import skipped
from conversation.flow.nodes import (
    ConversationNode,
    DataValidationNode,
    EnterEmailNode,
    FieldConditionNode,
    Node,
    PermissionsNode,
)
from conversation.text.phrasing import phrase_goal, verbatim
from conversation.text.templates import fill

_LINE_LIMIT = 12
"""Lines at most; more would be worth less than the time that they take."""


def lines_ahead(context: Context, node_id: str) -> tuple[str, ...]:
    """Lines of the nodes that may follow, as far as they are known word for word.

    A node that takes no time is looked through.
    """
    lines: list[str] = []
    seen: set[str] = set()
    todo = list(context.graph.successors(node_id))
    while todo and len(lines) < _LINE_LIMIT:
        node = todo.pop(0)
        if node.id in seen:
            continue
        seen.add(node.id)
        if _instant(node, context.engine_version):
            todo += context.graph.successors(node.id)
        elif line := _line(node, context):
            lines.append(line)
    return tuple(lines)


def _instant(node: Node, engine_version: int) -> bool:
    return isinstance(node, DataValidationNode | FieldConditionNode) or skipped(node.type, engine_version)


def _line(node: Node, context: Context) -> str:
    match node:
        case ConversationNode():
            prompt = fill(node.prompt, context.variables)
            spoken = verbatim(prompt)
            if spoken is None and not context.policy.phrase_by_model:
                spoken = phrase_goal(prompt, 0, context.language, not node.does_not_require_reply)
            return spoken or ""
        case PermissionsNode() | EnterEmailNode():
            return spoken_prompt(node.prompt, context)
        case _:
            return announcement(node.type, context.language)
