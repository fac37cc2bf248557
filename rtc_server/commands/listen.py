"""``visavis listen``: forward the events of a running server to a port of this machine."""

import argparse
import asyncio
import json
import secrets
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp

from rtc_server.commands.options import complain
from rtc_server.commands.rest import RestClient, RestError, add_server_options, client_from
from rtc_server.webhooks.payload import PAYLOAD_STYLES
from rtc_server.webhooks.signing import SIGNATURE_STYLES, secret_key, secret_text, signature_headers
from rtc_server.webhooks.vault import SECRET_BYTES

FORWARD_TIMEOUT_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 30.0
"""Between two tries to reach the server again."""


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One server-sent event."""

    position: str
    type: str
    body: bytes
    """Empty when the stream only tells its position."""


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "listen",
        help="forward events to a port of this machine",
        description="Forward every event that the API key may see to a local address, signed as a webhook is, and "
        "print what the receiver answers. Comes back by itself when the connection breaks. End it with Ctrl-C.",
    )
    add_server_options(parser)
    parser.add_argument("--forward", metavar="URL", help="such as http://127.0.0.1:3000/hook; without it: only print")
    parser.add_argument("--secret", help="sign with this whsec_… (default: a new one, which is printed)")
    parser.add_argument("--payload", choices=PAYLOAD_STYLES, default="current", help="default: current")
    parser.add_argument("--signature", choices=SIGNATURE_STYLES, default="sha256_hex", help="default: sha256_hex")
    parser.add_argument("--after", metavar="POSITION", default="", help="begin after this event of the stream")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Listen until somebody ends it."""
    secret = arguments.secret or secret_text(secrets.token_bytes(SECRET_BYTES))
    try:
        secret_key(secret)
        asyncio.run(_listen(arguments, secret))
    except (RestError, ValueError) as error:
        return complain(error)
    except KeyboardInterrupt:
        pass
    return 0


async def _listen(arguments: argparse.Namespace, secret: str) -> None:
    client = client_from(arguments)
    timeout = aiohttp.ClientTimeout(total=FORWARD_TIMEOUT_SECONDS)
    async with client, aiohttp.ClientSession(timeout=timeout) as forwarder:
        if arguments.forward:
            print(f"signing with {secret}", flush=True)
        async for event in follow(client, arguments.payload, arguments.after):
            outcome = await _forward(forwarder, arguments, secret, event) if arguments.forward else ""
            body = json.loads(event.body)
            words = (event.position, event.type, body["id"], body.get("sessionId", ""), body.get("status", ""), outcome)
            print("  ".join(word for word in words if word), flush=True)


async def follow(client: RestClient, style: str, position: str) -> AsyncGenerator[StreamEvent, None]:
    """Events for ever, over broken connections. Raises RestError when the server refuses, as with a wrong key."""
    wait_seconds = 1.0
    while True:
        headers = {"Last-Event-ID": position} if position else {}
        try:
            async with client.stream("/events", {"payloadStyle": style}, headers) as response:
                if response.status not in (429, 502, 503, 504):
                    await client.refuse_failure(response)
                    print(f"listening to {client.url}", file=sys.stderr, flush=True)
                    async for event in read_stream(response.content):
                        position, wait_seconds = event.position, 1.0
                        if event.body:
                            yield event
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            print(f"the connection broke ({type(error).__name__})", file=sys.stderr, flush=True)
        print(f"coming back in {wait_seconds:.0f} s", file=sys.stderr, flush=True)
        await asyncio.sleep(wait_seconds)
        wait_seconds = min(2 * wait_seconds, LONGEST_WAIT_SECONDS)


async def read_stream(lines: AsyncIterator[bytes]) -> AsyncIterator[StreamEvent]:
    """Server-sent events (WHATWG HTML §9.2.6) of our own server: one ``data`` line each."""
    fields: dict[str, bytes] = {}
    async for raw in lines:
        line = raw.rstrip(b"\r\n")
        if line:
            name, _, value = line.partition(b":")
            fields[name.decode("ascii", "replace")] = value.removeprefix(b" ")
            continue
        if "id" in fields:
            yield StreamEvent(fields["id"].decode(), fields.get("event", b"").decode(), fields.get("data", b""))
        fields = {}


async def _forward(
    forwarder: aiohttp.ClientSession, arguments: argparse.Namespace, secret: str, event: StreamEvent
) -> str:
    """What the receiver said."""
    event_id = json.loads(event.body)["id"]
    headers = signature_headers([secret], arguments.signature, event_id, int(time.time()), event.body)
    headers |= {"Content-Type": "application/json", "User-Agent": "visavis-listen"}
    started = time.monotonic()
    try:
        async with forwarder.post(
            arguments.forward, data=event.body, headers=headers, allow_redirects=False
        ) as response:
            await response.content.read(1)
            return f"→ {response.status} in {1000 * (time.monotonic() - started):.0f} ms"
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return f"→ no answer ({type(error).__name__})"
