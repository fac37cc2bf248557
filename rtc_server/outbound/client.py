"""An HTTP client that goes nowhere else than its policy says, whatever names, redirects and answers try."""

import ipaddress
import json
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import abc
from aiohttp.resolver import ThreadedResolver

from rtc_server.outbound.addresses import is_reachable
from rtc_server.outbound.policy import OutboundPolicy, judge_url

USER_AGENT = "Visavis/1"
_CHUNK_BYTES = 16_384


class OutboundError(Exception):
    """A call that brought no answer.

    ``code`` is one of ``judge_url``'s, or ``unresolvable``, ``connection_failed``, ``tls_failed``, ``timeout``,
    ``too_large``, ``bad_response``. Holds neither the address nor anything that was sent.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class GuardedResolver(abc.AbstractResolver):
    """Resolves names to addresses that may be connected to, and drops all others.

    The connector connects to exactly these, so a name that answers differently the next time (DNS rebinding) gains
    nothing.
    """

    def __init__(self, policy: OutboundPolicy, resolver: abc.AbstractResolver | None = None) -> None:
        self._policy = policy
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[abc.ResolveResult]:
        """Addresses of a host. Raises OutboundError ``unresolvable`` or ``address_not_allowed``."""
        try:
            found = await self._resolver.resolve(host, port, family)
        except (OSError, UnicodeError):
            raise OutboundError("unresolvable") from None
        allowed = [result for result in found if _may_connect(result["host"], self._policy)]
        if not allowed:
            raise OutboundError("address_not_allowed" if found else "unresolvable")
        return allowed

    async def close(self) -> None:
        """Release the resolver."""
        await self._resolver.close()


def _may_connect(host: str, policy: OutboundPolicy) -> bool:
    try:
        return is_reachable(ipaddress.ip_address(host), allow_private=policy.allow_private)
    except ValueError:
        return False


def open_client(policy: OutboundPolicy, resolver: abc.AbstractResolver | None = None) -> aiohttp.ClientSession:
    """A client whose every request, redirects included, is judged before it leaves; the caller closes it.

    It takes no proxy or credentials from the environment, keeps no cookies, and gives up after
    ``policy.timeout_seconds``. A refused request raises OutboundError. ``resolver`` does the look-ups, by default that
    of the system.
    """

    async def judge(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        reason = judge_url(str(request.url), policy)
        if reason:
            raise OutboundError(reason)
        return await handler(request)

    def open_socket(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        if not _may_connect(str(address[0]), policy):
            raise PermissionError("address_not_allowed")  # the last gate, for addresses that no resolver saw
        return socket.socket(family, kind, protocol)

    connector = aiohttp.TCPConnector(
        resolver=GuardedResolver(policy, resolver), use_dns_cache=False, socket_factory=open_socket, limit=64
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
        timeout=aiohttp.ClientTimeout(total=policy.timeout_seconds),
        trust_env=False,
        middlewares=(judge,),
    )


async def read_bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The body, decompressed piece by piece. Raises OutboundError ``too_large`` as soon as it is longer."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > max_bytes:
            response.close()
            raise OutboundError("too_large")
    return bytes(body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    """Case does not matter in look-ups."""
    body: bytes
    milliseconds: float

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


async def call(
    client: aiohttp.ClientSession, method: str, url: str, *, max_response_bytes: int, **request: Any
) -> Answer:
    """One request, without following redirects. ``request`` goes to aiohttp: ``headers``, ``data``, ``json``, ``auth``.

    Raises OutboundError, and nothing else, when there is no answer.
    """
    started = time.monotonic()
    try:
        async with client.request(method, url, allow_redirects=False, **request) as response:
            body = await read_bounded(response, max_response_bytes)
            return Answer(response.status, response.headers, body, 1000 * (time.monotonic() - started))
    except TimeoutError:
        raise OutboundError("timeout") from None
    except aiohttp.InvalidURL:
        raise OutboundError("not_a_url") from None
    except aiohttp.ClientSSLError:
        raise OutboundError("tls_failed") from None
    except (aiohttp.ClientConnectionError, OSError):
        raise OutboundError("connection_failed") from None
    except (aiohttp.ClientError, ValueError):
        raise OutboundError("bad_response") from None
