"""What is wrong with a flow: every finding has a place, the name of the rule it breaks, and a sentence that helps."""

import difflib
import json
import re
from collections.abc import Collection
from dataclasses import dataclass, field

PROBLEM_LIMIT = 100
"""Most problems and most warnings in one answer."""
_HINT_LIMIT = 50
_PLAIN_KEY = re.compile(r"[A-Za-z_$][\w$-]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a flow."""

    path: str
    """JSON path from the flow's root, such as ``flow[2].outcomes[0].targetNodeId``, in what was submitted."""
    rule: str
    """Name of the broken rule, such as ``one_start`` or ``valid_references``."""
    message: str
    """What is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that is allowed and looks unwise."""

    rule: str
    """Stable name, such as ``camera_feed``."""
    message: str
    """One sentence that names the node and says what to do."""

    def __str__(self) -> str:
        return f"[{self.rule}] {self.message}"


@dataclass(slots=True)
class Notes:
    """What is found while a flow is read."""

    lenient: bool = False
    """Whether unknown fields are ignored with a warning instead of refused."""
    problems: list[Problem] = field(default_factory=list)
    advice: list[Advice] = field(default_factory=list)
    normalizations: list[dict[str, str]] = field(default_factory=list)
    """Repairs, each ``{nodeId, outcome, filledWith}``."""
    _hints: int = 0

    def refuse(self, path: str, rule: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(path, rule, message))

    def advise(self, rule: str, message: str) -> None:
        """Note a warning."""
        self.advice.append(Advice(rule, message))

    def repair(self, node_id: str, outcome: str, source: str, target: str) -> None:
        """Note that a missing outcome was pointed where another one leads."""
        self.normalizations.append({"nodeId": node_id, "outcome": outcome, "filledWith": target})
        self.advise(
            "filled_outcome",
            f"node '{node_id}' has no outcome '{outcome}', so it was pointed at '{target}', where '{source}' leads; "
            "say yourself where it should go",
        )

    def hint(self, word: str, known: Collection[str]) -> str:
        """The end of a sentence about an unknown word: the nearest known one, or all; empty after many of them."""
        self._hints += 1
        if self._hints > _HINT_LIMIT:
            return ""
        near = difflib.get_close_matches(word[:80], known, 1)
        return f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(sorted(known))}"


class FlowError(ValueError):
    """A flow that cannot run; carries all its problems."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.message}" for p in problems))
        self.problems = problems


def at(path: str, key: str | int) -> str:
    """The JSON path of a member of what ``path`` names."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{path}[{json.dumps(key[:80])}]"


def storable(text: str) -> bool:
    """Whether a text can be kept: a database takes neither NUL nor half a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def shown(text: str) -> str:
    """A text from outside as it may stand in a message: short and printable."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:80])


def kind(value: object) -> str:
    """The JSON type of a value in words."""
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "null")
