"""The page's side of a call, made with aiortc: a microphone that plays samples, an ear that keeps packets."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.rtp import RtpPacket

from conversation.speech.ports import Samples
from rtc_server.rtc import seams
from rtc_server.rtc.message_codec import decode_from_server, encode
from rtc_server.rtc.messages import FromPage, FromServer
from rtc_server.rtc.opus import FRAME_SAMPLES, OpusDecoder, Pcm
from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import PeerHandlers, PeerPolicy, PeerState, PlaybackEvent


def sine(seconds: float, rate_hz: int, frequency_hz: float = 440.0, amplitude: float = 0.5) -> Samples:
    """float32 mono."""
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    return (amplitude * np.sin(2 * np.pi * frequency_hz * time)).astype(np.float32)


def frequency_of(samples: np.ndarray, rate_hz: int) -> float:
    """The strongest frequency."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(np.argmax(spectrum) * rate_hz / samples.size)


class Microphone(MediaStreamTrack):
    """Plays a sine for ever in 20 ms frames."""

    kind = "audio"

    def __init__(self, frequency_hz: float = 440.0) -> None:
        super().__init__()
        self._frequency_hz = frequency_hz
        self._frames = 0
        self._started_at: float | None = None

    async def recv(self) -> av.AudioFrame:
        loop = asyncio.get_running_loop()
        if self._started_at is None:
            self._started_at = loop.time()
        await asyncio.sleep(max(0.0, self._started_at + self._frames * 0.02 - loop.time()))
        time = (self._frames * FRAME_SAMPLES + np.arange(FRAME_SAMPLES)) / 48_000
        pcm = (16_000 * np.sin(2 * np.pi * self._frequency_hz * time)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = 48_000
        frame.pts = self._frames * FRAME_SAMPLES
        frame.time_base = Fraction(1, 48_000)
        self._frames += 1
        return frame


class Camera(MediaStreamTrack):
    """Noise, which no codec makes small: 160x120 at 20 a second, several packets each."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._noise = np.random.default_rng(0)
        self._frames = 0
        self._started_at: float | None = None

    async def recv(self) -> av.VideoFrame:
        loop = asyncio.get_running_loop()
        if self._started_at is None:
            self._started_at = loop.time()
        await asyncio.sleep(max(0.0, self._started_at + self._frames / 20 - loop.time()))
        picture = self._noise.integers(0, 256, (120, 160, 3), dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = self._frames * 4_500
        frame.time_base = Fraction(1, 90_000)
        self._frames += 1
        return frame


@dataclass
class Heard:
    """What a peer's handlers were told."""

    chunks: list[tuple[int, Samples]] = field(default_factory=list)
    messages: list[FromPage] = field(default_factory=list)
    states: list[PeerState] = field(default_factory=list)
    playback: list[PlaybackEvent] = field(default_factory=list)

    def handlers(self) -> PeerHandlers:
        return PeerHandlers(
            audio=lambda samples, first: self.chunks.append((first, samples)),
            message=self.messages.append,
            state=self.states.append,
            playback=self.playback.append,
        )

    @property
    def samples(self) -> Samples:
        return np.concatenate([samples for _, samples in self.chunks])


class Page:
    """Offers like the session page, listens to packets as they come, talks on the data channel."""

    def __init__(
        self, *, camera: bool = False, microphone: bool = True, configuration: RTCConfiguration | None = None
    ) -> None:
        self.connection = RTCPeerConnection(configuration or RTCConfiguration(iceServers=[]))
        self.microphone = Microphone()
        if microphone:
            transceiver = self.connection.addTransceiver(self.microphone, direction="sendrecv")
        else:
            transceiver = self.connection.addTransceiver("audio", direction="recvonly")
        if camera:
            self.connection.addTransceiver(Camera(), direction="sendonly")
        self.channel: RTCDataChannel = self.connection.createDataChannel("visavis")
        self.channel.on("message", self._on_message)
        self.opened = asyncio.Event()
        self.channel.on("open", self.opened.set)
        self.packets: list[tuple[float, RtpPacket]] = []
        self.messages: list[FromServer | None] = []
        seams.tap_audio(transceiver.receiver, self._on_packet)

    def _on_packet(self, packet: RtpPacket) -> None:
        self.packets.append((asyncio.get_running_loop().time(), packet))

    def _on_message(self, data: str) -> None:
        self.messages.append(decode_from_server(data))

    def send(self, message: FromPage) -> None:
        self.channel.send(encode(message))

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def accept(self, answer: str) -> None:
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    def heard_pcm(self) -> tuple[int, Pcm]:
        """What a decoder makes of all packets, and the RTP timestamp of the first sample."""
        decoder = OpusDecoder()
        origin = self.packets[0][1].timestamp
        decoded = [(p.timestamp, decoder.decode(p.payload, FRAME_SAMPLES)) for _, p in self.packets]
        length = ((decoded[-1][0] - origin) & 0xFFFFFFFF) + FRAME_SAMPLES
        pcm = np.zeros(length, dtype=np.int16)
        for timestamp, part in decoded:
            start = (timestamp - origin) & 0xFFFFFFFF
            assert part is not None
            pcm[start : start + FRAME_SAMPLES] = part
        return origin, pcm

    async def close(self) -> None:
        await self.connection.close()


@dataclasses.dataclass
class Call:
    """A page and a peer that are connected."""

    page: Page
    peer: Peer
    heard: Heard


async def until(condition: Callable[[], bool], timeout: float = 5.0) -> None:
    """Wait for a condition; fails the test when it does not come true in time."""
    async with asyncio.timeout(timeout):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def calling(
    *, policy: PeerPolicy | None = None, page: Page | None = None, heard: Heard | None = None
) -> AsyncIterator[Call]:
    """A connected call, closed at the end."""
    heard = heard or Heard()
    page = page or Page()
    peer = Peer(policy or PeerPolicy(), heard.handlers())
    try:
        await page.accept(await peer.answer(await page.offer()))
        await until(lambda: PeerState.CONNECTED in heard.states and page.opened.is_set())
        yield Call(page, peer, heard)
    finally:
        await page.close()
        await peer.close()
