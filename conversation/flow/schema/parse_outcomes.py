"""The two kinds of outcomes: a map with keys given by the node's type, and an ordered list of conditions."""

from collections.abc import Mapping, Sequence

from conversation.flow.nodes import PROMPT_LIMIT, Outcome, OutcomeKey
from conversation.flow.schema.reader import ID_LIMIT, Reader


def read_outcome_map(
    reader: Reader,
    keys: Sequence[OutcomeKey],
    *,
    older: Mapping[str, tuple[str, ...]] | None = None,
    fill: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Outcome key as the author spelled it → id of the next node.

    ``older``: further spellings of a key, which become the key itself; ``fill``: missing key → the key whose target
    it gets, which is reported as a repair.
    """
    named = {name for edge in reader.edges.leaving(reader.node_id) for name in edge.names}
    inner = reader.inner("outcomes", required=not named, rule="complete_outcomes")
    if inner is None:
        if reader.has("outcomes") or not named:
            return {}
        inner = reader.child({}, f"{reader.path}.outcomes")
    outcomes: dict[str, str] = {}
    missing: list[OutcomeKey] = []
    used: set[str] = set()
    for key in keys:
        old = (older or {}).get(key.name, ())
        spellings = (key.name, *key.aliases, *old)
        spelling = next((name for name in spellings if inner.has(name)), "")
        if spelling or not named.isdisjoint(spellings):
            used.add(spelling)
            name = key.name if spelling in old or not spelling else spelling
            outcomes[name] = inner.target(spelling or key.name, spellings)
        elif key.required or key.name in (fill or {}):
            missing.append(key)
    for key in missing:
        _fill(inner, key, outcomes, fill or {})
    unused = [name for names in (older or {}).values() for name in names if name not in used]
    inner.ignore(unused, "another outcome took its place")
    for key in keys:
        inner.find(key.name)
    inner.finish()
    reader.kept["outcomes"] = outcomes
    return outcomes


def _fill(inner: Reader, key: OutcomeKey, outcomes: dict[str, str], fill: Mapping[str, str]) -> None:
    source = fill.get(key.name, "")
    target = outcomes.get(source)
    if target:
        outcomes[key.name] = target
        inner.target_paths.append(inner.find(source)[0])
        inner.notes.repair(inner.node_id, key.name, source, target)
    elif key.required:
        message = f"outcome '{key.name}' is missing; say which node follows then"
        inner.refuse(key.name, "complete_outcomes", message)


def read_outcome_list(reader: Reader) -> tuple[Outcome, ...]:
    """Ordered conditions, named ``outcomes`` or, in older flows, ``transitions``."""
    field = "transitions" if reader.has("transitions") and not reader.has("outcomes") else "outcomes"
    if not reader.has(field):
        return _from_edges(reader)
    entries = reader.entries(field, "an outcome")
    if reader.find(field)[1] == []:
        reader.refuse(field, "complete_outcomes", f"'{field}' is empty: say where the flow goes from here")
    outcomes: list[Outcome] = []
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        outcome = _entry(entry, index, only=len(entries) == 1)
        if outcome.id and outcome.id in seen:
            entry.refuse("id", "unique_ids", f"outcome id '{outcome.id}' is used twice in this node")
        seen.add(outcome.id)
        outcomes.append(outcome)
    _keep(reader, outcomes, field)
    return tuple(outcomes)


def _entry(entry: Reader, index: int, *, only: bool) -> Outcome:
    outcome_id = entry.text("id", limit=ID_LIMIT)
    condition = entry.text("condition", required=False, limit=PROMPT_LIMIT)
    alias = outcome_id if entry.edges.given else ""
    target = entry.target("targetNodeId", (outcome_id, condition), alias=alias, place=index)
    if not entry.has("condition") and not (only and entry.edges.given):
        entry.refuse("condition", "required_field", "'condition' is missing; an empty string means always")
    entry.finish()
    return Outcome(outcome_id, target, condition)


def _from_edges(reader: Reader) -> tuple[Outcome, ...]:
    """Outcomes of a node that lost them: the vendor's Python SDK drops what it does not know, and keeps the edges."""
    reader.find("outcomes")
    edges = reader.edges.leaving(reader.node_id)
    if not edges:
        message = "'outcomes' is missing: say where the flow goes from here"
        reader.refuse("outcomes", "complete_outcomes", message)
        return ()
    if len(edges) > 1 and sum(not edge.condition for edge in edges) > 1:
        message = "several edges leave this node and none says when it applies; give the node 'outcomes'"
        reader.refuse("outcomes", "complete_outcomes", message)
    outcomes: list[Outcome] = []
    for index, edge in enumerate(edges):
        free = edge.id and all(edge.id != outcome.id for outcome in outcomes)
        outcomes.append(Outcome(edge.id if free else f"edge_{index + 1}", edge.target, edge.condition))
        reader.target_paths.append(f"{edge.path}.target")
    _keep(reader, outcomes, "outcomes")
    return tuple(outcomes)


def _keep(reader: Reader, outcomes: Sequence[Outcome], field: str) -> None:
    name = field if reader.kept.get("type") == "data_validation" else "outcomes"
    reader.kept.pop(field, None)
    reader.kept[name] = [{"id": o.id, "targetNodeId": o.target, "condition": o.condition} for o in outcomes]
