"""What a session is given to work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from conversation.evaluate.ports import Evaluator, Phraser
from conversation.flow.policy import DialoguePolicy
from conversation.speech.ports import Synthesizer, Transcriber, TurnDetector, VoiceActivity
from conversation.speech.rendering_cache import RenderingCache
from conversation.turn.policy import TurnPolicy
from rtc_server.rtc.ports import PeerPolicy


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
    evaluator: Evaluator
    phraser: Phraser | None
    """None: goal prompts are worded by the rules."""
    renderings: RenderingCache


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """Limits and network settings of the sessions of a process."""

    peer: PeerPolicy = field(default_factory=PeerPolicy)
    dialogue: DialoguePolicy = field(default_factory=DialoguePolicy)
    turn: TurnPolicy = field(default_factory=TurnPolicy)
    max_sessions: int = 8
    """Sessions with a page connected at once; one more is told to come back later."""
    evaluate_budget: float = 2.5
    """Seconds that an evaluator may take."""


class Clock(Protocol):
    """Time as a session sees it."""

    def monotonic(self) -> float:
        """Seconds that never jump."""

    def unix_ms(self) -> int:
        """Civil time, Unix milliseconds."""
