"""A call without a call: the sandbox walks the session's flow by forced outcomes; for a customer's own CI."""

import time

from rtc_server.caller.result import CallResult
from rtc_server.caller.server_calls import ServerCalls, Target


async def simulated_call(target: Target, action: str) -> CallResult:
    """Let the sandbox take the session to its end (``complete``, ``fail`` or ``cancel``). Raises CallFailed."""
    started_at = time.monotonic()
    page = ServerCalls(target.base_url, target.secret)
    integrator = ServerCalls(target.base_url, target.api_key)
    try:
        session_id = (await page.client_session())["session"]["id"]
        await integrator.simulate(session_id, action)
        session = await integrator.session(session_id)
    finally:
        await page.close()
        await integrator.close()
    return CallResult(
        session_id=session_id,
        status=session["status"],
        seconds=time.monotonic() - started_at,
        report=session["report"],
    )
