"""Whether the configured STUN and TURN servers answer: a real binding request, a real allocation."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aioice import stun, turn
from aiortc.rtcicetransport import parse_stun_turn_uri

from rtc_server.doctor.report import Check, Outcome

ANSWER_TIMEOUT = 5.0
CLOSE_TIMEOUT = 1.0
NAME = "STUN and TURN"


async def check_ice_servers(servers: Sequence[Mapping[str, Any]]) -> tuple[Check, ...]:
    """Ask every URL of every server; ``servers`` has the form of ``RTCIceServer``: urls, username, credential.

    ``urls`` is one URL or a list of them (RFC 7064, RFC 7065). Credentials stand in no finding.
    """
    asked: list[tuple[str, str | None, str | None]] = []
    for server in servers:
        urls = server["urls"]
        for url in [urls] if isinstance(urls, str) else urls:
            asked.append((url, server.get("username"), server.get("credential")))
    if not asked:
        return (Check(NAME, Outcome.NOT_CHECKED, "none is configured; callers behind strict firewalls need TURN"),)
    return tuple(await asyncio.gather(*(check_ice_server(*each) for each in asked)))


async def check_ice_server(url: str, username: str | None, credential: str | None) -> Check:
    """Ask one server: a STUN server for our own address, a TURN server for a relayed one."""
    try:
        parsed = parse_stun_turn_uri(url)
    except ValueError:
        return Check(NAME, Outcome.PROBLEM, f"{url!r} is no STUN or TURN URL", "write turn:HOST:PORT?transport=udp")
    if parsed["scheme"] == "stuns":
        return Check(NAME, Outcome.NOT_CHECKED, f"{url}: STUN over TLS is not used by Visavis")
    server = (parsed["host"], parsed["port"])
    try:
        async with asyncio.timeout(ANSWER_TIMEOUT):
            if parsed["scheme"] == "stun":
                seen = await binding_request(server)
                return Check(NAME, Outcome.OK, f"{url} answers; it sees this machine as {seen}")
            secure = parsed["scheme"] == "turns"
            relayed = await allocation(server, username, credential, parsed["transport"], secure=secure)
            return Check(NAME, Outcome.OK, f"{url} answers and relays from {relayed}")
    except stun.TransactionFailed as error:
        code, reason = error.response.attributes.get("ERROR-CODE", (0, "no reason given"))
        advice = "check username and credential; time-limited ones may have expired" if code == 401 else ""
        return Check(NAME, Outcome.PROBLEM, f"{url} refuses: {code} {reason}", advice)
    except (OSError, TimeoutError, stun.TransactionTimeout) as error:
        advice = "check the host and the port, that it runs, and that the firewall lets it through"
        return Check(NAME, Outcome.PROBLEM, f"{url} does not answer ({type(error).__name__})", advice)


class _BindingProtocol(asyncio.DatagramProtocol):
    """Collects the answer to one binding request."""

    def __init__(self, transaction_id: bytes) -> None:
        self._transaction_id = transaction_id
        self.answer: asyncio.Future[stun.Message] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: Any) -> None:
        """Keep the answer; anything else is noise."""
        try:
            message = stun.parse_message(data)
        except ValueError:
            return
        if message.transaction_id == self._transaction_id and not self.answer.done():
            self.answer.set_result(message)

    def error_received(self, error: Exception) -> None:
        """An ICMP error: the port is closed."""
        if not self.answer.done():
            self.answer.set_exception(error)


async def binding_request(server: tuple[str, int]) -> str:
    """Our address as the server sees it (RFC 8489 section 6.3.3); sent again every half second until cancelled."""
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: _BindingProtocol(request.transaction_id), remote_addr=server
    )
    try:
        while not protocol.answer.done():
            transport.sendto(bytes(request))
            await asyncio.wait([protocol.answer], timeout=stun.RETRY_RTO)
        attributes = protocol.answer.result().attributes
        host, port = attributes.get("XOR-MAPPED-ADDRESS") or attributes["MAPPED-ADDRESS"]
        return f"{host}:{port}"
    finally:
        transport.close()


class _RelayedProtocol(asyncio.DatagramProtocol):
    """Tells when the allocation has been given back."""

    def __init__(self) -> None:
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_lost(self, error: Exception | None) -> None:
        """The server has deleted the allocation, or is gone."""
        if not self.closed.done():
            self.closed.set_result(None)


async def allocation(
    server: tuple[str, int], username: str | None, credential: str | None, transport_name: str, *, secure: bool
) -> str:
    """The relayed address of a TURN allocation (RFC 8656 section 7), which is given back at once."""
    transport, relayed = await turn.create_turn_endpoint(
        _RelayedProtocol,
        server_addr=server,
        username=username,
        password=credential,
        ssl=secure,
        transport=transport_name,
    )
    host, port = transport.get_extra_info("sockname")
    transport.close()
    await asyncio.wait([relayed.closed], timeout=CLOSE_TIMEOUT)
    return f"{host}:{port}"
