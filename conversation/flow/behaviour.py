"""What a node does while the flow stands on it: the contract, and the context that every behaviour is given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from conversation.flow.commands import Command, Ignored, SetPace
from conversation.flow.events import Event
from conversation.flow.graph import FlowGraph
from conversation.flow.policy import EXTRA_TIME, DialoguePolicy
from conversation.flow.record import Record
from conversation.text.fields import ExtractionField

ENGINE_VERSION = 3
"""Raised when the machine would answer an old journal differently; a session keeps the version it began with.

1: nodes that look were left at once. 2: they look. 3: documents are read.
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_PER_CHARACTER = 0.12
"""Slow speech."""


@dataclass(frozen=True, slots=True)
class Leave:
    """A behaviour's last step: the flow moves on."""

    target: str
    """Id of the next node."""
    outcome: str
    """What the report names: the target's id (conversation) or an outcome key."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)
    """As in ``NodeReport``."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """A behaviour's last step when no outcome is left: the session ends incomplete."""

    reason: str
    """As in ``Finish``."""


Step = Command | Leave | GiveUp


class Context:
    """What the nodes of one session share.

    ``variables`` are the integrator's provided data, ``started_utc_ms`` is the civil time of the session clock's zero.
    """

    def __init__(
        self,
        graph: FlowGraph,
        variables: Mapping[str, Any],
        policy: DialoguePolicy,
        language: str,
        started_utc_ms: int = 0,
        extraction: tuple[ExtractionField, ...] = (),
        engine_version: int = ENGINE_VERSION,
    ) -> None:
        self.graph = graph
        self.policy = policy
        """Changes with the pace that the person chooses; nobody keeps a copy."""
        self.pace = SetPace(1.0, extra_time=False)
        self.language = language
        self.extraction = extraction
        self.engine_version = engine_version
        self.record = Record()
        self._usual_policy = policy
        self._provided = dict(variables)
        self._started_utc_ms = started_utc_ms
        self._utterances = 0
        self._requests = 0

    @property
    def provided(self) -> Mapping[str, Any]:
        """What the integrator gave: in the create call, and later from their server, which comes first."""
        return {**self._provided, **self.record.provided}

    @property
    def variables(self) -> Mapping[str, Any]:
        """Template values: what the integrator provided, else what the person said, else what recognition knew."""
        return {**self.record.recognised, **self.record.extracted, **self.provided}

    def set_pace(self, pace: SetPace) -> None:
        """Give the person the time that they want from now on."""
        self.pace = pace
        self.policy = self._usual_policy.with_extra_time() if pace.extra_time else self._usual_policy

    @property
    def code_life(self) -> int:
        """How many times as long as its node says a one-time code is good for."""
        return EXTRA_TIME if self.pace.extra_time else 1

    def civil_date(self, now: float) -> date:
        """The day at a moment of the session's clock (UTC)."""
        return (_EPOCH + timedelta(milliseconds=self._started_utc_ms, seconds=now)).date()

    def speech_deadline(self, text: str, now: float) -> float:
        """When an utterance that begins now counts as spoken, should its end never be reported."""
        return now + len(text) * _SECONDS_PER_CHARACTER + self.policy.speech_slack_seconds

    def next_utterance(self) -> str:
        """A fresh utterance id: u1, u2, …"""
        self._utterances += 1
        return f"u{self._utterances}"

    def next_request(self) -> str:
        """A fresh request id: r1, r2, …"""
        self._requests += 1
        return f"r{self._requests}"


class Behaviour(Protocol):
    """One visit to one node. Ends with a Leave or GiveUp as its last step."""

    @property
    def deadline(self) -> float | None:
        """When it wants ``TimePassed``, on the session's clock."""

    def enter(self, now: float) -> list[Step]:
        """The flow has come to the node."""

    def receive(self, event: Event, now: float) -> list[Step]:
        """Something happened. Never raises for outside input; returns ``Ignored`` for what means nothing here."""

    def written(self, words: str) -> str:
        """What of the person's words may stand in the transcript; asked before they are received."""

    def abandon(self) -> list[Step]:
        """The node is left by somebody else's decision: take away what is shown."""

    def pause(self, now: float) -> list[Step]:
        """The person is gone; time stands still for the node until ``resume``. Never leaves the node."""

    def hold(self, now: float) -> list[Step]:
        """Somebody else talks to the person: as ``pause``, and what the person could do by hand is taken away."""

    def resume(self, now: float) -> list[Step]:
        """The person is back after an absence, or listens to the avatar again: say where things stood."""

    def adapt(self, now: float) -> None:
        """The policy has changed: a wait for the person that is under way begins anew with its new length."""


class Visit:
    """What most behaviours have in common: they wait for nothing, keep every word, and have nothing to repeat."""

    @property
    def deadline(self) -> float | None:
        """None: no time is awaited."""
        return None

    def enter(self, now: float) -> list[Step]:
        """The flow has come to the node."""
        raise NotImplementedError

    def receive(self, event: Event, now: float) -> list[Step]:
        """Nothing is awaited."""
        return [ignored(event, "nothing is awaited here")]

    def written(self, words: str) -> str:
        """All of it."""
        return words

    def abandon(self) -> list[Step]:
        """Nothing is shown."""
        return []

    def pause(self, now: float) -> list[Step]:
        """Nothing stands still."""
        return []

    def hold(self, now: float) -> list[Step]:
        """Nothing is shown: an absence."""
        return self.pause(now)

    def resume(self, now: float) -> list[Step]:
        """Nothing to repeat."""
        return []

    def adapt(self, now: float) -> None:
        """No wait for the person is under way."""


def ignored(event: Event, why: str) -> Step:
    """The step for an event that means nothing here."""
    return Ignored(type(event).__name__, why)


def leaves(steps: list[Step]) -> bool:
    """Whether the visit ends with these steps."""
    return bool(steps) and isinstance(steps[-1], Leave | GiveUp)
