"""Where the time between a person's last word and the avatar's first one goes, turn by turn (pure)."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TurnLatency:
    """One turn, in milliseconds from the end of the person's speech as the voice-activity detector saw it."""

    at: float
    """When the turn was committed, on the session's clock."""
    ended_by: str
    """Why the turn was taken to be over, see ``conversation.turn.commands.EndedBy``; ``typed`` for typed answers."""
    decode_ms: float
    """Time of the speculative transcription, most of it inside ``endpoint_ms``."""
    endpoint_ms: float
    """End of speech to the decision that the turn is over."""
    evaluate_ms: float
    """Decision to verdict and next line."""
    synthesize_ms: float
    """Next line to its first audio queued."""
    playout_ms: float
    """First audio queued to its first packet sent."""

    @property
    def total_ms(self) -> float:
        """End of speech to the first packet of the answer."""
        return self.endpoint_ms + self.evaluate_ms + self.synthesize_ms + self.playout_ms

    def to_json(self) -> dict[str, float | str]:
        """For the report: camelCase, tenths of a millisecond."""
        return {
            "endedBy": self.ended_by,
            "decodeMs": round(self.decode_ms, 1),
            "endpointMs": round(self.endpoint_ms, 1),
            "evaluateMs": round(self.evaluate_ms, 1),
            "synthesizeMs": round(self.synthesize_ms, 1),
            "playoutMs": round(self.playout_ms, 1),
            "totalMs": round(self.total_ms, 1),
        }


class LatencyRecorder:
    """Fed with the moments of a turn; knows the finished ones, and tells of each."""

    def __init__(self, on_turn: Callable[[TurnLatency], None] = lambda turn: None) -> None:
        self.turns: list[TurnLatency] = []
        self._on_turn = on_turn
        self._ended_by = ""
        self._decode_ms = 0.0
        self._moments: list[float] = []

    def decoded(self, seconds: float) -> None:
        """A speculative transcription took this long."""
        self._decode_ms = seconds * 1000

    def committed(self, now: float, *, ended_by: str, silence_seconds: float) -> None:
        """The turn is over; the speech ended ``silence_seconds`` ago."""
        self._ended_by = ended_by
        self._moments = [now - silence_seconds, now]

    def line_chosen(self, now: float) -> None:
        """The next line is known."""
        self._advance(now, 2)

    def audio_queued(self, now: float) -> None:
        """Its first clause is with the track."""
        self._advance(now, 3)

    def audio_sent(self, now: float) -> None:
        """Its first packet is out: the turn is finished."""
        self._advance(now, 4)
        if len(self._moments) == 5:
            spans = [1000 * (b - a) for a, b in zip(self._moments, self._moments[1:], strict=False)]
            self.turns.append(TurnLatency(self._moments[1], self._ended_by, self._decode_ms, *spans))
            self._moments = []
            self._decode_ms = 0.0
            self._on_turn(self.turns[-1])

    def _advance(self, now: float, position: int) -> None:
        if len(self._moments) == position:
            self._moments.append(now)
