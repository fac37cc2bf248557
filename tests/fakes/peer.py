"""A peer without a network: the page's end is in the test's hand, the avatar's speech plays far faster than real time.

The queue that is played is the real one, so starts, ends, pauses and half-spoken utterances are those of a real call.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from conversation.speech.ports import SAMPLE_RATE_HZ, Samples
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.frames_in import NewestFrame
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.messages import FromPage, FromServer, Hello
from rtc_server.rtc.opus import FRAME_SAMPLES
from rtc_server.rtc.playout import PlayoutQueue
from rtc_server.rtc.ports import PeerHandlers, PeerState, PlaybackEvent

M = TypeVar("M", bound=FromServer)

FRAMES_PER_TICK = 10
TICK_SECONDS = 0.001
PATIENCE_SECONDS = 5.0
"""How long a test waits for a message before it fails."""


class FakeAudioOut:
    """Sends ``FRAMES_PER_TICK`` frames of 20 ms each millisecond."""

    def __init__(self, on_playback: Callable[[PlaybackEvent], None]) -> None:
        self._on_playback = on_playback
        self._queue = PlayoutQueue()
        self._frames = 0
        self.hold_at: float | None = None
        """Seconds of an utterance after which the clock stands still, so that a test can act in the middle of it."""
        self.relaying = False
        self.relayed: list[bytes] = []
        """What an agent said to the person, packet by packet."""
        self._task = asyncio.create_task(self._send(), name="fake-audio-out")

    def play(self, utterance_id: str, samples: Samples, sample_rate_hz: int, last: bool) -> int:
        """Queue a clause."""
        return self._frames * FRAME_SAMPLES + self._queue.add(utterance_id, samples, sample_rate_hz, last=last)

    def pause(self) -> None:
        """Hold."""
        self._queue.pause()

    def resume(self) -> int:
        """Go on."""
        self._queue.resume()
        return self._frames * FRAME_SAMPLES

    def stop_speaking(self) -> None:
        """Drop what is queued."""
        for event in self._queue.stop():
            self._on_playback(event)

    def begin_relay(self) -> None:
        """A person speaks in the avatar's place."""
        self.stop_speaking()
        self.relaying = True

    def relay(self, payload: bytes) -> None:
        """Kept for the test to read."""
        if self.relaying:
            self.relayed.append(payload)

    def end_relay(self) -> None:
        """The avatar again."""
        self.relaying = False

    @property
    def speaking(self) -> tuple[str, float] | None:
        """The utterance that is being said."""
        return self._queue.current

    @property
    def paused(self) -> bool:
        """Whether the speech is held back."""
        return self._queue.paused

    def close(self) -> None:
        """Stop the clock."""
        self._task.cancel()

    async def _send(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            for _ in range(FRAMES_PER_TICK):
                if self._held():
                    break
                self._frames += 1
                for event in self._queue.next_frame()[1]:
                    self._on_playback(event)

    def _held(self) -> bool:
        current = self._queue.current
        return self.hold_at is not None and current is not None and current[1] >= self.hold_at


class FakePeer:
    """Both ends of one peer connection: ``PeerPort`` for the session, the page for the test."""

    def __init__(self, handlers: PeerHandlers) -> None:
        self._handlers = handlers
        self._samples = 0
        self._news = asyncio.Event()
        self._read = 0
        self.state = PeerState.CONNECTING
        self.audio_out = FakeAudioOut(handlers.playback)
        self.frames = NewestFrame()
        """What the page's camera shows; ``put`` a frame to be seen."""
        self.messages: list[FromServer] = []
        self.candidates: list[Mapping[str, Any]] = []
        self.answering: asyncio.Event | None = None
        """When set, the answer waits for it."""

    # ---- PeerPort

    async def answer(self, offer_sdp: str) -> str:
        """Refuses what does not begin like SDP."""
        if self.answering is not None:
            await self.answering.wait()
        if not offer_sdp.startswith("v=0"):
            await self.close()
            raise PeerError("invalid_sdp", "the offer has no version line")
        return "v=0 answer"

    async def add_candidates(self, candidates: Iterable[Mapping[str, Any]]) -> None:
        """Kept."""
        self.candidates += candidates

    def send(self, message: FromServer) -> None:
        """Kept for the test to read; dropped unless connected, as a data channel does."""
        if self.state is PeerState.CONNECTED:
            self.messages.append(message)
            self._news.set()

    async def close(self) -> None:
        """End."""
        self.audio_out.close()
        if self.state is not PeerState.CLOSED:
            self.state = PeerState.CLOSED
            self._handlers.state(self.state)
        self._news.set()

    # ---- the page

    @property
    def hub(self) -> MediaHub:
        """What the session's onlookers see and hear is put in here."""
        assert self._handlers.hub is not None
        return self._handlers.hub

    async def connect(self) -> Hello:
        """Media flows; returns the server's greeting."""
        self.state = PeerState.CONNECTED
        self._handlers.state(self.state)
        return await self.receives(Hello)

    def lose(self) -> None:
        """The network is gone."""
        self.state = PeerState.LOST
        self._handlers.state(self.state)

    def send_message(self, message: FromPage) -> None:
        """The page says something by data channel."""
        self._handlers.message(message)

    def hears(self, samples: Samples, silence: float = 1.5) -> None:
        """The microphone picks up a sound and ``silence`` seconds after it."""
        quiet = np.zeros(round(silence * SAMPLE_RATE_HZ), np.float32)
        for part in (samples, quiet):
            self._handlers.audio(part, self._samples)
            self._samples += part.size

    async def receives(self, kind: type[M], where: Callable[[M], bool] = lambda _: True) -> M:
        """The next message of a kind; what came before it is passed over. Fails when none comes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                while self._read < len(self.messages):
                    message = self.messages[self._read]
                    self._read += 1
                    if isinstance(message, kind) and where(message):
                        return message
                self._news.clear()
                await self._news.wait()

    def received(self, kind: type[M]) -> list[M]:
        """All messages of a kind so far."""
        return [message for message in self.messages if isinstance(message, kind)]
