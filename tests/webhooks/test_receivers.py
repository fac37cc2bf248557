"""The sample receivers as processes of their own, with real deliveries."""

import asyncio
import json
import os
import shutil
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from rtc_server.webhooks.payload import encode
from rtc_server.webhooks.signing import secret_text, signature_headers
from tests.conftest import REPOSITORY
from tests.webhooks.line import OWNER, Line, session

FOLDER = REPOSITORY / "examples" / "receivers"
SECRET = secret_text(b"s" * 32)
BODY = encode({"id": "evt_1", "type": "session.status", "createdAt": 1, "sessionId": "one", "status": "complete"})


@dataclass
class Program:
    """A receiver that runs."""

    process: Process
    url: str

    async def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        async with asyncio.timeout(20):
            return (await self.process.stdout.readline()).decode().strip()

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        async with aiohttp.ClientSession() as client, client.post(self.url, data=body, headers=headers) as response:
            await response.read()
            return response.status


@asynccontextmanager
async def start(language: str, folder: Path, secret: str, *options: str) -> AsyncIterator[Program]:
    if language == "node" and shutil.which("node") is None:
        pytest.skip("Node is not installed")
    program: list[str | Path] = [sys.executable, FOLDER / "python" / "receiver.py"]
    if language == "node":
        program = ["node", FOLDER / "node" / "receiver.mjs"]
    process = await asyncio.create_subprocess_exec(
        *program, "--port", "0", "--inbox", folder / "inbox", *options,
        stdout=PIPE, env=os.environ | {"WEBHOOK_SECRET": secret},
    )  # fmt: skip
    running = Program(process, "")
    try:
        running.url = (await running.line()).removeprefix("listening on ")
        yield running
    finally:
        process.kill()
        await process.wait()


def signed(body: bytes = BODY, secret: str = SECRET, timestamp: int | None = None) -> dict[str, str]:
    now = int(time.time()) if timestamp is None else timestamp
    return signature_headers([secret], "sha256_hex", "evt_1", now, body)


@pytest.mark.parametrize("language", ["python", "node"])
async def test_each_event_is_taken_once_and_only_with_a_signature_that_fits(language: str, tmp_path: Path) -> None:
    async with start(language, tmp_path, SECRET) as receiver:
        assert await receiver.post(BODY, {}) == 401
        assert await receiver.post(BODY, signed(secret=secret_text(b"x" * 32))) == 401
        assert await receiver.post(BODY + b" ", signed()) == 401
        assert await receiver.post(BODY, signed(timestamp=int(time.time()) - 301)) == 401
        assert await receiver.post(BODY, signed() | {"webhook-id": "evt_2"}) == 401
        for _ in range(3):
            assert await receiver.post(BODY, signed()) == 200
        assert await receiver.line() == "session.status evt_1 complete"
    async with start(language, tmp_path, SECRET) as restarted:
        assert await restarted.post(BODY, signed()) == 200
        other = encode(json.loads(BODY) | {"id": "evt_9"})
        headers = signature_headers([SECRET], "sha256_hex", "evt_9", int(time.time()), other)
        assert await restarted.post(other, headers) == 200
        assert await restarted.line() == "session.status evt_9 complete", "evt_1 was taken before the restart"


@pytest.mark.parametrize("language", ["python", "node"])
async def test_the_vendors_header_is_checked_on_request(language: str, tmp_path: Path) -> None:
    async with start(language, tmp_path, SECRET, "--vendor") as receiver:
        assert await receiver.post(BODY, signed() | {"X-FaceSign-Signature": "sha256=00"}) == 401
        vendor_only = {"X-FaceSign-Signature": signed()["X-FaceSign-Signature"]}
        assert await receiver.post(BODY, vendor_only) == 200
        assert await receiver.line() == "session.status evt_1 complete"


@pytest.mark.parametrize("language", ["python", "node"])
async def test_a_real_delivery_is_taken(language: str, tmp_path: Path, line: Line) -> None:
    (tmp_path / "receiver").mkdir()
    endpoint, secret = await line.endpoint("http://127.0.0.1:1/hook")
    async with start(language, tmp_path / "receiver", secret) as receiver:
        await line.service.update(endpoint, {"url": receiver.url})
        await line.sessions.create_session(session("one"))
        await line.finish("one")
        words = [(await receiver.line()).split(" ") for _ in range(2)]
    assert [(kind, status) for kind, _, status in words] == [
        ("session.status", "created"),
        ("session.status", "complete"),
    ]
    assert [event.id for event in await line.sessions.events("one")] == [event_id for _, event_id, _ in words]
    assert OWNER.sandbox
