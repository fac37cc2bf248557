"""One WebRTC peer: a page's offer in, audio, frames and messages out, and a verdict on whether it is still there."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCDataChannel,
    RTCIceCandidate,
    RTCPeerConnection,
    RTCRtpSender,
)
from aiortc.rtp import RtpPacket

from rtc_server.observe.failures import log_failure
from rtc_server.rtc import seams
from rtc_server.rtc.audio_in import AudioReceiver
from rtc_server.rtc.audio_out import PacedAudioTrack
from rtc_server.rtc.connecting import CLOSE_SECONDS, answer_offer, close_connection, new_connection
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.frames_in import NewestFrame
from rtc_server.rtc.hub_feed import HubFeed
from rtc_server.rtc.message_codec import MessageError, decode_from_page, encode
from rtc_server.rtc.messages import FromServer, Ping, Pong
from rtc_server.rtc.ports import PeerHandlers, PeerPolicy, PeerState, PlaybackEvent
from rtc_server.rtc.sdp import (
    MAX_CANDIDATES,
    check_offer,
    parse_candidate,
    split_hidden_candidates,
)

CHANNEL_LABEL = "visavis"
CONNECT_SECONDS = 15.0
"""From the answer to media and data channel; a page that needs longer starts again."""
CANDIDATE_SECONDS = 2.0
FREEZE_SECONDS = 1.0
"""Without a frame for this long while video packets were coming, a key frame is asked for."""
MAX_UNSENT_BYTES = 1_048_576
"""Messages for a page that no longer takes any are dropped beyond this."""

_WATCH_SECONDS = 0.25

logger = logging.getLogger(__name__)


class Peer:
    """A peer connection made from one offer. It lives on the event loop and reports through ``handlers``.

    A peer that is LOST stops speaking and keeps its sockets until ``close``; a page that comes back gets a fresh Peer.
    Pings are answered here and not handed on. Raises ValueError for an ICE server address that is none.
    """

    def __init__(self, policy: PeerPolicy, handlers: PeerHandlers) -> None:
        self._policy = policy
        self._handlers = handlers
        self._loop = asyncio.get_running_loop()
        self._connection = new_connection(policy)
        self._receiver = AudioReceiver(lambda samples, first: self._call("audio", handlers.audio, samples, first))
        self._sender: RTCRtpSender | None = None
        self._channel: RTCDataChannel | None = None
        self._state = PeerState.CONNECTING
        self._heard_at = self._loop.time()
        self._unfrozen_at = 0.0
        self._candidates = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None
        self._feed = HubFeed(handlers.hub, self._connection)
        self.audio_out = PacedAudioTrack(self._sent_timestamp, self._on_playback, self._feed.avatar_packet)
        self.frames = NewestFrame()
        self.messages_dropped = 0
        """Messages for the page that could not be sent."""
        self.messages_refused = 0
        """Messages from the page that could not be understood."""

    @property
    def state(self) -> PeerState:
        return self._state

    @property
    def connection(self) -> RTCPeerConnection:
        """aiortc's object, for statistics and for tests that impair the network."""
        return self._connection

    @property
    def audio_in(self) -> AudioReceiver:
        """The receiving end, for its statistics."""
        return self._receiver

    # Signalling

    async def answer(self, offer_sdp: str) -> str:
        """Take the page's offer and answer it; the answer holds all our candidates. Once per peer.

        Raises PeerError with code ``invalid_sdp``, naming what is missing; ``busy`` when no UDP port of the range is
        free; ``relay_unavailable`` when only relays are allowed and the TURN server gives none.
        """
        check_offer(offer_sdp)
        if self._sender is not None:
            raise RuntimeError("a peer answers one offer; make a new Peer for the next")
        connection = self._connection
        connection.on("track", self._on_track)
        connection.on("datachannel", self._on_channel)
        connection.on("connectionstatechange", self._on_connection_state)
        # Added first, so that the page's audio section finds it and we answer with Opus alone.
        transceiver = connection.addTransceiver(self.audio_out, direction="sendrecv")
        capabilities = RTCRtpSender.getCapabilities("audio")
        transceiver.setCodecPreferences([c for c in capabilities.codecs if c.mimeType.lower() == "audio/opus"])
        self._sender = transceiver.sender
        seams.tap_audio(transceiver.receiver, self._on_audio_packet)
        offer, hidden = split_hidden_candidates(offer_sdp)
        try:
            answer = await answer_offer(connection, self._policy, offer)
        except PeerError:
            await self.close()
            raise
        self._heard_at = self._loop.time()
        self._feed.open()
        self._start(self._watch())
        self._start(self._add_all(hidden))
        return answer

    async def add_candidates(self, candidates: Iterable[Mapping[str, Any]]) -> None:
        """Add the page's trickled candidates (RTCIceCandidateInit each).

        Raises PeerError with code ``invalid_candidate``, naming the field; then none of them was added.
        """
        parsed = [parse_candidate(init) for init in candidates]
        self._candidates += len(parsed)
        if self._candidates > MAX_CANDIDATES:
            raise PeerError("invalid_candidate", f"More than {MAX_CANDIDATES} candidates for one peer.")
        await self._add_all(parsed)

    async def _add_all(self, candidates: Iterable[RTCIceCandidate | None]) -> None:
        # Together, because a name may have to be looked up; in order, because the last one may be the end.
        await asyncio.gather(*(self._add(candidate) for candidate in candidates))

    async def _add(self, candidate: RTCIceCandidate | None) -> None:
        if self._closing is not None:
            return
        try:
            async with asyncio.timeout(CANDIDATE_SECONDS):
                await self._connection.addIceCandidate(candidate)
        except (OSError, TimeoutError, ValueError) as error:
            # A name that nobody answers to, or a candidate after the end: ICE goes on with the others.
            logger.info("candidate not used: %s", type(error).__name__)

    # Messages

    def send(self, message: FromServer) -> None:
        """Send a message to the page; one that cannot go out is dropped and counted."""
        channel = self._channel
        if channel is None or channel.readyState != "open" or channel.bufferedAmount > MAX_UNSENT_BYTES:
            self.messages_dropped += 1
            return
        try:
            channel.send(encode(message))
        except Exception as error:  # the association may end between the check and the call
            self.messages_dropped += 1
            logger.info("message not sent: %s", type(error).__name__)

    def _on_channel(self, channel: RTCDataChannel) -> None:
        if channel.label != CHANNEL_LABEL or self._channel is not None:
            channel.close()
            return
        self._channel = channel
        channel.on("message", self._on_message)
        channel.on("close", lambda: self._move(PeerState.LOST))
        self._start(self._become_connected())

    def _on_message(self, data: str | bytes) -> None:
        self._heard_at = self._loop.time()
        try:
            message = decode_from_page(data)
        except MessageError as error:
            self.messages_refused += 1
            logger.warning("message refused: %s", error)
            return
        if isinstance(message, Ping):
            self.send(Pong(at_ms=message.at_ms))
        elif message is not None:
            self._call("message", self._handlers.message, message)

    # Media

    def _on_audio_packet(self, packet: RtpPacket) -> None:
        self._heard_at = self._loop.time()
        self._feed.user_packet(packet)
        self._receiver.receive(packet.ssrc, packet.sequence_number, packet.timestamp, packet.payload)

    def _on_track(self, track: MediaStreamTrack) -> None:
        # Audio frames never come this way, see seams.tap_audio.
        if track.kind == "video":
            self._feed.take_track(track)
            self._start(self.frames.drain(track))

    def _on_playback(self, event: PlaybackEvent) -> None:
        self._call("playback", self._handlers.playback, event)

    def _sent_timestamp(self) -> int:
        assert self._sender is not None, "the track is only read by the sender"
        return seams.sent_timestamp(self._sender)

    # Alive or not

    async def _become_connected(self) -> None:
        """The channel is open, so DTLS is up; wait for the first packet out, from which RTP timestamps are known."""
        await self.audio_out.flowing()
        self._heard_at = self._loop.time()
        self._move(PeerState.CONNECTED)

    def _on_connection_state(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self._move(PeerState.LOST)

    async def _watch(self) -> None:
        connect_by = self._loop.time() + CONNECT_SECONDS
        while self._state in (PeerState.CONNECTING, PeerState.CONNECTED):
            slept_at = self._loop.time()
            await asyncio.sleep(_WATCH_SECONDS)
            now = self._loop.time()
            # While the loop stands still nobody can be heard, and what came meanwhile is still in the sockets.
            stood_still = now - slept_at - _WATCH_SECONDS
            self._heard_at += stood_still
            connect_by += stood_still
            if self._state is PeerState.CONNECTED:
                await self._check_pulse(now)
            elif now > connect_by:
                logger.info("peer not connected after %.0f s", CONNECT_SECONDS)
                self._move(PeerState.LOST)

    async def _check_pulse(self, now: float) -> None:
        frame_at = self.frames.last_at
        if frame_at is not None:
            self._heard_at = max(self._heard_at, frame_at)
            if now - max(frame_at, self._unfrozen_at) > FREEZE_SECONDS:
                self._unfrozen_at = now
                await self._unfreeze()
        if now - self._heard_at > self._policy.peer_timeout_seconds:
            logger.info("peer silent for %.1f s", now - self._heard_at)
            self._move(PeerState.LOST)

    async def _unfreeze(self) -> None:
        for transceiver in self._connection.getTransceivers():
            if transceiver.kind == "video":
                await seams.unfreeze(transceiver.receiver)

    def _move(self, state: PeerState) -> None:
        """States only go down the list of PeerState."""
        order = list(PeerState)
        if order.index(state) <= order.index(self._state) or (self._closing and state is not PeerState.CLOSED):
            return
        self._state = state
        try:
            self._handlers.state(state)
        except Exception as error:
            log_failure(logger, "peer state", error)
        if state is PeerState.LOST:
            # Nobody hears it any more; what was cut short is told, so that it is not taken for said.
            self.audio_out.stop_speaking()
            self._feed.close()

    # The end

    async def close(self) -> None:
        """End everything within CLOSE_SECONDS: sockets, tasks and decoder threads. May be called again."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        self.audio_out.stop_speaking()
        self._receiver.close()
        self._feed.close()
        for task in self._tasks:
            task.cancel()
        await close_connection(self._connection)
        self.audio_out.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_SECONDS)
        self._move(PeerState.CLOSED)

    def _start(self, coroutine: Any) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log_failure(logger, "peer task", error)
            self._move(PeerState.LOST)

    def _call(self, name: str, handler: Callable[..., None], *arguments: Any) -> None:
        """A handler that fails must not end aiortc's loops unseen: the peer is LOST, and the log says where."""
        try:
            handler(*arguments)
        except Exception as error:
            log_failure(logger, f"peer {name}", error)
            self._move(PeerState.LOST)
