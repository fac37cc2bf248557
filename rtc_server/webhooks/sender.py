"""One signed request to a customer's server."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp

from rtc_server.outbound.client import OutboundError, open_client
from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.webhooks.schedule import parse_retry_after

MAX_EXCERPT_CHARACTERS = 500
_MAX_READ_BYTES = 4 * MAX_EXCERPT_CHARACTERS


@dataclass(frozen=True, slots=True)
class Order:
    """What to send where."""

    url: str
    headers: dict[str, str]
    body: bytes = field(repr=False)
    sandbox: bool = False
    """May go where the sandbox may."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it."""

    attempted_at: int
    latency_ms: float
    status_code: int | None = None
    error: str = ""
    excerpt: str = ""
    retry_after: float | None = None
    """Seconds."""


class Sender:
    """Judges every address anew, follows no redirect, and reads no more of an answer than it keeps."""

    def __init__(self, policies: Mapping[bool, OutboundPolicy]) -> None:
        self._policies = policies
        """Of production (False) and of the sandbox (True)."""
        self._clients: dict[bool, aiohttp.ClientSession] = {}

    async def send(self, order: Order) -> Sent:
        """Never raises; bounded by the policy's time-out."""
        if order.sandbox not in self._clients:
            self._clients[order.sandbox] = open_client(self._policies[order.sandbox])
        attempted_at, started = time.time_ns() // 1_000_000, time.monotonic()
        status_code, error, excerpt, retry_after = None, "", "", None
        try:
            async with self._clients[order.sandbox].post(
                order.url, data=order.body, headers=order.headers, allow_redirects=False
            ) as response:
                status_code = response.status
                retry_after = parse_retry_after(response.headers.get("Retry-After"), attempted_at)
                excerpt = await _excerpt(response)
        except Exception as failure:
            error = _code(failure)
        latency_ms = round(1000 * (time.monotonic() - started), 1)
        return Sent(attempted_at, latency_ms, status_code, error, excerpt, retry_after)

    async def close(self) -> None:
        """Release connections."""
        for client in self._clients.values():
            await client.close()
        self._clients.clear()


def _code(failure: Exception) -> str:
    """Why there was no answer, in a word; the text of the failure may quote the address."""
    match failure:
        case OutboundError():
            return failure.code
        case TimeoutError():
            return "timeout"
        case aiohttp.ClientSSLError():
            return "tls_failed"
        case aiohttp.ClientConnectionError() | OSError():
            return "connection_failed"
        case _:
            return "bad_response"


async def _excerpt(response: aiohttp.ClientResponse) -> str:
    """Beginning of the body; however the rest goes, the status has been said."""
    try:
        content = await response.content.read(_MAX_READ_BYTES)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return ""
    finally:
        if not response.content.at_eof():
            response.close()
    text = content.decode("utf-8", "replace").replace("\0", "\ufffd")
    return text[:MAX_EXCERPT_CHARACTERS]
