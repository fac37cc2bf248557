"""Which addresses and ports aioice 0.13.0 binds: private names of its agent, see ``seams.py`` for the others."""

import asyncio
import logging
import random
import socket
from collections.abc import Awaitable, Callable

import aioice.candidate
import aioice.ice
import aioice.stun
import aioice.turn
from aiortc import RTCPeerConnection

from rtc_server.rtc import seams

logger = logging.getLogger(__name__)


def bind_host_candidates(connection: RTCPeerConnection, ports: range | None) -> None:
    """Gather host candidates on UDP ports of ``ports`` (None: any), and on loopback when there is no other address.

    aioice binds port 0 without a choice (aioice#47), which no firewall rule or container port mapping can follow.
    To be called between the remote and the local description.
    """
    for agent in seams.ice_connections(connection):
        original = agent.get_component_candidates

        async def gather(
            component: int,
            addresses: list[str],
            timeout: int = 5,
            agent: aioice.ice.Connection = agent,
            original: Callable[..., Awaitable[list[aioice.Candidate]]] = original,
        ) -> list[aioice.Candidate]:
            if agent._transport_policy == aioice.TransportPolicy.ALL and not addresses:
                addresses = ["127.0.0.1"]
            protocols = [p for a in addresses if (p := await _bind(agent, component, a, ports)) is not None]
            agent._protocols += protocols
            candidates = [protocol.local_candidate for protocol in protocols]
            candidates += await _server_reflexive(agent, protocols, timeout)
            # With no addresses left to bind, the original only asks the TURN server.
            return candidates + await original(component, [], timeout)

        setattr(agent, "get_component_candidates", gather)  # noqa: B010 - a method is replaced on purpose


async def _bind(
    agent: aioice.ice.Connection, component: int, address: str, ports: range | None
) -> aioice.ice.StunProtocol | None:
    loop = asyncio.get_running_loop()
    for port in _shuffled(ports):
        try:
            transport, protocol = await loop.create_datagram_endpoint(
                lambda: aioice.ice.StunProtocol(agent), local_addr=(address, port)
            )
        except OSError:
            continue
        buffer_bytes = aioice.turn.UDP_SOCKET_BUFFER_SIZE
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        host, bound_port = transport.get_extra_info("sockname")[:2]
        protocol.local_candidate = aioice.Candidate(
            foundation=aioice.candidate.candidate_foundation("host", "udp", host),
            component=component,
            transport="udp",
            priority=aioice.candidate.candidate_priority(component, "host"),
            host=host,
            port=bound_port,
            type="host",
        )
        return protocol
    logger.warning("no free UDP port in %s on one of the addresses", f"{ports[0]}-{ports[-1]}" if ports else "any")
    return None


def _shuffled(ports: range | None) -> list[int]:
    """Ports to try, in random order, so that concurrent peers seldom collide."""
    return random.sample(ports, len(ports)) if ports else [0]


async def _server_reflexive(
    agent: aioice.ice.Connection, protocols: list[aioice.ice.StunProtocol], timeout: float
) -> list[aioice.Candidate]:
    if agent.stun_server is None:
        return []
    queries = [
        aioice.ice.server_reflexive_candidate(protocol, agent.stun_server)
        for protocol in protocols
        if ":" not in protocol.local_candidate.host
    ]
    if not queries:
        return []
    done, pending = await asyncio.wait([asyncio.ensure_future(query) for query in queries], timeout=timeout)
    for task in pending:
        task.cancel()
    return [task.result()[0] for task in done if task.exception() is None]
