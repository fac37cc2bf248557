"""Regular expressions of an author, matched in time linear in the text.

``re`` backtracks: ``(a+)+$`` on thirty letters runs for minutes, and a flow's pattern comes from outside. This is a set
of states instead (Thompson, 1968). Read are literals, ``.``, ``[…]``, ``\\d \\w \\s`` and their opposites, ``^ $ \\b``,
groups, ``|``, ``* + ? {m,n}`` (lazy forms too, which match the same texts), and ``(?i)`` in front. Backreferences,
look-around and other extensions are refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

PATTERN_LIMIT = 200
"""Longest pattern in characters."""
TEXT_LIMIT = 500
"""Longest text in characters; a longer one matches nothing."""
STATE_LIMIT = 1_000
"""Most states of a pattern; counted repetition multiplies them."""

_CLASSES = {"d": re.compile(r"\d"), "w": re.compile(r"\w"), "s": re.compile(r"\s")}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_COUNT = re.compile(r"\{(\d{1,3})(,(\d{1,3})?)?\}")

Test = Callable[[str], bool]
Place = Literal["", "^", "$", "b"]
"""Where a jump is possible: anywhere, at the beginning, at the end, at the edge of a word."""


class PatternError(ValueError):
    """A pattern that cannot be used; the text says why."""


def matches(pattern: str, text: str) -> bool:
    """Return whether the pattern is found anywhere in the text. Raises PatternError."""
    machine = _Parser(pattern).machine()
    return len(text) <= TEXT_LIMIT and machine.finds(text)


@dataclass(slots=True)
class _Machine:
    """States and the ways between them; 0 is the first, ``last`` accepts."""

    ignore_case: bool
    moves: list[list[tuple[Test, int]]] = field(default_factory=lambda: [[]])
    jumps: list[list[tuple[Place, int]]] = field(default_factory=lambda: [[]])
    last: int = 0

    def new(self) -> int:
        if len(self.moves) >= STATE_LIMIT:
            raise PatternError("the pattern repeats too much")
        self.moves.append([])
        self.jumps.append([])
        return len(self.moves) - 1

    def finds(self, text: str) -> bool:
        states: set[int] = set()
        for position in range(len(text) + 1):
            states = self._reached(states | {0}, text, position)
            if self.last in states:
                return True
            states = self._moved(states, text[position : position + 1])
        return False

    def _moved(self, states: set[int], sign: str) -> set[int]:
        # Lower and upper case are both tried, because folding may change the length of a text.
        forms = {sign.lower(), sign.upper()} if self.ignore_case else {sign}
        return {
            target
            for state in states
            for test, target in self.moves[state]
            if sign and any(test(form) for form in forms)
        }

    def _reached(self, states: set[int], text: str, position: int) -> set[int]:
        here = {"", *(["^"] if position == 0 else []), *(["$"] if position == len(text) else [])}
        before, after = text[max(0, position - 1) : position], text[position : position + 1]
        if bool(_CLASSES["w"].match(before)) != bool(_CLASSES["w"].match(after)):
            here.add("b")
        todo = list(states)
        while todo:
            for place, target in self.jumps[todo.pop()]:
                if place in here and target not in states:
                    states.add(target)
                    todo.append(target)
        return states


Part = Callable[[_Machine, int], int]
"""Adds its states after a state and returns the state behind them."""


class _Parser:
    """Recursive descent over the pattern; the nesting is bounded by its length."""

    def __init__(self, pattern: str) -> None:
        if len(pattern) > PATTERN_LIMIT:
            raise PatternError(f"the pattern has {len(pattern)} characters; at most {PATTERN_LIMIT} are allowed")
        self.ignore_case = pattern.startswith("(?i)")
        self.rest = pattern.removeprefix("(?i)")

    def machine(self) -> _Machine:
        part = self._alternatives()
        if self.rest:
            raise PatternError("a ')' closes nothing")
        machine = _Machine(self.ignore_case)
        machine.last = part(machine, 0)
        return machine

    def _take(self) -> str:
        if not self.rest:
            raise PatternError("the pattern ends too early")
        first, self.rest = self.rest[0], self.rest[1:]
        return first

    def _alternatives(self) -> Part:
        parts = [self._sequence()]
        while self.rest.startswith("|"):
            self._take()
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else _any_of(parts)

    def _sequence(self) -> Part:
        parts: list[Part] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self._repeated(self._atom()))
        return _all_of(parts)

    def _atom(self) -> Part:
        sign = self._take()
        if sign == "(":
            if self.rest.startswith("?") and not self.rest.startswith("?:"):
                raise PatternError(f"'(?{self.rest[1:2]}' is not supported")
            self.rest = self.rest.removeprefix("?:")
            part = self._alternatives()
            if self._take() != ")":
                raise PatternError("a '(' is not closed")
            return part
        if sign == "[":
            return _one(self._class())
        if sign == "\\":
            if self.rest.startswith("b"):
                self._take()
                return _at("b")
            return _one(self._escaped())
        if sign in "*+?":
            raise PatternError(f"'{sign}' repeats nothing")
        if sign == "^":
            return _at("^")
        if sign == "$":
            return _at("$")
        return _one((lambda c: c != "\n") if sign == "." else (lambda c: c == sign))

    def _escaped(self) -> Test:
        sign = self._take()
        if sign.lower() in _CLASSES:
            known, wanted = _CLASSES[sign.lower()], sign.islower()
            return lambda c: bool(known.match(c)) is wanted
        if sign.isalnum() and sign not in _CONTROLS:
            raise PatternError(f"'\\{sign}' is not supported")
        literal = _CONTROLS.get(sign, sign)
        return lambda c: c == literal

    def _class(self) -> Test:
        negated = self.rest.startswith("^")
        self.rest = self.rest.removeprefix("^")
        tests: list[Test] = []
        while not self.rest.startswith("]") or not tests:
            sign = self._take()
            if sign == "\\":
                tests.append(self._escaped())
            elif self.rest[:1] == "-" and self.rest[1:2] not in ("", "]"):
                self._take()
                tests.append(_between(sign, self._take()))
            else:
                tests.append(_between(sign, sign))
        self._take()
        return lambda c: any(test(c) for test in tests) is not negated

    def _repeated(self, part: Part) -> Part:
        if self.rest[:1] not in tuple("*+?{"):
            return part
        count = _COUNT.match(self.rest)
        if count:
            self.rest = self.rest[count.end() :]
            low = int(count[1])
            high = low if count[2] is None else int(count[3]) if count[3] else None
        elif self.rest[0] == "{":
            raise PatternError("'{' must hold one or two numbers")
        else:
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[self._take()]
        if high is not None and high < low:
            raise PatternError("a repetition has its greater number first")
        self.rest = self.rest.removeprefix("?")
        if self.rest[:1] in tuple("*+?{"):
            raise PatternError("a repetition is repeated")
        return _repeat(part, low, high)


def _one(test: Test) -> Part:
    def build(machine: _Machine, start: int) -> int:
        end = machine.new()
        machine.moves[start].append((test, end))
        return end

    return build


def _at(place: Place) -> Part:
    def build(machine: _Machine, start: int) -> int:
        end = machine.new()
        machine.jumps[start].append((place, end))
        return end

    return build


def _between(low: str, high: str) -> Test:
    return lambda c: low <= c <= high


def _all_of(parts: list[Part]) -> Part:
    def build(machine: _Machine, start: int) -> int:
        for part in parts:
            start = part(machine, start)
        return start

    return build


def _any_of(parts: list[Part]) -> Part:
    def build(machine: _Machine, start: int) -> int:
        ends = [part(machine, _at("")(machine, start)) for part in parts]
        end = machine.new()
        for each in ends:
            machine.jumps[each].append(("", end))
        return end

    return build


def _repeat(part: Part, low: int, high: int | None) -> Part:
    def build(machine: _Machine, start: int) -> int:
        for _ in range(low):
            # Each copy takes a state, even of an empty part, so that the limit also bounds the work.
            start = part(machine, _at("")(machine, start))
        if high is None:
            loop = _at("")(machine, start)
            machine.jumps[part(machine, loop)].append(("", loop))
            return _at("")(machine, loop)
        ends = [start]
        for _ in range(high - low):
            # A state of its own, so that a loop inside the part does not lead back before it.
            ends.append(part(machine, _at("")(machine, ends[-1])))
        end = machine.new()
        for each in ends:
            machine.jumps[each].append(("", end))
        return end

    return build
