"""What a session is given to work with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from conversation.evaluate.ports import Evaluator, Phraser
from conversation.flow.policy import DialoguePolicy
from conversation.speech.ports import Synthesizer, Transcriber, TurnDetector, VoiceActivity
from conversation.speech.rendering_cache import RenderingCache
from conversation.turn.policy import TurnPolicy
from rtc_server.notify.ports import SentCode
from rtc_server.outbound.ports import ExternalAnswer
from rtc_server.rtc.ports import PeerFactory
from rtc_server.storage.ports import Json, SessionRecord


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of a process, shared by its sessions."""

    voice_activity: Callable[[], VoiceActivity]
    """A fresh one for each session, because it keeps state."""
    turn_detector: TurnDetector | None
    """None where there is none: turns then end by silence alone."""
    transcriber: Transcriber
    synthesizer: Callable[[str], Synthesizer]
    """By avatar id."""
    evaluator: Callable[[str], Evaluator]
    """By session id, because what one person says must not move another's verdict."""
    phraser: Phraser | None
    """None: goal prompts are worded by the rules."""
    renderings: RenderingCache
    new_peer: PeerFactory


class CodeService(Protocol):
    """One-time codes: drawn, sent, and compared, without ever being stored."""

    async def send(
        self,
        session: SessionRecord,
        request_id: str,
        *,
        channel: Literal["email", "sms"],
        contact: str,
        code_length: int,
        valid_seconds: float,
        template: str,
        user_name: str,
        language: str,
    ) -> SentCode:
        """Draw a code and send it (into the mailbox for a sandbox session). Never raises; bounded in time."""

    def matches(self, session_id: str, sent_request_id: str, digest: str, candidate: str) -> bool:
        """Whether the candidate is the code with that digest; constant time."""


class ExternalCaller(Protocol):
    """Calls of a flow to the integrator's server."""

    async def call(
        self,
        session_id: str,
        url: str,
        *,
        method: Literal["GET", "POST"],
        variables: Mapping[str, str | int | float | bool | None],
        tries: int,
    ) -> ExternalAnswer:
        """One answer, after at most ``tries`` attempts. Never raises; bounded in time and size."""


@dataclass(frozen=True, slots=True)
class Services:
    """What sessions reach the outside through."""

    codes: CodeService
    external: ExternalCaller
    locate: Callable[[str], Json | None] = field(default=lambda address: None)
    """IP address to a place (contract §4.6); by default nobody looks."""


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """Limits and network settings of the sessions of a process."""

    dialogue: DialoguePolicy = field(default_factory=DialoguePolicy)
    turn: TurnPolicy = field(default_factory=TurnPolicy)
    languages: tuple[str, ...] = ("en",)
    """What a conversation can be held in."""
    max_sessions: int = 8
    """Sessions with a page connected at once; one more is told to come back later."""
    heartbeat_ms: int = 1000
    """How often a page says that it is there."""
    journal_dir: Path | None = None
    """Folder into which ended sessions' journals are also written as files."""
    evaluate_budget: float = 2.5
    """Seconds that an evaluator may take."""
