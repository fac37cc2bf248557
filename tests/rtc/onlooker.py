"""An agent's page made with aiortc: offers what the console offers, keeps the packets that it is sent."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator

from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpTransceiver, RTCSessionDescription
from aiortc.rtp import RtpPacket

from rtc_server.rtc import seams
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.ports import PeerPolicy, PeerState
from rtc_server.rtc.viewer import Viewer
from tests.rtc.client import Microphone, until


class Onlooker:
    """Two ears, an eye and, where wanted, a microphone."""

    def __init__(self, *, microphone: bool = True, frequency_hz: float = 880.0) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        if microphone:
            person = self.connection.addTransceiver(Microphone(frequency_hz), direction="sendrecv")
        else:
            person = self.connection.addTransceiver("audio", direction="recvonly")
        avatar = self.connection.addTransceiver("audio", direction="recvonly")
        self.camera: RTCRtpTransceiver = self.connection.addTransceiver("video", direction="recvonly")
        self.person: list[RtpPacket] = []
        self.avatar: list[RtpPacket] = []
        self.frames: list[tuple[float, str, bytes, int]] = []
        """When it came, codec, data, RTP timestamp."""
        seams.tap_audio(person.receiver, self.person.append)
        seams.tap_audio(avatar.receiver, self.avatar.append)
        seams.tap_video(self.camera.receiver, self._frame_came, lambda: None)

    def _frame_came(self, codec: str, data: bytes, timestamp: int) -> None:
        self.frames.append((asyncio.get_running_loop().time(), codec, data, timestamp))

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        await self.connection.close()


@dataclasses.dataclass
class Watching:
    """A viewer and the page behind it, connected."""

    viewer: Viewer
    page: Onlooker
    states: list[PeerState]
    voice: list[bytes]


@contextlib.asynccontextmanager
async def watching(hub: MediaHub, *, page: Onlooker | None = None, with_audio: bool = True) -> AsyncIterator[Watching]:
    """A connected onlooker, closed at the end."""
    page = page or Onlooker()
    states: list[PeerState] = []
    voice: list[bytes] = []
    viewer = Viewer(PeerPolicy(), hub, on_state=states.append, on_voice=voice.append, with_audio=with_audio)
    try:
        await page.accept(await viewer.answer(await page.offer()))
        await until(lambda: PeerState.CONNECTED in states)
        yield Watching(viewer, page, states, voice)
    finally:
        await page.close()
        await viewer.close()
