"""A peer without a network or a codec, so that a simulated call costs what its session costs."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from conversation.speech.ports import Samples
from rtc_server.rtc.frames_in import NewestFrame
from rtc_server.rtc.messages import FromServer, State
from rtc_server.rtc.ports import PeerHandlers, PeerState, PlaybackEnded, PlaybackEvent, PlaybackStarted


class TimedSpeech:
    """Implements ``AudioSink`` by the clock alone: speech begins and ends when it would, and nothing is encoded."""

    def __init__(self, told: Callable[[PlaybackEvent], None]) -> None:
        self._told = told
        self._loop = asyncio.get_running_loop()
        self._id = ""
        self._began = 0.0
        self._seconds = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def play(self, utterance_id: str, samples: Samples, sample_rate_hz: int, last: bool) -> int:
        """A clause; the utterance ends when it would have been said."""
        if utterance_id != self._id:
            self.stop_speaking()
            self._id, self._began, self._seconds = utterance_id, self._loop.time(), 0.0
            self._loop.call_soon(self._told, PlaybackStarted(utterance_id))
        self._seconds += samples.size / sample_rate_hz
        if last:
            self._timer = self._loop.call_at(self._began + self._seconds, self._end, True)
        return 0

    def pause(self) -> None:
        """Nobody interrupts here."""

    def resume(self) -> int:
        """Likewise."""
        return 0

    def stop_speaking(self) -> None:
        """Drop what is left."""
        if self._timer is not None:
            self._timer.cancel()
        if self._id:
            self._end(False)

    @property
    def speaking(self) -> tuple[str, float] | None:
        """The utterance under way."""
        return (self._id, self._loop.time() - self._began) if self._id else None

    def begin_relay(self) -> None:
        """Nobody takes over here."""

    def relay(self, payload: bytes) -> None:
        """Likewise."""

    def end_relay(self) -> None:
        """Likewise."""

    def _end(self, completed: bool) -> None:
        utterance_id, self._id, self._timer = self._id, "", None
        self._told(PlaybackEnded(utterance_id, self._loop.time() - self._began, completed))


class SimulatedPeer:
    """Implements ``PeerPort`` without a network."""

    def __init__(self, handlers: PeerHandlers, answering: "dict[str, SimulatedPeer]") -> None:
        self.handlers = handlers
        self._answering = answering
        self.state = PeerState.CONNECTING
        self.audio_out = TimedSpeech(handlers.playback)
        self.frames = NewestFrame()
        self.listening = asyncio.Event()
        """The avatar waits for an answer."""

    async def answer(self, offer_sdp: str) -> str:
        """Any offer will do; by it the person finds this peer."""
        self._answering[offer_sdp] = self
        return "v=0 answer"

    async def add_candidates(self, candidates: Iterable[Mapping[str, Any]]) -> None:
        """There is no network."""

    def send(self, message: FromServer) -> None:
        """What the page is told; the person goes by the state alone."""
        if isinstance(message, State):
            (self.listening.set if message.state == "listening" else self.listening.clear)()

    def connect(self) -> None:
        """Media flows."""
        self.state = PeerState.CONNECTED
        self.handlers.state(self.state)

    async def close(self) -> None:
        """End; what was being said is stopped."""
        self.audio_out.stop_speaking()
        if self.state is not PeerState.CLOSED:
            self.state = PeerState.CLOSED
            self.handlers.state(self.state)
