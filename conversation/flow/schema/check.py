"""The verdict on a submitted flow: its canonical form, or every reason to refuse it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from conversation.flow.graph import FlowGraph
from conversation.flow.schema.lint import find_advice
from conversation.flow.schema.parse import parse_flow
from conversation.flow.schema.problems import PROBLEM_LIMIT, Advice, Problem
from conversation.flow.schema.validate import find_problems, unreached


@dataclass(frozen=True, slots=True)
class FlowCheck:
    """What ``check_flow`` found."""

    nodes: list[dict[str, Any]]
    """The flow in canonical form; empty when there are problems."""
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    """Sentences about what is allowed but looks unwise, each behind the name of its rule: ``[farewell] node …``."""
    normalizations: tuple[dict[str, str], ...] = ()
    """Repairs, each ``{nodeId, outcome, filledWith}``."""


def check_flow(flow: Any, *, lenient: bool = False, provided: Collection[str] | None = None) -> FlowCheck:
    """Judge a flow given as JSON, in any accepted shape. Never raises.

    ``lenient``: unknown fields and unreachable nodes are left out with a warning instead of refused.
    ``provided``: names of the data that the session brings, when they are known; a prompt that asks for anything else
    is warned about.
    """
    parsed = parse_flow(flow, lenient=lenient)
    problems = list(dict.fromkeys([*parsed.notes.problems, *find_problems(parsed)]))
    nodes, advice = {item.node.id: item for item in parsed.nodes}, parsed.notes.advice
    if lenient and all(problem.rule == "reachable" for problem in problems):
        for item in unreached(nodes):
            del nodes[item.node.id]
            advice.append(Advice("reachable", f"no path leads to node '{item.node.id}', so it was left out"))
        problems = []
    if problems:
        return FlowCheck([], _limited(problems, parsed.submission.path), ())
    advice += find_advice(FlowGraph({node_id: item.node for node_id, item in nodes.items()}), provided)
    repairs = tuple(repair for repair in parsed.notes.normalizations if repair["nodeId"] in nodes)
    return FlowCheck([item.json for item in nodes.values()], (), _sentences(advice), repairs)


def _limited(problems: list[Problem], root: str) -> tuple[Problem, ...]:
    more = len(problems) - PROBLEM_LIMIT
    if more <= 0:
        return tuple(problems)
    rest = Problem(root, "more_problems", f"and {more} more problems, which are shown once these are solved")
    return (*problems[:PROBLEM_LIMIT], rest)


def _sentences(advice: list[Advice]) -> tuple[str, ...]:
    sentences = list(dict.fromkeys(str(item) for item in advice))
    more = len(sentences) - PROBLEM_LIMIT
    return (*sentences[:PROBLEM_LIMIT], f"[more_warnings] and {more} more warnings") if more > 0 else tuple(sentences)
