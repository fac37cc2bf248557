"""The caller's letter box: reads one-time codes out of the sandbox's mailbox."""

import asyncio
import re

from rtc_server.caller.server_calls import CallFailed, ServerCalls, Target

WAIT_SECONDS = 10.0
_POLL_SECONDS = 0.2
_CODE = re.compile(r"(?<![\d-])\d{4,8}(?![\d-])")


async def newest_code(target: Target, session_id: str) -> str:
    """The code in the newest message to this session. Raises CallFailed when none comes, or none can be read."""
    if not target.api_key:
        raise CallFailed("a one-time code can only be read with an API key of the sandbox: give --key", "script")
    integrator = ServerCalls(target.base_url, target.api_key)
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                for message in await integrator.mailbox(session_id):
                    found = _CODE.search(message["text"])
                    if found is not None:
                        return found.group()
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        raise CallFailed(f"no one-time code came within {WAIT_SECONDS:g} seconds", "script") from None
    finally:
        await integrator.close()
