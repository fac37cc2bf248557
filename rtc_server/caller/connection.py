"""The page's side of one peer connection: a voice out, an ear in, messages both ways, and a heartbeat."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiortc import (
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.rtp import RtpPacket

from conversation.speech.ports import Samples
from rtc_server.caller.server_calls import ServerCalls
from rtc_server.rtc import seams, socket_seams
from rtc_server.rtc.audio_in import AudioReceiver
from rtc_server.rtc.audio_out import PacedAudioTrack
from rtc_server.rtc.impairment import Impairment, NetworkProfile, impair
from rtc_server.rtc.message_codec import MessageError, decode_from_server, encode
from rtc_server.rtc.messages import FromPage, FromServer, Hello, Ping
from rtc_server.rtc.peer import CHANNEL_LABEL
from rtc_server.rtc.ports import PlaybackEvent

DIAL_SECONDS = 8.0
"""From the offer to the server's ``hello``."""
SILENCE_SECONDS = 3.0
"""Without any packet for so long the server counts as dead."""
CLOSE_SECONDS = 2.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Network:
    """The network between caller and server, the same in both directions."""

    profile: NetworkProfile = field(default_factory=NetworkProfile)
    seed: int = 1


@dataclass(frozen=True, slots=True)
class ConnectionHandlers:
    """Callbacks on the event loop."""

    message: Callable[[FromServer], None]
    audio: Callable[[Samples, float], None]
    """float32 at 16 kHz, and when its first sample can be heard at the earliest (the loop's clock)."""
    playback: Callable[[PlaybackEvent], None]
    """What the caller's own voice does."""
    dead: Callable[[], None]
    """The server is gone; called once, unless closed before."""


class Connection:
    """Dialled once; a caller that reconnects makes another."""

    def __init__(
        self,
        server: ServerCalls,
        ice_servers: list[dict[str, Any]],
        handlers: ConnectionHandlers,
        network: Network | None = None,
        camera: MediaStreamTrack | None = None,
    ) -> None:
        self._server = server
        self._handlers = handlers
        self._network = network
        self._loop = asyncio.get_running_loop()
        # One transport for everything from the start, so that a bad network can be put on it before the first packet.
        configuration = RTCConfiguration([_ice_server(s) for s in ice_servers], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._connection = RTCPeerConnection(configuration)
        self._ear = AudioReceiver(self._on_audio)
        self.voice = PacedAudioTrack(lambda: seams.sent_timestamp(transceiver.sender), handlers.playback)
        transceiver = self._connection.addTransceiver(self.voice, direction="sendrecv")
        seams.tap_audio(transceiver.receiver, self._on_packet)
        if camera is not None:
            self._connection.addTransceiver(camera, direction="sendonly")
        self._channel = self._connection.createDataChannel(CHANNEL_LABEL)
        self._channel.on("message", self._on_message)
        self._channel.on("close", self._die)
        self._connection.on("connectionstatechange", self._on_state)
        self._greeted = asyncio.Event()
        self._heartbeat: asyncio.Task[None] | None = None
        self._heard_at = self._loop.time()
        self._closed = False
        self.peer_id = ""

    async def dial(self, page_id: str) -> None:
        """Offer, take the answer, and wait for the server's ``hello``.

        Raises CallFailed when the server refuses and TimeoutError when it does not greet within DIAL_SECONDS.
        """
        async with asyncio.timeout(DIAL_SECONDS):
            socket_seams.bind_host_candidates(self._connection, None)
            await self._connection.setLocalDescription(await self._connection.createOffer())
            answer = await self._server.offer(page_id, self._connection.localDescription.sdp)
            self.peer_id = answer["peerId"]
            await self._connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
            if self._network is not None:
                profile, seed = self._network.profile, self._network.seed
                impair(
                    self._connection, outgoing=Impairment(profile, 2 * seed), incoming=Impairment(profile, 2 * seed + 1)
                )
            await self._greeted.wait()
            await self.voice.flowing()

    def send(self, message: FromPage) -> bool:
        """Send a message; False when it cannot be sent now."""
        if self._channel.readyState != "open":
            return False
        self._channel.send(encode(message))
        return True

    async def close(self) -> None:
        """End everything within CLOSE_SECONDS."""
        self._closed = True
        if self._heartbeat is not None:
            self._heartbeat.cancel()
        self._ear.close()
        ending = asyncio.ensure_future(self._connection.close())
        await asyncio.wait({ending}, timeout=CLOSE_SECONDS)
        ending.cancel()
        seams.stop_decoders(self._connection)
        self.voice.stop()

    # What arrives

    def _on_packet(self, packet: RtpPacket) -> None:
        self._heard_at = self._loop.time()
        self._ear.receive(packet.ssrc, packet.sequence_number, packet.timestamp, packet.payload)

    def _on_audio(self, samples: Samples, first: int) -> None:
        if not self._closed:
            self._handlers.audio(samples, self._loop.time())

    def _on_message(self, data: str | bytes) -> None:
        self._heard_at = self._loop.time()
        try:
            message = decode_from_server(data)
        except MessageError as error:
            logger.warning("message from the server not understood: %s", error)
            return
        if message is None or self._closed:
            return
        if isinstance(message, Hello):
            self._greeted.set()
            if self._heartbeat is None:
                self._heartbeat = asyncio.create_task(self._beat(message.heartbeat_ms / 1000), name="caller-heartbeat")
        self._handlers.message(message)

    # Alive or not

    async def _beat(self, every: float) -> None:
        while not self._closed:
            self.send(Ping(time.monotonic() * 1000))
            await asyncio.sleep(max(0.1, every))
            if self._loop.time() - self._heard_at > SILENCE_SECONDS:
                self._die()

    def _on_state(self) -> None:
        if self._connection.connectionState == "failed":
            self._die()

    def _die(self) -> None:
        if not self._closed:
            self._closed = True
            self._handlers.dead()


def _ice_server(data: dict[str, Any]) -> RTCIceServer:
    return RTCIceServer(data["urls"], username=data.get("username"), credential=data.get("credential"))
