"""Settings of WebRTC."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """WebRTC."""

    udp_ports: str = ""
    """Range of local UDP ports, such as ``10000-10100``; empty = any."""
    public_ip: str = ""
    """Public address written into candidates behind a 1:1 NAT; empty = the addresses as they are."""
    stun_url: str = ""
    """STUN server, such as ``stun:stun.example.org:3478``; none by default, so nothing outside is asked."""
    turn_url: str = ""
    """TURN server, such as ``turn:turn.example.org:3478?transport=udp``."""
    turn_username: str = ""
    """User name at the TURN server."""
    turn_credential: str = field(default="", repr=False)
    """Password at the TURN server."""
    relay_only: bool = False
    """Use nothing but the TURN server."""
    max_sessions: int = 8
    """Sessions with a page connected at once; one more is asked to come back."""
