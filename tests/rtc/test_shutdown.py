"""A process with a call in progress ends on SIGTERM: no decoder thread holds it."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from tests.rtc.client import Page

REPOSITORY = Path(__file__).resolve().parents[2]


async def read(stream: asyncio.StreamReader | None) -> Any:
    assert stream is not None
    return json.loads(await asyncio.wait_for(stream.readline(), 20))


async def test_sigterm_ends_a_process_in_a_call() -> None:
    page = Page(camera=True)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.rtc.answering_server"),
        cwd=REPOSITORY,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1_000_000,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(json.dumps(await page.offer()).encode() + b"\n")
        await page.accept((await read(process.stdout))["answer"])
        assert await read(process.stdout) == {"state": "connected"}
        await asyncio.sleep(0.5)
        process.terminate()
        asked_at = time.monotonic()
        assert await asyncio.wait_for(process.wait(), 5) == 0
        assert time.monotonic() - asked_at < 5
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await page.close()
