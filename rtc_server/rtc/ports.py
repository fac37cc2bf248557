"""What the WebRTC edge is told to do and what it reports; the session drives it through these."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from conversation.speech.ports import Samples
from rtc_server.rtc.messages import FromPage


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


PlaybackEvent = PlaybackStarted | PlaybackEnded


@dataclass(frozen=True, slots=True)
class PeerHandlers:
    """Callbacks of one peer, all called on the event loop; none may block."""

    audio: Callable[[Samples, int], None]
    """float32 mono at 16 kHz, and the index of its first sample in this peer's stream (holes are filled, so indices
    are contiguous)."""
    message: Callable[[FromPage], None]
    state: Callable[[PeerState], None]
    playback: Callable[[PlaybackEvent], None]


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
