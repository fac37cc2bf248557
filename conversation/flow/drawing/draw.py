"""A flow as a picture: SVG that stands alone, reads in light and dark, and tells screen readers what it shows."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from conversation.flow.drawing.layout import NODE_HEIGHT, NODE_WIDTH, DrawingError, Layout, Line, Point, lay_out
from conversation.flow.graph import FlowGraph
from conversation.flow.nodes import (
    ConversationNode,
    DataValidationNode,
    EndNode,
    ExternalCallNode,
    FieldConditionNode,
    Node,
)

DRAW_LIMIT = 400
"""Most nodes in a picture; nobody finds the way in a larger one."""

_ID_CHARACTERS = 24
_TEXT_CHARACTERS = 25
_LABEL_CHARACTERS = 26
_HALF_CHARACTER = 3.0
"""About half the width of a letter of a label."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_KINDS: Mapping[str, str] = {
    "start": "edge", "end": "edge", "conversation": "talk", "permissions": "form", "enter_email": "form",
    "two_factor_email": "form", "two_factor_sms": "form", "data_validation": "branch", "field_condition": "branch",
    "external_call": "call",
}  # fmt: skip
_STYLE = """
:root { color-scheme: light dark; }
svg { --paper: #fff; --ink: #16202c; --faint: #5a6675; --line: #7a8694; --edge: #dfe5ec; --talk: #e3efff;
  --form: #e6f6e8; --branch: #fff2d9; --call: #f0e8fb; --look: #ffe6e3; background: var(--paper); }
@media (prefers-color-scheme: dark) { svg { --paper: #12171d; --ink: #eef2f6; --faint: #a5b0bd; --line: #8491a0;
  --edge: #2b3540; --talk: #17314f; --form: #17381f; --branch: #443312; --call: #33234a; --look: #4a211d; } }
text { font: 12px system-ui, sans-serif; fill: var(--ink); }
.name { font-weight: 600; font-size: 13px; }
.type, .label { fill: var(--faint); font-size: 11px; }
.label { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.box { stroke: var(--line); stroke-width: 1.2; }
.edge { fill: var(--edge); } .talk { fill: var(--talk); } .form { fill: var(--form); }
.branch { fill: var(--branch); } .call { fill: var(--call); } .look { fill: var(--look); }
.line { fill: none; stroke: var(--line); stroke-width: 1.4; } .tip { fill: var(--line); }
"""


def draw_flow(graph: FlowGraph, title: str = "Flow") -> str:
    """The flow as SVG text. Raises DrawingError when it is too large."""
    if len(graph.nodes) > DRAW_LIMIT:
        raise DrawingError(f"the flow has {len(graph.nodes)} nodes; a picture of more than {DRAW_LIMIT} helps nobody")
    layout = lay_out(graph)
    described = f"{len(graph.nodes)} nodes, from {graph.start.id} to " + ", ".join(
        node.id for node in graph.nodes.values() if isinstance(node, EndNode)
    )
    size = f'width="{layout.width:.0f}" height="{layout.height:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" '
            'role="img" aria-labelledby="flow-title flow-text">',
            f'<title id="flow-title">{_text(title)}</title>',
            f'<desc id="flow-text">{_text(described)}</desc>',
            f"<style>{_STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
            '<path class="tip" d="M0 0 8 4 0 8z"/></marker></defs>',
            *(_draw_line(line) for line in layout.lines),
            *(_draw_node(node, layout.centres[node.id]) for node in graph.nodes.values()),
            *_labels(layout),
            "</svg>",
            "",
        ]
    )


def _draw_node(node: Node, centre: Point) -> str:
    x, y = centre
    kind = _KINDS.get(node.type, "look")
    note = _note(node)
    lines = [(node.id, "name", _ID_CHARACTERS), (node.type.replace("_", " "), "type", _TEXT_CHARACTERS)]
    if note:
        lines.append((note, "", _TEXT_CHARACTERS))
    top = y - 8 * (len(lines) - 1) + 4
    texts = "".join(_words(_short(text, most), name, x, top + 16 * row) for row, (text, name, most) in enumerate(lines))
    whole = f"{node.id} ({node.type})" + (f": {note}" if note else "")
    return f"<g><title>{_text(whole)}</title>{_shape(kind, x, y)}{texts}</g>"


def _shape(kind: str, x: float, y: float) -> str:
    """Each kind has a shape of its own, so that colour is not needed to tell them apart."""
    left, right, top, bottom = x - NODE_WIDTH / 2, x + NODE_WIDTH / 2, y - NODE_HEIGHT / 2, y + NODE_HEIGHT / 2
    corners: list[Point] = []
    match kind:
        case "branch":
            corners = [
                (left, y),
                (left + 22, top),
                (right - 22, top),
                (right, y),
                (right - 22, bottom),
                (left + 22, bottom),
            ]
        case "call":
            corners = [(left + 16, top), (right, top), (right - 16, bottom), (left, bottom)]
        case "look":
            corners = [(left + 12, top), (right - 12, top), (right, top + 12), (right, bottom - 12),
                       (right - 12, bottom), (left + 12, bottom), (left, bottom - 12), (left, top + 12)]  # fmt: skip
    if corners:
        points = " ".join(f"{cx:.1f},{cy:.1f}" for cx, cy in corners)
        return f'<polygon class="box {kind}" points="{points}"/>'
    radius = {"edge": NODE_HEIGHT / 2, "talk": 14.0}.get(kind, 3.0)
    return (
        f'<rect class="box {kind}" x="{left:.1f}" y="{top:.1f}" width="{NODE_WIDTH:.1f}" height="{NODE_HEIGHT:.1f}" '
        f'rx="{radius:.1f}"/>'
    )


def _note(node: Node) -> str:
    match node:
        case ConversationNode():
            return " ".join(node.prompt.split())
        case DataValidationNode():
            value = "" if node.validation.value is None else f" {json.dumps(node.validation.value, ensure_ascii=False)}"
            return f"{node.validation.field} {node.validation.action.replace('_', ' ')}{value}"
        case FieldConditionNode():
            fields = ", ".join(dict.fromkeys(rule.left.field for rule in node.rules))
            return f"{len(node.rules)} {'rule' if len(node.rules) == 1 else 'rules'} on {fields}"
        case ExternalCallNode():
            return f"{node.request.method} {node.request.url}"
    return ""


def _draw_line(line: Line) -> str:
    (x, y), *rest = line.points
    path = f"M{x:.1f} {y:.1f}"
    for to_x, to_y in rest:
        if to_x == x:
            path += f"V{to_y:.1f}"
        else:
            middle = (y + to_y) / 2
            path += f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}"
        x, y = to_x, to_y
    whole = f"{line.source} to {line.target}: {', '.join(line.labels)}"
    return f'<path class="line" marker-end="url(#tip)" d="{path}"><title>{_text(whole)}</title></path>'


def _labels(layout: Layout) -> list[str]:
    """The outcomes on the lines of nodes with a choice; lines of one node are labelled at different heights."""
    leaving = Counter(line.source for line in layout.lines)
    seen: dict[str, int] = {}
    labels: list[str] = []
    for line in layout.lines:
        if leaving[line.source] == 1:
            continue
        step = seen[line.source] = seen.get(line.source, -1) + 1
        (x, y), (to_x, to_y) = line.points[:2]
        share = 0.4 + 0.18 * (step % 3)
        at_x, at_y = x + (to_x - x) * _bent(share), y + (to_y - y) * share
        text = _short(_outcomes(line.labels), _LABEL_CHARACTERS)
        half = len(text) * _HALF_CHARACTER
        labels.append(_words(text, "label", min(max(at_x, half), layout.width - half), at_y))
    return labels


def _words(text: str, name: str, x: float, y: float) -> str:
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{_text(text)}</text>'


def _outcomes(labels: Sequence[str]) -> str:
    return ", ".join(labels) if len(labels) < 3 else f"{labels[0]} + {len(labels) - 1} more"


def _bent(share: float) -> float:
    """How far to the side a line's curve is after this share of its height, about."""
    return share * share * (3 - 2 * share)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _text(text: str) -> str:
    return escape(_CONTROL.sub("\ufffd", text))
