"""What staff without ``see_contact`` get to see instead: values hidden, everything that explains an outcome kept.

Reports are masked by a list of what stays, so that a member that somebody adds later is hidden until it is named here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

HIDDEN = "•••"

_SHORTEST_VALUE = 3
"""Characters of a value that is looked for in what was said; shorter ones would hit every other word."""

_DIGIT_WORD = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|[0-9])"
_IN_TEXT = re.compile(
    "|".join(
        (
            r"(?<![^\s@,;<>\"'])[^\s@,;<>\"']+@[^\s@,;<>\"']+",
            # As it is said aloud, and as speech recognition writes it down.
            r"(?<!\S)\S+(?:\s+(?:dot|underscore|dash|plus)\s+\S+){0,8}\s+at\s+\S+(?:\s+(?:dot|dash)\s+\S+){1,8}",
            rf"\b{_DIGIT_WORD}(?:[\s,.-]+{_DIGIT_WORD}){{3,}}\b",
            # Five digits or more, however they are grouped: phone numbers, dates of birth, codes.
            r"[+(]?\d(?:[\s()./-]{0,2}\d){4,}",
            # Letters and digits in one word: numbers of documents.
            r"(?<![a-z0-9-])(?=(?:[a-z0-9-]*?\d){3})(?=[a-z0-9-]*[a-z])[a-z0-9-]{5,}",
        )
    ),
    re.IGNORECASE,
)

_REPORT = frozenset(
    {"lang", "isVerified", "livenessDetected", "verdict", "notChecked", "turns", "flags", "consent", "agents", "review"}
    | {"device"}
)
_NODE_REPORT = frozenset(
    {"type", "nodeId", "createdAt", "outcome", "matchedRuleIndex", "inconclusiveReason", "captureStatus", "notChecked"}
)
_EVIDENCE = frozenset(
    {"outcome", "confidence", "evaluator", "milliseconds", "forced", "by", "reason", "channel", "sends", "attempts"}
    | {"status", "calls", "action", "passed", "provenBy", "verdict", "readBack", "capture", "identification", "score"}
    | {"reasons", "cues", "challenges", "frames", "seconds", "policy", "engines", "attributes", "similarity", "margin"}
    | {"similarityThreshold", "ageLimit", "enrolled", "consent", "machineReadable", "complete", "sides", "problems"}
)
_NODE_VALUES = frozenset({"similarity", "error"})
"""Of what a node read: what is no value of a person's."""


def mask_reference(reference: str) -> str:
    """A client reference, which may be an e-mail address or a customer's number; an empty one stays empty."""
    return HIDDEN if reference else ""


def mask_text(text: str, values: Iterable[str] = ()) -> str:
    """Running text without e-mail addresses, phone and document numbers, and without these ``values``."""
    for value in sorted({value for value in values if len(value) >= _SHORTEST_VALUE}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, text, flags=re.IGNORECASE)
    return _IN_TEXT.sub(HIDDEN, text)


def mask_report(report: Mapping[str, Any]) -> dict[str, Any]:
    """A report (docs/report.md) with outcomes, evidence and verdict, but no values that were said, read or given."""
    values = tuple(_values(report))
    masked: dict[str, Any] = {}
    for name, member in report.items():
        if name in _REPORT:
            masked[name] = _masked_texts(member, values)
        elif name == "transcript":
            masked[name] = [phrase | {"text": mask_text(str(phrase.get("text", "")), values)} for phrase in member]
        elif name == "nodeReports":
            masked[name] = [_mask_node(node, values) for node in member]
        elif name == "aiAnalysis":
            masked[name] = _masked_texts(member, values)
        else:
            masked[name] = _hidden(member)
    return masked


def _mask_node(node: Mapping[str, Any], values: tuple[str, ...]) -> dict[str, Any]:
    masked: dict[str, Any] = {}
    for name, member in node.items():
        if name in _NODE_REPORT:
            masked[name] = member
        elif name == "evidence" and isinstance(member, Mapping):
            masked[name] = {
                key: _masked_texts(value, values) if key in _EVIDENCE | {"quote"} else _hidden(value)
                for key, value in member.items()
            }
        else:
            masked[name] = _hidden(member)
    return masked


def _hidden(member: Any) -> Any:
    """The shape, and what is true or false, without any value."""
    if isinstance(member, Mapping):
        return {name: value if name in _NODE_VALUES else _hidden(value) for name, value in member.items()}
    if isinstance(member, list | tuple):
        return [_hidden(item) for item in member]
    return member if member is None or isinstance(member, bool) or member == "" else HIDDEN


def _masked_texts(member: Any, values: tuple[str, ...]) -> Any:
    if isinstance(member, Mapping):
        return {name: _masked_texts(value, values) for name, value in member.items()}
    if isinstance(member, list | tuple):
        return [_masked_texts(item, values) for item in member]
    return mask_text(member, values) if isinstance(member, str) else member


def _values(report: Mapping[str, Any]) -> Iterator[str]:
    """Every text that was read of the person: it may also have been said."""
    yield from _texts(report.get("extractedData"))
    for node in report.get("nodeReports", ()):
        yield from _texts(node.get("report"))
        yield from _texts(node.get("corrections"))


def _texts(member: Any) -> Iterator[str]:
    if isinstance(member, Mapping):
        for value in member.values():
            yield from _texts(value)
    elif isinstance(member, list | tuple):
        for value in member:
            yield from _texts(value)
    elif isinstance(member, str):
        yield member
