"""What a synthetic caller says and what it expects of the call (pure but for reading the file); docs/call.md."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Kind = Literal["say", "type", "field", "wav", "silence"]
KINDS: tuple[Kind, ...] = ("say", "type", "field", "wav", "silence")
STATUSES = ("complete", "incomplete")
PERMISSIONS = ("granted", "denied")

CODE = "{code}"
"""In a typed answer: the one-time code that the sandbox put into its mailbox last."""

MAX_REPEATS = 2
"""How often the caller says its last answer again when it is asked once more and has no other."""


class ScriptError(ValueError):
    """A script that cannot be used; the text names the place and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the caller."""

    kind: Kind
    text: str = ""
    """Words to say, type or put into the field that is shown, or the path of a WAV file."""
    seconds: float = 0.0
    """How long to say nothing (``silence``)."""
    node: str = ""
    """Node that it answers; empty = whichever asks."""
    barge_in_after: float | None = None
    """Begin after so many seconds of the avatar's speech instead of waiting for its end."""
    expect_outcome: str = ""
    """Node that must follow the node where this was said."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What makes the call a success."""

    status: str = "complete"
    path: tuple[str, ...] = ()
    """Ids of the nodes in the order in which they were left; empty = any."""
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """By node: the node that must follow."""
    captions: tuple[str, ...] = ()
    """Words that the avatar or the caller's captions must contain, case ignored."""


@dataclass(frozen=True, slots=True)
class Script:
    """Answers and expectation."""

    answers: tuple[Answer, ...]
    expect: Expectation = field(default_factory=Expectation)
    permissions: Literal["granted", "denied"] = "granted"
    """What the caller's browser says when it is asked for camera and microphone."""

    def typed(self) -> "Script":
        """The same script with every spoken word typed."""
        answers = tuple(dataclasses.replace(a, kind="type") if a.kind == "say" else a for a in self.answers)
        return dataclasses.replace(self, answers=answers)


class Answers:
    """Chooses the next answer. Answers for the node that asks come first, then those for any node, each in order."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self._left = list(answers)
        self._last: Answer | None = None
        self._repeats = 0

    def next(self, node: str) -> Answer | None:
        """What to say to this node; None when the script has nothing left. ``given`` takes it off the list."""
        for_node = next((a for a in self._left if a.node == node), None)
        answer = for_node or next((a for a in self._left if not a.node), None)
        if answer is not None:
            return answer
        last = self._last
        may_repeat = last is not None and last.node in ("", node) and self._repeats < MAX_REPEATS
        return dataclasses.replace(last, barge_in_after=None) if last is not None and may_repeat else None

    def given(self, answer: Answer) -> None:
        """The answer was given."""
        if answer in self._left:
            self._left.remove(answer)
            self._repeats = 0
        else:
            self._repeats += 1
        self._last = answer


def read_script(file: Path) -> Script:
    """A script file. WAV paths in it are relative to the file. Raises ScriptError naming the file and the place."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ScriptError(f"script {file} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ScriptError(f"script {file} is not JSON: {error}") from error
    try:
        script = parse_script(data)
    except ScriptError as error:
        raise ScriptError(f"script {file}: {error}") from error
    answers = [dataclasses.replace(a, text=str(file.parent / a.text)) if a.kind == "wav" else a for a in script.answers]
    return dataclasses.replace(script, answers=tuple(answers))


def parse_script(data: Any) -> Script:
    """JSON to a script: a list of answers, or an object with ``answers``, ``expect`` and ``permissions``.

    Raises ScriptError.
    """
    if isinstance(data, list):
        data = {"answers": data}
    fields = _object(data, "the script", {"answers": list, "expect": dict, "permissions": str})
    if not fields.get("answers"):
        raise ScriptError("answers: must be a list with at least one answer")
    answers = tuple(_answer(item, f"answers[{index}]") for index, item in enumerate(fields["answers"]))
    permissions = fields.get("permissions", "granted")
    if permissions not in PERMISSIONS:
        raise ScriptError(f"permissions: must be {' or '.join(PERMISSIONS)}, not '{permissions}'")
    return Script(answers, _expectation(fields.get("expect", {})), "denied" if permissions == "denied" else "granted")


def _answer(data: Any, where: str) -> Answer:
    number = (int, float)
    fields = _object(
        data,
        where,
        {"say": str, "type": str, "field": str, "wav": str, "silence": number}
        | {"node": str, "bargeInAfter": number, "expectOutcome": str},
    )
    kinds = [kind for kind in KINDS if kind in fields]
    if len(kinds) != 1:
        raise ScriptError(f"{where}: needs exactly one of {', '.join(KINDS)}")
    kind = kinds[0]
    value = fields[kind]
    if not value or (kind == "silence" and value < 0):
        raise ScriptError(f"{where}.{kind}: must be {'more than zero' if kind == 'silence' else 'some text'}")
    barge_in_after = fields.get("bargeInAfter")
    if barge_in_after is not None and barge_in_after < 0:
        raise ScriptError(f"{where}.bargeInAfter: must not be negative")
    return Answer(
        kind,
        text="" if kind == "silence" else value,
        seconds=float(value) if kind == "silence" else 0.0,
        node=fields.get("node", ""),
        barge_in_after=barge_in_after,
        expect_outcome=fields.get("expectOutcome", ""),
    )


def _expectation(data: Any) -> Expectation:
    fields = _object(data, "expect", {"status": str, "path": list, "outcomes": dict, "captions": list})
    status = fields.get("status", "complete")
    if status not in STATUSES:
        raise ScriptError(f"expect.status: must be {' or '.join(STATUSES)}, not '{status}'")
    for name in ("path", "captions"):
        if not all(isinstance(item, str) for item in fields.get(name, [])):
            raise ScriptError(f"expect.{name}: must be a list of strings")
    outcomes = fields.get("outcomes", {})
    if not all(isinstance(target, str) for target in outcomes.values()):
        raise ScriptError("expect.outcomes: must name a node for each node")
    return Expectation(status, tuple(fields.get("path", ())), outcomes, tuple(fields.get("captions", ())))


def _object(data: Any, where: str, types: Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ScriptError(f"{where}: must be an object")
    for name, value in data.items():
        if name not in types:
            raise ScriptError(f"{where}: unknown field '{name}'; possible are {', '.join(types)}")
        if not isinstance(value, types[name]) or isinstance(value, bool):
            kind = {str: "text", list: "a list", dict: "an object"}.get(types[name], "a number")
            raise ScriptError(f"{where}.{name}: must be {kind}")
    return data
