"""Adding up sessions that have ended: counts, shares, and percentiles over time, nodes and causes (pure)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

import numpy as np

from rtc_server.storage.ports import Json, PathNode, SessionFacts, SessionResult

HOUR_MS = 3_600_000
RESULTS: tuple[SessionResult, ...] = get_args(SessionResult)
MAX_NODES = 80
"""Nodes that are listed, those with the most sessions; a chart of more is read by nobody."""

MAX_KEYS = 20
"""Entries of a list such as that of browsers; the rest counts as ``other``."""

MAX_COLUMNS = 72
"""Columns of a chart over time; a longer span gets wider columns."""

_COLUMN_HOURS = (1, 3, 6, 12, 24, 72, 168)


@dataclass(slots=True)
class _Node:
    """One node of one flow."""

    entered: int = 0
    left: int = 0
    ended: int = 0
    positions: int = 0
    seconds: list[float] = field(default_factory=list)


@dataclass(slots=True)
class _Way:
    """Sessions that took the same path through the same flow and came as far."""

    sessions: int = 0
    incomplete: int = 0
    seconds: list[Sequence[float]] = field(default_factory=list)


class FleetTally:
    """Fed with the facts of sessions that ended in a span; tells what they come to."""

    def __init__(self, from_ms: int, to_ms: int) -> None:
        self._from_ms = from_ms
        self._to_ms = to_ms
        self._column_ms = _column_ms(to_ms - from_ms)
        self._results: Counter[str] = Counter()
        self._columns: dict[int, Counter[str]] = {}
        self._answers: dict[int, list[float]] = {}
        self._seconds: list[float] = []
        self._ways: dict[tuple[str, tuple[PathNode, ...], int], _Way] = {}
        self._flows: Counter[str] = Counter()
        self._lists: dict[str, Counter[str]] = {
            name: Counter() for name in ("failures", "liveness", "languages", "browsers", "systems", "devices")
        }

    def add(self, facts: SessionFacts) -> None:
        """Count one session."""
        column = facts.finished_at - facts.finished_at % self._column_ms
        self._results[facts.result] += 1
        self._columns.setdefault(column, Counter())[facts.result] += 1
        self._answers.setdefault(column, []).extend(facts.answer_ms)
        self._lists["failures"].update(facts.failures)
        if facts.started_at is None:
            return
        self._seconds.append((facts.finished_at - facts.started_at) / 1000)
        self._flows[facts.flow_id] += 1
        way = self._ways.setdefault((facts.flow_id, facts.path, len(facts.node_seconds)), _Way())
        way.sessions += 1
        way.incomplete += facts.result == "incomplete"
        way.seconds.append(facts.node_seconds)
        if facts.liveness:
            self._lists["liveness"][facts.liveness] += 1
        for name, value in (("languages", facts.language), ("browsers", facts.browser), ("systems", facts.system)):
            self._lists[name][value or "unknown"] += 1
        self._lists["devices"][{True: "mobile", False: "desktop", None: "unknown"}[facts.mobile]] += 1

    def to_json(self) -> Json:
        """camelCase, times in Unix milliseconds, durations as their names say; shares are None without sessions."""
        complete = self._results["verified"] + self._results["unverified"]
        sessions = self._results.total()
        nodes = self._walked()
        answers = [value for values in self._answers.values() for value in values]
        return {
            "from": self._from_ms,
            "to": self._to_ms,
            "columnSeconds": self._column_ms // 1000,
            "sessions": sessions,
            "results": {name: self._results[name] for name in RESULTS},
            "completion": _share(complete, sessions - self._results["expired"]),
            "verification": _share(self._results["verified"], complete),
            "overTime": [{"at": at} | self._column(at) for at in self._moments()],
            "seconds": _percentiles(self._seconds),
            "answers": _percentiles(answers)
            | {
                "overTime": [
                    {"at": at} | _percentiles(self._answers[at]) for at in self._moments() if self._answers.get(at)
                ]
            },
            "nodes": self._listed_nodes(nodes),
            "otherNodes": max(0, len(nodes) - MAX_NODES),
        } | {name: _listed(counter) for name, counter in self._lists.items()}

    def _walked(self) -> dict[tuple[str, PathNode], _Node]:
        """All nodes of all flows, each with those who came by."""
        nodes: dict[tuple[str, PathNode], _Node] = {}
        for (flow_id, path, left), way in self._ways.items():
            columns = list(zip(*way.seconds, strict=True))
            for position, place in enumerate(path):
                node = nodes.setdefault((flow_id, place), _Node())
                node.entered += way.sessions
                node.positions += position * way.sessions
                if position < left:
                    node.left += way.sessions
                    node.seconds += columns[position]
                else:
                    node.ended += way.incomplete
        return nodes

    def _column(self, at: int) -> Json:
        counted = self._columns.get(at, Counter())
        return {name: counted[name] for name in RESULTS}

    def _moments(self) -> Sequence[int]:
        first = self._from_ms - self._from_ms % self._column_ms
        return range(first, self._to_ms, self._column_ms)

    def _listed_nodes(self, nodes: Mapping[tuple[str, PathNode], _Node]) -> list[Json]:
        """Flow by flow, the busiest first, and in the order in which sessions walk through them."""
        busiest = sorted(nodes.items(), key=lambda item: -item[1].entered)[:MAX_NODES]
        busiest.sort(key=lambda item: (-self._flows[item[0][0]], item[0][0], item[1].positions / item[1].entered))
        return [
            {
                "flowId": flow_id,
                "nodeId": place.node_id,
                "nodeType": place.node_type,
                "entered": node.entered,
                "left": node.left,
                "ended": node.ended,
                "seconds": _percentiles(node.seconds),
            }
            for (flow_id, place), node in busiest
        ]


def _column_ms(span_ms: int) -> int:
    hours = span_ms / HOUR_MS
    return HOUR_MS * next((width for width in _COLUMN_HOURS if hours / width <= MAX_COLUMNS), _COLUMN_HOURS[-1])


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _percentiles(values: Sequence[float]) -> Json:
    """Observed values, not ones between them (nearest rank)."""
    if not values:
        return {"count": 0, "p50": None, "p95": None}
    p50, p95 = np.percentile(np.asarray(values, np.float64), (50, 95), method="inverted_cdf")
    return {"count": len(values), "p50": round(float(p50), 1), "p95": round(float(p95), 1)}


def _listed(counter: Counter[str]) -> list[Json]:
    most = counter.most_common(MAX_KEYS)
    rest = counter.total() - sum(count for _, count in most)
    return [{"key": key, "count": count} for key, count in most] + ([{"key": "other", "count": rest}] if rest else [])
