"""The avatar's voice as a track: 20 ms Opus packets on an absolute schedule, and what is said in them.

An agent may speak in its place: then the packets are theirs, as they came.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from conversation.speech.ports import Samples
from rtc_server.rtc.hub import AudioPacket
from rtc_server.rtc.opus import CLOCK_HZ, ENCODER_DELAY_SAMPLES, FRAME_SAMPLES, OpusEncoder, rtp_packet
from rtc_server.rtc.pacing import Pacer
from rtc_server.rtc.playout import PlayoutQueue
from rtc_server.rtc.ports import PlaybackEvent, PlaybackShifted
from rtc_server.rtc.relay import RelayQueue

STALL_WORTH_LOGGING = 0.25
"""Seconds; shorter stalls are only counted."""

HANGOVER_FRAMES = 15
"""300 ms of silence go to onlookers after the last sound: a stream that stops in the middle of one rings on."""

logger = logging.getLogger(__name__)


class PacedAudioTrack(MediaStreamTrack):
    """Sends silence until told to speak. All methods belong to the event loop.

    ``sent_timestamp()`` answers the RTP timestamp of the packet that was sent last; the track learns from it where
    aiortc's random timestamp origin lies. ``on_playback`` hears of starts and ends, ``on_packet`` of every packet with
    something to hear.
    """

    kind = "audio"

    def __init__(
        self,
        sent_timestamp: Callable[[], int],
        on_playback: Callable[[PlaybackEvent], None],
        on_packet: Callable[[AudioPacket], None] = lambda packet: None,
    ) -> None:
        super().__init__()
        self._sent_timestamp = sent_timestamp
        self._on_playback = on_playback
        self._on_packet = on_packet
        self._queue = PlayoutQueue()
        self._relay = RelayQueue()
        self._relaying = False
        self._silent_frames = HANGOVER_FRAMES
        self._encoder = OpusEncoder()
        self._pacer = Pacer(FRAME_SAMPLES / CLOCK_HZ)
        self._last_pts: int | None = None
        self._origin: int | None = None
        self._flowing = asyncio.Event()

    async def flowing(self) -> None:
        """Wait until packets go out; from then on RTP timestamps are known and play() may be called."""
        await self._flowing.wait()

    # Speaking

    def play(self, utterance_id: str, samples: Samples, sample_rate_hz: int, last: bool) -> int:
        """Queue a clause of float32 mono; answer the RTP timestamp at which its first sample will be heard.

        A pause() moves it, and resume() tells the new one; so does, unannounced, a stall of the event loop that skips
        frames. Raises RuntimeError before packets flow (wait for
        PeerState.CONNECTED), QueueFull and ValueError as PlayoutQueue.add.
        """
        self._rtp_timestamp(0)
        return self._rtp_timestamp(self._queue.add(utterance_id, samples, sample_rate_hz, last=last))

    def pause(self) -> None:
        """Fall silent within 5 ms of audio and keep what is left."""
        self._queue.pause()

    def resume(self) -> int:
        """Go on where pause() cut; answer the RTP timestamp of the first sample from there."""
        timestamp = self._rtp_timestamp(0)
        self._queue.resume()
        return timestamp

    def stop_speaking(self) -> None:
        """Fall silent within 5 ms of audio and drop what is left; tells PlaybackEnded(completed=False) of each."""
        self._tell(self._queue.stop())

    @property
    def speaking(self) -> tuple[str, float] | None:
        """The utterance being said and the seconds of it that were sent; None when there is nothing to say."""
        return self._queue.current

    @property
    def skipped_frames(self) -> int:
        """Frames never sent because the event loop stood still."""
        return self._pacer.skipped_frames

    @property
    def lateness(self) -> float:
        """How many seconds too late the last frame left."""
        return self._pacer.lateness

    @property
    def paused(self) -> bool:
        """Whether pause() holds the speech back."""
        return self._queue.paused

    # Another's voice

    def begin_relay(self) -> None:
        """From now on send what ``relay`` is given; speech is stopped, and what is played meanwhile waits."""
        if self._relaying:
            return
        self.stop_speaking()
        self._queue.pause()
        self._relaying = True

    def relay(self, payload: bytes) -> None:
        """Queue the next 20 ms of an agent's voice, an Opus packet. Ignored outside a relay and for other lengths."""
        if self._relaying:
            self._relay.add(payload)

    def end_relay(self) -> None:
        """Send the avatar's speech again; tells PlaybackShifted of speech that waited."""
        if not self._relaying:
            return
        self._relaying = False
        self._relay.clear()
        self._queue.resume()
        if (current := self._queue.current) is not None:
            utterance_id, seconds = current
            self._tell((PlaybackShifted(utterance_id, self._rtp_timestamp(0), seconds),))

    # Sending

    async def recv(self) -> "av.Packet[Any]":
        """The next packet, when it is due (called by aiortc's sender)."""
        if self.readyState != "live":
            raise MediaStreamError
        self._learn_origin()
        pts = await self._due()
        frame, events = self._queue.next_frame()
        payload = self._relay.next() if self._relaying else None
        silent = payload is None and not frame.any()
        if payload is None:
            payload = self._encoder.encode(frame)
        self._last_pts = pts
        self._tell(events)
        self._show(payload, pts, silent=silent)
        return rtp_packet(payload, pts)

    def _show(self, payload: bytes, pts: int, *, silent: bool) -> None:
        """Tell of the packet unless it is one of a longer silence."""
        self._silent_frames = self._silent_frames + 1 if silent else 0
        if self._silent_frames <= HANGOVER_FRAMES:
            self._on_packet(AudioPacket(payload, pts & 0xFFFFFFFF, pts // FRAME_SAMPLES & 0xFFFF))

    async def _due(self) -> int:
        """Wait for the next frame's time; answer its first sample on the track's clock."""
        loop = asyncio.get_running_loop()
        wait = self._pacer.wait(now=loop.time())
        if wait > 0:
            await asyncio.sleep(wait)
        skipped = self._pacer.skipped_frames
        number = self._pacer.take(now=loop.time())
        if self._pacer.skipped_frames > skipped and (current := self._queue.current) is not None and not self.paused:
            utterance_id, seconds = current
            # The frame just taken carries the rest; the pacer already points at the one after it.
            rest = self._rtp_timestamp(-FRAME_SAMPLES)
            self._tell((PlaybackShifted(utterance_id, rest, seconds),))
        if self._pacer.lateness > STALL_WORTH_LOGGING:
            logger.warning("the event loop stood still for %d ms", self._pacer.lateness * 1_000)
        return number * FRAME_SAMPLES

    def _learn_origin(self) -> None:
        """aiortc sends a packet before it asks for the next, so by the second call the first has a timestamp."""
        if self._origin is None and self._last_pts is not None:
            self._origin = (self._sent_timestamp() - self._last_pts) & 0xFFFFFFFF
            self._flowing.set()

    def _rtp_timestamp(self, samples_ahead: int) -> int:
        if self._origin is None:
            raise RuntimeError("no packet has been sent yet: wait for PeerState.CONNECTED before speaking")
        position = self._pacer.next_frame * FRAME_SAMPLES + samples_ahead
        return (self._origin + position + ENCODER_DELAY_SAMPLES) & 0xFFFFFFFF

    def _tell(self, events: tuple[PlaybackEvent, ...]) -> None:
        for event in events:
            self._on_playback(event)
