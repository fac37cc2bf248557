"""What the WebRTC edge is told to do and what it reports; the session drives it through these."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from conversation.speech.ports import AudioSink, Samples
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.messages import FromPage, FromServer
from vision.ports import FrameSource


class PeerState(StrEnum):
    """Where a peer stands; it only ever moves down this list."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    """Media flows and the data channel is open."""
    LOST = "lost"
    """Nothing heard for the time-out: dead as far as we know, to be replaced by a fresh peer."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """The first sample of an utterance went out."""

    utterance_id: str


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """The last sample of an utterance went out, or it was stopped."""

    utterance_id: str
    played_seconds: float
    """How much of it was sent."""
    completed: bool
    """False when it was stopped before its end."""


@dataclass(frozen=True, slots=True)
class PlaybackShifted:
    """Outgoing time was skipped in mid-utterance (this process stood still): the rest is heard later than was told."""

    utterance_id: str
    rtp_timestamp: int
    """RTP timestamp of the first sample of the rest."""
    played_seconds: float
    """How much was sent before it."""


PlaybackEvent = PlaybackStarted | PlaybackEnded | PlaybackShifted


@dataclass(frozen=True, slots=True)
class PeerHandlers:
    """Callbacks of one peer, all called on the event loop; none may block."""

    audio: Callable[[Samples, int], None]
    """float32 mono at 16 kHz, and the index of its first sample in this peer's stream (holes are filled, so indices
    are contiguous)."""
    message: Callable[[FromPage], None]
    state: Callable[[PeerState], None]
    playback: Callable[[PlaybackEvent], None]
    hub: MediaHub | None = None
    """What the peer feeds with its media, encoded as they are; None when nobody will ever look on."""


@dataclass(frozen=True, slots=True)
class IceServer:
    """One STUN or TURN server (W3C RTCIceServer)."""

    urls: tuple[str, ...]
    username: str = ""
    credential: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class PeerPolicy:
    """Network settings of every peer."""

    ice_servers: tuple[IceServer, ...] = ()
    """Used by the server itself and offered to pages; none by default, so nothing outside is asked."""
    relay_only: bool = False
    public_ip: str = ""
    """Written into host candidates behind a 1:1 NAT; empty = the addresses as they are."""
    udp_port_min: int = 0
    udp_port_max: int = 0
    """Range of local UDP ports, inclusive; 0 = any."""
    heartbeat_ms: int = 1000
    peer_timeout_seconds: float = 3.0


class PeerPort(Protocol):
    """One peer connection, as the session sees it; ``rtc_server.rtc.peer.Peer`` is the real one."""

    @property
    def state(self) -> PeerState:
        """Where it stands."""

    @property
    def audio_out(self) -> AudioSink:
        """Where the avatar's speech goes."""

    @property
    def frames(self) -> FrameSource:
        """The newest frame of the person's camera."""

    async def answer(self, offer_sdp: str) -> str:
        """Take the page's offer, return the answer. Raises PeerError."""

    async def add_candidates(self, candidates: Iterable[Mapping[str, Any]]) -> None:
        """Add trickled candidates. Raises PeerError."""

    def send(self, message: FromServer) -> None:
        """Send a message; one that cannot go out is dropped."""

    async def close(self) -> None:
        """End everything; may be called again."""


PeerFactory = Callable[[PeerHandlers], PeerPort]
"""Makes a fresh peer that reports to these handlers."""


@dataclass(frozen=True, slots=True)
class ViewerStatistics:
    """What a viewer was sent since it began."""

    frames_sent: int
    frames_dropped: int
    """Frames that could not be shown without others before them, or that came too fast."""
    user_packets: int
    avatar_packets: int
    voice_packets: int
    """Of the onlooker's own microphone, handed on."""


class ViewerPort(Protocol):
    """One onlooker's connection; ``rtc_server.rtc.viewer.Viewer`` is the real one."""

    @property
    def state(self) -> PeerState:
        """Where it stands; one that is LOST is to be closed, and its page makes a new offer."""

    @property
    def statistics(self) -> ViewerStatistics:
        """Counters since the start."""

    async def answer(self, offer_sdp: str) -> str:
        """Take the offer of an agent's page, return the answer with all candidates. Raises PeerError."""

    async def close(self) -> None:
        """End everything; may be called again."""


class ViewerFactory(Protocol):
    """Makes a fresh viewer of a hub; ``rtc_server.rtc.viewers.Viewers`` is the real one."""

    def __call__(
        self,
        hub: MediaHub,
        *,
        on_state: Callable[[PeerState], None],
        on_voice: Callable[[bytes], None],
        with_audio: bool = True,
    ) -> ViewerPort:
        """``on_voice`` gets the Opus packets of the onlooker's microphone, 20 ms each, in order. Without audio nothing
        is heard either way. Raises PeerError with code ``busy`` when there are too many viewers."""
