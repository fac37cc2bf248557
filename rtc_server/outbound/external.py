"""Calls of flows to integrators' servers (contract §3.3, external_call and awaitExternal)."""

import asyncio
import math
import time
from collections.abc import Mapping
from typing import Any, Literal

import aiohttp
from yarl import URL

from rtc_server.outbound.client import Answer, OutboundError, call, open_client
from rtc_server.outbound.policy import OutboundPolicy, judge_url
from rtc_server.outbound.ports import ExternalAnswer, Scalar

MAX_TRIES = 5
MAX_FIELDS = 200
MAX_KEY_CHARACTERS = 100
MAX_INTEGER = 2**53
"""Larger ones lose digits in JavaScript and are ignored."""

_PASSING = frozenset({"unresolvable", "connection_failed", "timeout"})
"""Failures that another attempt may not meet."""


class HttpExternalCaller:
    """``ExternalCaller`` over HTTP. ``policy.allowed_hosts`` is the operator's list; an empty one allows nothing."""

    def __init__(
        self,
        policy: OutboundPolicy,
        *,
        pause_seconds: float = 0.25,
        resolver: aiohttp.abc.AbstractResolver | None = None,
    ) -> None:
        self._policy = policy
        self._pause = pause_seconds
        self._client = open_client(policy, resolver)

    async def call(
        self,
        session_id: str,
        url: str,
        *,
        method: Literal["GET", "POST"],
        variables: Mapping[str, Scalar | None],
        tries: int,
    ) -> ExternalAnswer:
        """One answer, after at most ``tries`` attempts; never raises.

        ``sessionId`` is added to the query. Variables go into the query (GET) or a JSON body (POST). Failures of the
        network and statuses from 500 are tried again, each time after twice the pause.
        """
        started = time.monotonic()
        refused = judge_url(url, self._policy) if self._policy.allowed_hosts else "host_not_allowed"
        if refused:
            return ExternalAnswer(None, {}, refused if refused == "not_a_url" else "not_allowed", 0, 0.0)
        target, request = _request(session_id, url, method, variables)
        status, data, error, attempt = None, dict[str, Scalar](), "", 0
        last = min(max(tries, 1), MAX_TRIES)
        for attempt in range(1, last + 1):
            try:
                answer = await call(
                    self._client, method, target, max_response_bytes=self._policy.max_response_bytes, **request
                )
            except OutboundError as failure:
                status, error = None, "not_allowed" if failure.code == "address_not_allowed" else failure.code
                passing = failure.code in _PASSING
            else:
                status, (data, error) = answer.status, _judge(answer)
                passing = answer.status >= 500
            if not passing or attempt == last:
                break
            await asyncio.sleep(self._pause * 2 ** (attempt - 1))
        return ExternalAnswer(status, data, error, attempt, 1000 * (time.monotonic() - started))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _request(
    session_id: str, url: str, method: Literal["GET", "POST"], variables: Mapping[str, Scalar | None]
) -> tuple[str, dict[str, Any]]:
    """(URL, arguments for aiohttp)."""
    target = URL(url)
    request: dict[str, Any] = {"headers": {"Accept": "application/json"}}
    if method == "GET":
        target = target.update_query({name: _text(value) for name, value in variables.items() if value is not None})
    else:
        request["json"] = dict(variables)
    return str(target.update_query({"sessionId": session_id})), request


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _judge(answer: Answer) -> tuple[dict[str, Scalar], str]:
    """(data, error) of an answer."""
    if not 200 <= answer.status < 300:
        return {}, "http_status"
    if not answer.body.strip():
        return {}, ""
    body = answer.json()
    if not isinstance(body, dict):
        return {}, "not_an_object"
    data: dict[str, Scalar] = {}
    for key, value in body.items():
        if len(data) < MAX_FIELDS and 0 < len(key) <= MAX_KEY_CHARACTERS and _storable(key) == key and _usable(value):
            data[key] = _storable(value) if isinstance(value, str) else value
    return data, ""


def _usable(value: object) -> bool:
    match value:
        case bool() | str():
            return True
        case int():
            return abs(value) <= MAX_INTEGER
        case float():
            return math.isfinite(value)
    return False


def _storable(text: str) -> str:
    """Text without what cannot be encoded (half a surrogate pair) or stored (control characters)."""
    return "".join(c for c in text if (c >= " " or c in "\n\t") and not "\ud800" <= c <= "\udfff")
