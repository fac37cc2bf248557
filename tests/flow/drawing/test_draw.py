"""A flow's picture: whole, escaped, without overlaps, and refused when it would help nobody."""

import itertools
from typing import Any
from xml.etree import ElementTree

import pytest

from conversation.flow.drawing.draw import DRAW_LIMIT, draw_flow
from conversation.flow.drawing.layout import NODE_HEIGHT, NODE_WIDTH, DrawingError, lay_out
from conversation.flow.graph import FlowGraph, build_graph
from conversation.flow.schema.modules import MODULE_TYPES, compile_modules
from tests.scores.flows import conversation, name_flow

SVG = "{http://www.w3.org/2000/svg}"


def every_kind() -> FlowGraph:
    """All legacy modules, a call and a rule: every shape."""
    settings: dict[str, dict[str, Any]] = {
        "ageEstimation": {"age": 18},
        "proofOfIntent": {"requestedData": [{"key": "pay"}]},
    }
    nodes = compile_modules([{"type": name} | settings.get(name, {}) for name in MODULE_TYPES]).nodes
    first = nodes[0]["outcome"]
    nodes[0]["outcome"] = "call"
    rule = {"left": {"source": "providedData", "field": "tier"}, "operator": "exists", "outcome": first}
    return build_graph(
        [
            *nodes,
            {"id": "call", "type": "external_call", "request": {"url": "https://example.org/a"}, "outcome": "rule"},
            {"id": "rule", "type": "field_condition", "rules": [rule], "default": first},
        ]
    )


def chain(count: int, *, hub: bool = False) -> FlowGraph:
    """A line of conversations; with ``hub`` each may also go straight to the end."""
    nodes: list[dict[str, Any]] = [{"id": "start", "type": "start", "outcome": "n0"}]
    for index in range(count):
        ways = [("a", f"n{index + 1}", "yes"), ("b", f"n{count}", "no")]
        nodes.append(conversation(f"n{index}", "Say: hi", *ways[: 2 if hub else 1]))
    return build_graph([*nodes, {"id": f"n{count}", "type": "end"}])


def test_every_node_and_line_is_there_with_its_title() -> None:
    graph = every_kind()
    root = ElementTree.fromstring(draw_flow(graph, title="All modules"))
    assert root.find(f"{SVG}title") is not None
    titles = [str(element.text) for element in root.iter(f"{SVG}title")]
    for node in graph.nodes.values():
        assert any(title.startswith(f"{node.id} ({node.type})") for title in titles)
        for _, target in node.targets:
            assert any(title.startswith(f"{node.id} to {target}: ") for title in titles)
    shapes = {element.get("class") for element in root.iter() if "box" in str(element.get("class"))}
    assert shapes == {f"box {kind}" for kind in ("edge", "talk", "form", "branch", "call", "look")}


def test_no_two_boxes_overlap_and_lines_run_downwards() -> None:
    graph = every_kind()
    layout = lay_out(graph)
    for (_, (ax, ay)), (_, (bx, by)) in itertools.combinations(layout.centres.items(), 2):
        assert abs(ax - bx) >= NODE_WIDTH - 0.01 or abs(ay - by) >= NODE_HEIGHT - 0.01
    for x, y in layout.centres.values():
        assert NODE_WIDTH / 2 <= x <= layout.width - NODE_WIDTH / 2
        assert NODE_HEIGHT / 2 <= y <= layout.height - NODE_HEIGHT / 2
    for line in layout.lines:
        heights = [y for _, y in line.points]
        assert heights == sorted(heights)
        assert heights[0] < heights[-1]


def test_lines_of_a_small_flow_do_not_cross() -> None:
    layout = lay_out(build_graph(name_flow()))
    straight = [(line.points[0], line.points[-1]) for line in layout.lines]
    for ((ax, ay), (bx, by)), ((cx, cy), (dx, dy)) in itertools.combinations(straight, 2):
        if (ay, by) == (cy, dy):
            assert (ax - cx) * (bx - dx) >= 0


def test_text_from_authors_is_escaped() -> None:
    nasty = "<script>&\"'</style>]]>"
    flow = [
        {"id": "start", "type": "start", "outcome": nasty},
        conversation(nasty, f"Say: {nasty} \x07", (nasty, "end", "")),
        {"id": "end", "type": "end"},
    ]
    text = draw_flow(build_graph(flow), title=nasty)
    root = ElementTree.fromstring(text)
    assert "<script" not in text
    assert any(str(element.text).startswith(nasty) for element in root.iter(f"{SVG}title"))


def test_it_reads_in_the_dark() -> None:
    assert "prefers-color-scheme: dark" in draw_flow(build_graph(name_flow()))


def test_what_is_too_large_is_refused_with_a_reason() -> None:
    assert draw_flow(chain(DRAW_LIMIT - 2))
    with pytest.raises(DrawingError, match="402 nodes"):
        draw_flow(chain(DRAW_LIMIT))
    with pytest.raises(DrawingError, match="long lines"):
        draw_flow(chain(DRAW_LIMIT - 2, hub=True))
