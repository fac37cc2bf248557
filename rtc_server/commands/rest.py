"""A running server's API, for commands: an address, a key, and errors as one sentence."""

import argparse
import os
from typing import Any

import aiohttp

from rtc_server.storage.ports import Json

URL_VARIABLE = "VISAVIS_URL"
KEY_VARIABLE = "VISAVIS_API_KEY"
DEFAULT_URL = "http://127.0.0.1:8080"
TIMEOUT_SECONDS = 30.0
LONGEST_LINE_BYTES = 2**22
"""Of a stream: a whole session with its report."""


class RestError(Exception):
    """A call that failed; the text says why."""


def add_server_options(parser: argparse.ArgumentParser) -> None:
    """``--url`` and ``--key``."""
    parser.add_argument("--url", help=f"the server (default: {URL_VARIABLE} or {DEFAULT_URL})")
    parser.add_argument("--key", help=f"API key (default: {KEY_VARIABLE}); keys in arguments stay in your history")


class RestClient:
    """Calls with one API key; a context manager."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url.rstrip("/")
        self._client = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {key}"},
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
            read_bufsize=LONGEST_LINE_BYTES,
        )

    async def call(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> Json:
        """The answer's JSON. Raises RestError."""
        params = {name: str(value) for name, value in (query or {}).items() if value is not None}
        try:
            async with self._client.request(method, self.url + path, json=body, params=params) as response:
                await self.refuse_failure(response)
                answer: Json = await response.json()
                return answer
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise RestError(f"{self.url} does not answer as a Visavis server ({type(error).__name__})") from None

    def stream(self, path: str, query: Json, headers: dict[str, str]) -> Any:
        """Context manager of a response that stays open; silence of a minute ends it."""
        timeout = aiohttp.ClientTimeout(total=None, sock_read=60.0, sock_connect=10.0)
        return self._client.get(self.url + path, params=query, headers=headers, timeout=timeout)

    async def refuse_failure(self, response: aiohttp.ClientResponse) -> None:
        """Raises RestError with the server's own sentence when the status is no success."""
        if response.status >= 400:
            try:
                error = (await response.json(content_type=None))["error"]
                raise RestError(f"{error['message']} ({error['code']})")
            except (ValueError, KeyError, TypeError):
                raise RestError(f"{self.url} answered with status {response.status}") from None

    async def __aenter__(self) -> "RestClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        """End connections."""
        await self._client.close()


def client_from(arguments: argparse.Namespace) -> RestClient:
    """The client of this call, inside a running event loop. Raises RestError when there is no key."""
    key = arguments.key or os.environ.get(KEY_VARIABLE, "")
    if not key:
        raise RestError(f"which API key? Set {KEY_VARIABLE}, or give --key")
    return RestClient(arguments.url or os.environ.get(URL_VARIABLE) or DEFAULT_URL, key)
