"""A layered drawing of a flow (Sugiyama et al., 1981): layers by longest path, order by barycentres, then coordinates.

Lengths are CSS pixels; x grows to the right, y downwards.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conversation.flow.graph import FlowGraph

NODE_WIDTH = 190.0
NODE_HEIGHT = 64.0
GAP_X = 36.0
GAP_Y = 74.0
MARGIN = 24.0
BEND_LIMIT = 20_000
"""Most places at which long lines pass other nodes."""
_BEND_WIDTH = 26.0
_SWEEPS = 8

Point = tuple[float, float]


class DrawingError(ValueError):
    """A flow that makes no readable picture; the text says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line from a node to a node below, with all outcomes that take it."""

    source: str
    target: str
    labels: tuple[str, ...]
    points: tuple[Point, ...]
    """From the lower edge of the source to the upper edge of the target."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is drawn."""

    width: float
    height: float
    centres: Mapping[str, Point]
    """Node id → the middle of its box."""
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class _Bend:
    """A place in a layer that a long line passes."""

    source: str
    target: str
    layer: int


_Item = str | _Bend


def lay_out(graph: FlowGraph) -> Layout:
    """Lay out a flow. Raises DrawingError when its lines pass too many nodes."""
    layer_of = _layers(graph)
    spans = (layer_of[target] - layer_of[node.id] for node in graph.nodes.values() for _, target in node.targets)
    if sum(spans) > BEND_LIMIT:
        raise DrawingError("the flow has too many long lines for a picture")
    rows, ways = _rows(graph, layer_of)
    above, below = _neighbours(ways)
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else rows[::-1]:
            _sort(row, rows, layer_of, above if down else below)
    xs, width = _coordinates(rows, above, below)
    centres = {
        node_id: (xs[node_id], MARGIN + layer * (NODE_HEIGHT + GAP_Y) + NODE_HEIGHT / 2)
        for node_id, layer in layer_of.items()
    }
    lines = [_line(graph, way, xs, centres) for way in ways]
    height = 2 * MARGIN + len(rows) * NODE_HEIGHT + (len(rows) - 1) * GAP_Y
    return Layout(width, height, centres, lines)


def _layers(graph: FlowGraph) -> dict[str, int]:
    """Longest path from the start, in steps."""
    layer_of = dict.fromkeys(graph.nodes, 0)
    for node in graph.in_order():
        for _, target in node.targets:
            layer_of[target] = max(layer_of[target], layer_of[node.id] + 1)
    return layer_of


def _rows(graph: FlowGraph, layer_of: Mapping[str, int]) -> tuple[list[list[_Item]], list[list[_Item]]]:
    """What stands in each layer, and each line as the items that it passes."""
    rows: list[list[_Item]] = [[] for _ in range(max(layer_of.values()) + 1)]
    ways: list[list[_Item]] = []
    for node in graph.in_order():
        rows[layer_of[node.id]].append(node.id)
        for target in dict.fromkeys(target for _, target in node.targets):
            bends = [_Bend(node.id, target, layer) for layer in range(layer_of[node.id] + 1, layer_of[target])]
            for bend in bends:
                rows[bend.layer].append(bend)
            ways.append([node.id, *bends, target])
    return rows, ways


def _neighbours(ways: Sequence[Sequence[_Item]]) -> tuple[dict[_Item, list[_Item]], dict[_Item, list[_Item]]]:
    above: dict[_Item, list[_Item]] = {}
    below: dict[_Item, list[_Item]] = {}
    for way in ways:
        for upper, lower in itertools.pairwise(way):
            above.setdefault(lower, []).append(upper)
            below.setdefault(upper, []).append(lower)
    return above, below


def _sort(
    row: list[_Item],
    rows: Sequence[list[_Item]],
    layer_of: Mapping[str, int],
    neighbours: Mapping[_Item, Sequence[_Item]],
) -> None:
    """Order a layer by the mean place of each item's neighbours, which leaves few lines crossing."""

    def layer(item: _Item) -> int:
        return item.layer if isinstance(item, _Bend) else layer_of[item]

    own = {item: place for place, item in enumerate(row)}
    near = {layer(neighbour) for item in row for neighbour in neighbours.get(item, ())}
    place_of = {item: place / len(rows[index]) for index in near for place, item in enumerate(rows[index])}

    def barycentre(item: _Item) -> float:
        places = [place_of[neighbour] for neighbour in neighbours.get(item, ())]
        return sum(places) / len(places) if places else own[item] / len(row)

    row[:] = sorted(row, key=lambda item: (barycentre(item), own[item]))


def _coordinates(
    rows: Sequence[Sequence[_Item]],
    above: Mapping[_Item, Sequence[_Item]],
    below: Mapping[_Item, Sequence[_Item]],
) -> tuple[dict[_Item, float], float]:
    """Middles of all items: packed first, then pulled towards their neighbours without overlapping."""
    xs: dict[_Item, float] = {}
    widest = max(sum(_width(item) + GAP_X for item in row) for row in rows)
    for row in rows:
        x = MARGIN + (widest - sum(_width(item) + GAP_X for item in row)) / 2
        for item in row:
            xs[item] = x + _width(item) / 2
            x += _width(item) + GAP_X
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        for row in rows if down else rows[::-1]:
            _pull(row, xs, above if down else below)
    left = min(xs[row[0]] - _width(row[0]) / 2 for row in rows)
    xs = {item: x - left + MARGIN for item, x in xs.items()}
    return xs, max(xs[row[-1]] + _width(row[-1]) / 2 for row in rows) + MARGIN


def _pull(row: Sequence[_Item], xs: dict[_Item, float], neighbours: Mapping[_Item, Sequence[_Item]]) -> None:
    wanted = {
        item: sum(xs[near] for near in neighbours[item]) / len(neighbours[item]) if item in neighbours else xs[item]
        for item in row
    }
    from_left = _spread(row, wanted)
    from_right = _spread(row[::-1], {item: -x for item, x in wanted.items()})
    for item in row:
        xs[item] = (from_left[item] - from_right[item]) / 2


def _spread(row: Sequence[_Item], wanted: Mapping[_Item, float]) -> dict[_Item, float]:
    """Each item as near to where it wants to be as what stands before it allows."""
    placed: dict[_Item, float] = {}
    edge = float("-inf")
    for item in row:
        placed[item] = max(wanted[item], edge + _width(item) / 2)
        edge = placed[item] + _width(item) / 2 + GAP_X
    return placed


def _line(graph: FlowGraph, way: Sequence[_Item], xs: Mapping[_Item, float], centres: Mapping[str, Point]) -> Line:
    source, target = str(way[0]), str(way[-1])
    (from_x, from_y), (to_x, to_y) = centres[source], centres[target]
    points: list[Point] = [(from_x, from_y + NODE_HEIGHT / 2)]
    for item in way[1:-1]:
        if isinstance(item, _Bend):
            top = MARGIN + item.layer * (NODE_HEIGHT + GAP_Y)
            points += [(xs[item], top), (xs[item], top + NODE_HEIGHT)]
    points.append((to_x, to_y - NODE_HEIGHT / 2))
    labels = tuple(key for key, end in graph.nodes[source].targets if end == target)
    return Line(source, target, labels, tuple(points))


def _width(item: _Item) -> float:
    return _BEND_WIDTH if isinstance(item, _Bend) else NODE_WIDTH
