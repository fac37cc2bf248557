"""Session descriptions and candidates: what a page's offer must contain, and our answer behind a NAT (pure)."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from aiortc import RTCIceCandidate
from aiortc.sdp import MediaDescription, SessionDescription, candidate_from_sdp

from rtc_server.rtc.errors import PeerError

MAX_SDP_BYTES = 262_144
MAX_CANDIDATES = 100
"""Of one page; each makes the server send connectivity checks to an address that the page chose."""
MAX_CANDIDATE_CHARACTERS = 1_000

_LISTENING = ("sendrecv", "recvonly")


def check_offer(sdp: str) -> None:
    """Raise PeerError(code ``invalid_sdp``) unless the offer has all that a session needs; the text says what lacks."""
    description = _parsed(sdp)
    audio = _sections(description, "audio")
    if not audio:
        raise _invalid("it has no audio section (m=audio)")
    if len(audio) > 1:
        raise _invalid("it has more than one audio section")
    if audio[0].direction not in _LISTENING:
        raise _invalid(f"its audio is {audio[0].direction}; it must be sendrecv, or recvonly without a microphone")
    if not any(codec.mimeType.lower() == "audio/opus" for codec in audio[0].rtp.codecs):
        raise _invalid("its audio does not offer Opus")
    if len(_sections(description, "video")) > 1:
        raise _invalid("it has more than one video section")
    _check_parts(description)


def check_viewer_offer(sdp: str, *, video_codec: str) -> None:
    """Raise PeerError(code ``invalid_sdp``) unless an agent's page offers what a viewer sends, and nothing else.

    That is two audio sections, of which the first may bring the agent's microphone, and one for video that takes
    ``video_codec``, which is what the person's camera is encoded with.
    """
    description = _parsed(sdp)
    audio, video = _sections(description, "audio"), _sections(description, "video")
    if len(audio) != 2 or len(video) != 1 or len(description.media) != 3:
        raise _invalid("it must have two audio sections and one for video, and nothing else")
    if audio[0].direction not in _LISTENING:
        raise _invalid(
            f"its first audio is {audio[0].direction}; it must be sendrecv, or recvonly without a microphone"
        )
    for section in (audio[1], video[0]):
        if section.direction != "recvonly":
            raise _invalid(f"its second audio and its video must be recvonly, not {section.direction}")
    for section, codec in ((audio[0], "audio/opus"), (audio[1], "audio/opus"), (video[0], f"video/{video_codec}")):
        if not any(offered.mimeType.lower() == codec.lower() for offered in section.rtp.codecs):
            raise _invalid(f"its {section.kind} does not offer {codec.split('/')[1]}")
    _check_transports(description)


def check_data_offer(sdp: str) -> None:
    """Raise PeerError(code ``invalid_sdp``) unless the offer has one data channel section, and nothing else."""
    description = _parsed(sdp)
    if len(description.media) > 1:
        raise _invalid("it has more than a data channel section")
    _check_parts(description)


def _parsed(sdp: str) -> SessionDescription:
    if not isinstance(sdp, str) or not sdp.strip():
        raise _invalid("it is empty")
    if len(sdp.encode("utf-8", "replace")) > MAX_SDP_BYTES:
        raise _invalid(f"it is longer than {MAX_SDP_BYTES // 1024} kB")
    if not sdp.startswith("v=0"):
        raise _invalid("it does not begin with 'v=0'")
    try:
        return SessionDescription.parse(sdp)
    except Exception as error:  # aiortc's parser raises whatever its string handling runs into
        raise _invalid("it cannot be parsed") from error


def _check_parts(description: SessionDescription) -> None:
    """One data channel section, and what holds for every offer."""
    if len(_sections(description, "application")) != 1:
        raise _invalid("it has no data channel (exactly one m=application section)")
    _check_transports(description)


def _check_transports(description: SessionDescription) -> None:
    """A bounded number of candidates, and what each section needs for its transport."""
    if sum(len(media.ice_candidates) for media in description.media) > MAX_CANDIDATES:
        raise _invalid(f"it has more than {MAX_CANDIDATES} candidates")
    for media in description.media:
        _check_transport(media)


def _check_transport(media: MediaDescription) -> None:
    if media.ice is None or not media.ice.usernameFragment or not media.ice.password:
        raise _invalid(f"its {media.kind} section has no ICE user name and password (a=ice-ufrag, a=ice-pwd)")
    if media.dtls is None or not media.dtls.fingerprints:
        raise _invalid(f"its {media.kind} section has no DTLS fingerprint (a=fingerprint)")
    if media.kind != "application" and not media.rtcp_mux:
        raise _invalid(f"its {media.kind} section does not multiplex RTCP (a=rtcp-mux)")


def _sections(description: SessionDescription, kind: str) -> list[MediaDescription]:
    return [media for media in description.media if media.kind == kind]


def _invalid(reason: str) -> PeerError:
    return PeerError("invalid_sdp", f"The offer was refused: {reason}.")


def split_hidden_candidates(offer: str) -> tuple[str, list[RTCIceCandidate]]:
    """The offer without its mDNS candidates, and these, to be added later: each name may take a second to resolve."""
    hidden: list[RTCIceCandidate] = []
    kept: list[str] = []
    section = -1
    for line in offer.splitlines(keepends=True):
        section += line.startswith("m=")
        if line.startswith("a=candidate:") and ".local " in line:
            candidate = parse_candidate({"candidate": line.strip(), "sdpMLineIndex": section})
            hidden += [candidate] if candidate else []
        else:
            kept.append(line)
    return "".join(kept), hidden


def without_hidden_candidates(offer: str) -> str:
    """The offer without its mDNS candidates, for a page whose own checks show where it is; so more may always come."""
    visible, _ = split_hidden_candidates(offer)
    lines = visible.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("a=end-of-candidates"))


def parse_candidate(init: Mapping[str, Any]) -> RTCIceCandidate | None:
    """An RTCIceCandidateInit as a browser serialises it; None for its end-of-candidates (an empty ``candidate``).

    Raises PeerError(code ``invalid_candidate``), whose text names the field.
    """
    text = init.get("candidate")
    mid, line = init.get("sdpMid"), init.get("sdpMLineIndex")
    if not isinstance(text, str) or len(text) > MAX_CANDIDATE_CHARACTERS:
        raise _bad_candidate(f"'candidate' must be a text of at most {MAX_CANDIDATE_CHARACTERS} characters")
    if mid is not None and not isinstance(mid, str):
        raise _bad_candidate("'sdpMid' must be a text or null")
    if line is not None and (type(line) is not int or line < 0):
        raise _bad_candidate("'sdpMLineIndex' must be a number from 0 or null")
    if not text.strip():
        return None
    if mid is None and line is None:
        raise _bad_candidate("one of 'sdpMid' and 'sdpMLineIndex' must be given")
    try:
        candidate = candidate_from_sdp(text.removeprefix("a=").removeprefix("candidate:"))
    except (AssertionError, ValueError, IndexError) as error:
        raise _bad_candidate("'candidate' does not follow RFC 8839 §5.1") from error
    if not candidate.ip.endswith(".local"):
        try:
            ipaddress.ip_address(candidate.ip)
        except ValueError as error:
            raise _bad_candidate("'candidate' holds neither an IP address nor an mDNS name") from error
    if candidate.type not in ("host", "srflx", "prflx", "relay") or not 0 <= candidate.port <= 65_535:
        raise _bad_candidate("'candidate' has an unknown type or an impossible port")
    candidate.sdpMid = mid
    candidate.sdpMLineIndex = line
    return candidate


def _bad_candidate(reason: str) -> PeerError:
    return PeerError("invalid_candidate", f"The candidate was refused: {reason}.")


def with_public_ip(answer: str, public_ip: str) -> str:
    """Our answer as seen from outside a 1:1 NAT: IPv4 host candidates carry the public address.

    Other host candidates (IPv6) are left as they are; server-reflexive and relayed ones already tell the truth.
    """
    return "".join(_outside(line, public_ip) for line in answer.splitlines(keepends=True))


def _outside(line: str, public_ip: str) -> str:
    fields = line.split(" ")
    if line.startswith("c=IN IP4 "):
        return f"c=IN IP4 {public_ip}\r\n"
    if line.startswith("a=candidate:") and fields[7].strip() == "host" and ":" not in fields[4]:
        fields[4] = public_ip
        return " ".join(fields)
    return line
