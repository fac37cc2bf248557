"""What a session is given to work with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from conversation.evaluate.ports import Evaluator, Phraser
from conversation.flow.policy import DialoguePolicy
from conversation.speech.ports import Synthesizer, Transcriber, TurnDetector, VoiceActivity
from conversation.speech.rendering_cache import RenderingCache
from conversation.turn.policy import TurnPolicy
from rtc_server.rtc.ports import PeerFactory


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


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """Limits and network settings of the sessions of a process."""

    dialogue: DialoguePolicy = field(default_factory=DialoguePolicy)
    turn: TurnPolicy = field(default_factory=TurnPolicy)
    max_sessions: int = 8
    """Sessions with a page connected at once; one more is told to come back later."""
    heartbeat_ms: int = 1000
    """How often a page says that it is there."""
    journal_dir: Path | None = None
    """Folder into which ended sessions' journals are also written as files."""
    evaluate_budget: float = 2.5
    """Seconds that an evaluator may take."""
