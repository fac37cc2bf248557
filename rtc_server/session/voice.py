"""The avatar's voice on the line: speaks utterances, tells the page about them, reports their end to the machines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conversation.flow import events as flow
from conversation.speech.errors import SpeechError
from conversation.speech.ports import Synthesizer
from conversation.speech.rendering_cache import RenderingCache
from conversation.speech.speaker import ClauseQueued, Speaker
from conversation.turn import events as turn
from rtc_server.rtc.messages import Caption, OfferTyping, Problem, Speech, SpeechResumed, SpeechStopped, State
from rtc_server.rtc.ports import PlaybackEnded, PlaybackEvent, PlaybackShifted, PlaybackStarted
from rtc_server.session.line import Line, Post


@dataclass(slots=True)
class _Utterance:
    utterance_id: str
    text: str
    interruptible: bool
    started: bool = False


class Voice:
    """One utterance at a time. Its end is reported exactly once, however it ends."""

    def __init__(
        self, line: Line, synthesizer: Synthesizer, renderings: RenderingCache, post: Post, now: Callable[[], float]
    ) -> None:
        self._line = line
        self._post = post
        self._now = now
        self._speaker = Speaker(synthesizer, renderings, self._on_clause, self._on_failure)
        self._utterance: _Utterance | None = None
        line.on_sink = self._speaker.attach
        line.on_playback = self._on_playback

    @property
    def speaking(self) -> bool:
        """Whether an utterance has begun and not ended."""
        return self._utterance is not None

    def prepare(self, lines: Iterable[str]) -> None:
        """Lines that may come."""
        self._speaker.prepare(lines)

    def set_rate(self, rate: float) -> None:
        """Speak faster or slower from the next utterance on; 1.0 = normal."""
        self._speaker.set_rate(rate)

    def speak(self, utterance_id: str, text: str, *, interruptible: bool) -> None:
        """Begin an utterance; one that is still going on gives way."""
        if self._utterance is not None:
            self.stop()
        self._line.latency.line_chosen(self._now())
        self._utterance = _Utterance(utterance_id, text, interruptible)
        self._speaker.speak(utterance_id, text)

    def pause(self) -> None:
        """Hold the utterance."""
        self._speaker.pause()

    def resume(self, utterance_id: str) -> None:
        """Go on with it."""
        timestamp = self._speaker.resume()
        if timestamp is not None:
            self._line.send(
                SpeechResumed(utterance_id, timestamp, offset_ms=round(self._speaker.played_seconds * 1000))
            )

    def stop(self) -> None:
        """Drop the rest."""
        utterance = self._utterance
        self._speaker.stop()
        # The sink reports the end of what it had; an utterance that had not reached it ends here.
        if utterance is not None and self._utterance is utterance:
            self._end(utterance, heard="", completed=False)

    async def close(self) -> None:
        """Fall silent for good."""
        await self._speaker.close()

    def _on_clause(self, clause: ClauseQueued) -> None:
        self._line.latency.audio_queued(self._now())
        visemes = tuple((round(mark.at * 1000), mark.viseme, round(mark.weight, 2)) for mark in clause.visemes)
        self._line.send(
            Speech(clause.utterance_id, clause.text, clause.rtp_timestamp, round(clause.seconds * 1000), visemes)
        )

    def _on_failure(self, utterance_id: str, error: SpeechError) -> None:
        """It cannot be spoken: it is shown instead, and counts as said, because it can be read."""
        utterance = self._utterance
        if utterance is None or utterance.utterance_id != utterance_id:
            return
        self._line.send(Problem("speech_unavailable", "The voice is not available; please read along.", True))
        self._line.send(OfferTyping())
        self._end(utterance, heard=utterance.text if self._line.connected else "", completed=False)
        # Clauses that were queued before it failed would keep the next utterance waiting for their end.
        self._speaker.stop()

    def _on_playback(self, event: PlaybackEvent) -> None:
        utterance = self._utterance
        if utterance is None or utterance.utterance_id != event.utterance_id:
            return
        match event:
            case PlaybackStarted():
                utterance.started = True
                self._line.latency.audio_sent(self._now())
                self._line.show(State("speaking"))
                self._line.send(Caption(utterance.utterance_id, "avatar", utterance.text, final=False))
                self._post(turn.AgentStarted(utterance.utterance_id, utterance.text, utterance.interruptible))
            case PlaybackShifted():
                played_ms = round(event.played_seconds * 1000)
                self._line.send(SpeechResumed(utterance.utterance_id, event.rtp_timestamp, played_ms))
            case PlaybackEnded():
                heard = self._speaker.heard(event.utterance_id, event.played_seconds, completed=event.completed)
                self._end(utterance, heard, completed=event.completed)

    def _end(self, utterance: _Utterance, heard: str, *, completed: bool) -> None:
        self._utterance = None
        if heard:
            self._line.send(Caption(utterance.utterance_id, "avatar", heard, final=True))
        if not completed:
            self._line.send(SpeechStopped(utterance.utterance_id))
        if utterance.started:
            self._post(turn.AgentEnded(utterance.utterance_id))
        self._post(flow.SpeechEnded(utterance.utterance_id, heard, completed))
        self._line.show(State("listening"))
