"""What every peer connection of ours has in common: how it is made, and how it answers an offer."""

import asyncio
import logging

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCIceTransportPolicy
from aiortc.rtcicetransport import parse_stun_turn_uri

from rtc_server.observe.failures import log_failure
from rtc_server.rtc import seams, socket_seams
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.sdp import with_public_ip

ANSWER_SECONDS = 10.0
"""Most of it is for a TURN server that does not answer: aioice gives it five."""
CLOSE_SECONDS = 2.0

logger = logging.getLogger(__name__)


def new_connection(policy: PeerPolicy) -> RTCPeerConnection:
    """A connection that has no offer yet. Raises ValueError for an ICE server address that is none."""
    servers = []
    for server in policy.ice_servers:
        for url in server.urls:
            _check_ice_url(url)
        servers.append(RTCIceServer(list(server.urls), server.username or None, server.credential or None))
    # An empty list, not None: aiortc's default would ask a public STUN server.
    transport = RTCIceTransportPolicy.RELAY if policy.relay_only else RTCIceTransportPolicy.ALL
    return RTCPeerConnection(RTCConfiguration(iceServers=servers, iceTransportPolicy=transport))


async def answer_offer(connection: RTCPeerConnection, policy: PeerPolicy, offer: str) -> str:
    """Take an offer that was checked; return the answer with all our candidates. The caller closes the connection.

    Raises PeerError with code ``invalid_sdp`` for what WebRTC cannot answer all the same; ``busy`` when no UDP port of
    the range is free; ``relay_unavailable`` when only relays are allowed and the TURN server gives none.
    """
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            socket_seams.bind_host_candidates(connection, _ports(policy))
            await connection.setLocalDescription(await connection.createAnswer())
    except Exception as error:
        raise PeerError("invalid_sdp", "The offer was refused: WebRTC cannot answer it.") from error
    answer: str = connection.localDescription.sdp
    if "a=candidate:" not in answer:
        raise _unreachable(policy)
    return with_public_ip(answer, policy.public_ip) if policy.public_ip else answer


async def close_connection(connection: RTCPeerConnection) -> None:
    """End sockets, tasks and decoder threads within ``CLOSE_SECONDS``, whatever state the connection is in."""
    ending = asyncio.ensure_future(connection.close())
    await asyncio.wait({ending}, timeout=CLOSE_SECONDS)
    if not ending.done():
        logger.warning("a connection did not close in %.0f s; its threads are ended all the same", CLOSE_SECONDS)
        ending.cancel()
    elif (error := ending.exception()) is not None:
        log_failure(logger, "closing a connection", error)
    seams.stop_decoders(connection)


def _check_ice_url(url: str) -> None:
    try:
        parse_stun_turn_uri(url)
    except ValueError as error:
        raise ValueError(f"ice_servers: {url!r} is no STUN or TURN address such as turn:host:3478") from error


def _unreachable(policy: PeerPolicy) -> PeerError:
    if policy.relay_only:
        return PeerError("relay_unavailable", "The TURN server gave no relay: check ice_servers and its credentials.")
    ports = f"{policy.udp_port_min} to {policy.udp_port_max}" if policy.udp_port_min else "any"
    return PeerError("busy", f"No UDP port is free for another call (udp_port_min to udp_port_max: {ports}).")


def _ports(policy: PeerPolicy) -> range | None:
    return range(policy.udp_port_min, policy.udp_port_max + 1) if policy.udp_port_min else None
