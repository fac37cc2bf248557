"""A flow as submitted (JSON) to typed nodes, with every problem of shape; rules across nodes are in ``validate``."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conversation.flow.nodes import (
    NODE_TYPES,
    PROMPT_LIMIT,
    ConversationNode,
    EndNode,
    Node,
    Outcome,
    StartNode,
)
from conversation.flow.problems import Problem

NODE_LIMIT = 5_000
"""Most nodes in a flow."""


class _Reader:
    """Reads fields of one JSON object and notes what is wrong with them."""

    def __init__(self, data: Mapping[str, Any], path: str, problems: list[Problem]) -> None:
        self.data = data
        self.path = path
        self.problems = problems

    def report(self, field: str, rule: str, message: str) -> None:
        self.problems.append(Problem(f"{self.path}.{field}" if field else self.path, rule, message))

    def text(self, field: str, *, required: bool = True, limit: int = 1_000) -> str:
        value = self.data.get(field)
        if value is None:
            if required:
                self.report(field, "required_field", f"'{field}' is missing")
            return ""
        if not isinstance(value, str):
            self.report(field, "field_type", f"'{field}' must be a string, not {_kind(value)}")
            return ""
        if required and not value.strip():
            self.report(field, "required_field", f"'{field}' is empty")
        if len(value) > limit:
            self.report(field, "length", f"'{field}' has {len(value)} characters; at most {limit} are allowed")
            return ""
        return value

    def flag(self, field: str) -> bool:
        value = self.data.get(field)
        if value is None:
            return False
        if not isinstance(value, bool):
            self.report(field, "field_type", f"'{field}' must be true or false, not {_kind(value)}")
            return False
        return value

    def only(self, allowed: Iterable[str]) -> None:
        known = set(allowed)
        for field in self.data:
            if field not in known:
                near = difflib.get_close_matches(field, known, 1)
                hint = f"; did you mean '{near[0]}'?" if near else f"; known fields: {', '.join(sorted(known))}"
                self.report(field, "unknown_field", f"unknown field '{field}'{hint}")


def _kind(value: Any) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "null")


def _start(reader: _Reader, node_id: str) -> Node:
    reader.only(("id", "type", "outcome"))
    return StartNode(node_id, reader.text("outcome"))


def _end(reader: _Reader, node_id: str) -> Node:
    reader.only(("id", "type"))
    return EndNode(node_id)


def _conversation(reader: _Reader, node_id: str) -> Node:
    reader.only(("id", "type", "prompt", "outcomes", "doesNotRequireReply"))
    prompt = reader.text("prompt", limit=PROMPT_LIMIT)
    if prompt.strip().lower() == "say:":
        reader.report("prompt", "required_field", "nothing follows 'Say:'")
    outcomes = _outcomes(reader)
    return ConversationNode(node_id, prompt, outcomes, reader.flag("doesNotRequireReply"))


def _outcomes(reader: _Reader) -> tuple[Outcome, ...]:
    value = reader.data.get("outcomes")
    if value is None:
        reader.report("outcomes", "required_field", "'outcomes' is missing")
        return ()
    if not isinstance(value, list):
        reader.report("outcomes", "field_type", f"'outcomes' must be a list, not {_kind(value)}")
        return ()
    if not value:
        reader.report("outcomes", "complete_outcomes", "'outcomes' is empty: say where the flow goes from here")
    outcomes: list[Outcome] = []
    for index, item in enumerate(value):
        inner = _Reader(item if isinstance(item, dict) else {}, f"{reader.path}.outcomes[{index}]", reader.problems)
        if not isinstance(item, dict):
            inner.report("", "field_type", f"an outcome must be an object, not {_kind(item)}")
            continue
        inner.only(("id", "targetNodeId", "condition"))
        if "condition" not in item:
            inner.report("condition", "required_field", "'condition' is missing; an empty string means always")
        outcome = Outcome(
            inner.text("id"), inner.text("targetNodeId"), inner.text("condition", required=False, limit=PROMPT_LIMIT)
        )
        if outcome.id and any(o.id == outcome.id for o in outcomes):
            inner.report("id", "unique_ids", f"outcome id '{outcome.id}' is used twice in this node")
        outcomes.append(outcome)
    return tuple(outcomes)


_PARSERS: Mapping[str, Callable[[_Reader, str], Node]] = {"start": _start, "end": _end, "conversation": _conversation}


def parse_nodes(flow: Any, path: str = "flow") -> tuple[list[tuple[str, Node]], list[Problem]]:
    """JSON list of nodes to (path, node) pairs, with every problem of shape found on the way."""
    problems: list[Problem] = []
    nodes: list[tuple[str, Node]] = []
    if not isinstance(flow, list):
        return [], [Problem(path, "field_type", f"a flow must be a list of nodes, not {_kind(flow)}")]
    if not flow:
        return [], [Problem(path, "one_start", "the flow is empty; it needs at least a start and an end node")]
    if len(flow) > NODE_LIMIT:
        return [], [Problem(path, "length", f"the flow has {len(flow)} nodes; at most {NODE_LIMIT} are allowed")]
    for index, item in enumerate(flow):
        where = f"{path}[{index}]"
        if not isinstance(item, dict):
            problems.append(Problem(where, "field_type", f"a node must be an object, not {_kind(item)}"))
            continue
        reader = _Reader(item, where, problems)
        node_id = reader.text("id", limit=200)
        node_type = reader.text("type")
        if node_type in _PARSERS:
            nodes.append((where, _PARSERS[node_type](reader, node_id)))
        elif node_type in NODE_TYPES:
            reader.report("type", "unsupported_type", f"nodes of type '{node_type}' cannot be run by this version yet")
        elif node_type:
            near = difflib.get_close_matches(node_type, NODE_TYPES, 1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; known types: {', '.join(sorted(NODE_TYPES))}"
            reader.report("type", "known_type", f"unknown node type '{node_type}'{hint}")
    return nodes, problems
