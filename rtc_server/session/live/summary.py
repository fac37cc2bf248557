"""A session in one line of a list (pure)."""

from typing import Literal

from conversation.flow.journal import Step
from conversation.flow.machine import FlowMachine
from rtc_server.rtc.messages import FromServer, State
from rtc_server.session.report import Moment
from rtc_server.storage.ports import Json, SessionRecord

LiveState = Literal[
    "connecting", "speaking", "listening", "hearing", "thinking", "waiting", "checking", "away", "held"
]  # fmt: skip

_BY_HAND = frozenset({
    "Joined", "UserStarted", "UserStopped", "UserSpoke", "PermissionsAnswered", "InputGiven", "InputCancelled",
    "ResendRequested", "CheckCancelled", "PaceChosen",
})  # fmt: skip
"""Events that a person's own doing brought about."""

_SPOKEN: dict[str, LiveState] = {"speaking": "speaking", "hearing": "hearing", "thinking": "thinking"}


class Activity:
    """Who does what in the session just now, and since when nothing has been done."""

    def __init__(self, machine: FlowMachine, moment: Moment, now: float) -> None:
        self._machine = machine
        self._moment = moment
        self._away = self._begun
        """A session that is taken up again begins without its person."""
        self._shown = "idle"
        self._quiet_since = now
        self._node_id = machine.node_id
        self.attempts = 0
        """Replies at this node that were of no use."""

    def step(self, step: Step) -> None:
        """A step of the flow."""
        kind = step.event.get("type")
        if kind in _BY_HAND or kind == "SpeechEnded":
            self._quiet_since = step.now
        if kind in ("Joined", "Left"):
            self._away = kind == "Left"
        if self._machine.node_id != self._node_id:
            self._node_id, self.attempts = self._machine.node_id, 0
        elif _of_no_use(step):
            self.attempts += 1

    def sent(self, message: FromServer) -> bool:
        """The page was told something; whether that changes anything here."""
        if isinstance(message, State):
            self._shown = message.state
        return isinstance(message, State)

    def state(self, *, checking: bool) -> LiveState:
        """What a list shows; ``checking``: something is looked at by the camera."""
        if not self._begun:
            return "connecting"
        if self._away:
            return "away"
        if self._machine.holder:
            return "held"
        if self._shown in _SPOKEN:
            return _SPOKEN[self._shown]
        if checking:
            return "checking"
        return "listening" if self._shown == "listening" else "waiting"

    @property
    def waiting_since(self) -> int | None:
        """When the person or the avatar did something last, Unix milliseconds; None while the avatar speaks."""
        return None if self._shown == "speaking" and not self._away else self._moment(self._quiet_since)

    @property
    def _begun(self) -> bool:
        return self._machine.node_id != self._machine.graph.start.id


def _of_no_use(step: Step) -> bool:
    event = step.event
    match event.get("type"):
        case "Evaluated":
            return event.get("outcome") is None
        case "CodeChecked":
            return not event.get("matches")
        case _:
            return any(command.get("type") == "RefuseInput" for command in step.commands)


def facts(record: SessionRecord, language: str, started_utc_ms: int) -> Json:
    """What of a summary never changes."""
    device = record.device or {}
    return {
        "id": record.id,
        "tenant": record.tenant,
        "sandbox": record.sandbox,
        "clientReferenceId": record.client_reference_id,
        "flowId": record.flow_id,
        "startedAt": record.started_at or started_utc_ms,
        "language": language,
        "avatarId": str(record.settings.get("avatarId", "")),
        "device": {
            "browser": device.get("browser", "unknown"),
            "os": device.get("os", "unknown"),
            "mobile": bool(device.get("isMobile") or device.get("isTablet")),
        },
    }


def agents(machine: FlowMachine, moment: Moment) -> list[Json]:
    """Who watches, and who of them talks to the person."""
    found = []
    for visit in machine.record.agents:
        if visit.went_at is None:
            speaking = visit.agent_id == machine.holder
            since = visit.holds[-1][0] if speaking and visit.holds else visit.came_at
            mode = "speaking" if speaking else "watching"
            found.append({"id": visit.agent_id, "name": visit.name, "mode": mode, "since": moment(since)})
    return found
