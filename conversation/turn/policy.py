"""Every threshold of turn-taking, in one place. Seconds of media time unless the name says otherwise."""

from dataclasses import dataclass, replace

EXTRA_TIME = 2
"""How many times as long whoever asks for more time is waited for."""

_WAITS_FOR_THE_PERSON = (
    "decode_again_after",
    "complete_silence",
    "confident_silence",
    "plain_silence",
    "unfinished_silence",
    "turn_limit",
)


@dataclass(frozen=True, slots=True)
class TurnPolicy:
    """When speech begins, when a turn is over, when the avatar gives way."""

    onset_probability: float = 0.5
    """Speech probability that counts as speech (Silero's own default)."""
    onset_probability_over_agent: float = 0.65
    """The same while the avatar speaks, when its echo may be in the microphone."""
    offset_probability: float = 0.35
    """Below this speech has stopped; the gap to the onset is the hysteresis."""
    onset_windows: int = 2
    """Windows of speech in a row that begin a turn."""
    onset_windows_over_agent: int = 4
    blip_windows: int = 2
    """Speech this short or shorter inside the closing silence is a click, not the turn going on."""
    preroll: float = 0.3
    """Audio before the detected onset that belongs to the turn: soft consonants."""

    decode_after: float = 0.096
    """Silence after which the turn is transcribed on suspicion. Early costs wasted decodes, late costs latency."""
    decode_again_after: float = 0.7
    """Silence after which an unfinished turn is transcribed once more, for words spoken into the first decode."""
    complete_silence: float = 0.2
    """Silence that ends a turn whose text answers the question in full."""
    confident_silence: float = 0.55
    """Silence that ends a free-form turn that sounds finished. Must exceed a thinking pause of 400 ms as the detector
    sees it."""
    plain_silence: float = 0.8
    """Silence that ends any other turn."""
    unfinished_silence: float = 1.4
    """Silence that ends a turn whose text is plainly half an answer ("my e-mail is john dot smith")."""
    confident_probability: float = 0.9
    """Finished enough for ``confident_silence``. Half sentences get 0.9 too, so the detector never acts alone."""
    doubtful_probability: float = 0.1
    """So unfinished in sound that even a complete text waits for ``confident_silence``."""

    pause_after: float = 0.2
    """Speech over the avatar after which it holds its breath."""
    stop_after: float = 0.7
    """Speech over the avatar after which it gives way without waiting for the words."""
    turn_limit: float = 60.0
    """Longest turn."""
    stall_seconds: float = 1.0
    """Wall time without audio in the middle of a turn after which it counts as ended."""
    transcription_seconds: float = 10.0
    """Longest wall time to wait for a transcript before the turn is given up."""

    def with_extra_time(self) -> "TurnPolicy":
        """The same with twice the silence before a turn counts as ended, and twice the time to speak."""
        return replace(self, **{name: EXTRA_TIME * getattr(self, name) for name in _WAITS_FOR_THE_PERSON})
