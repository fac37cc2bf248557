"""A server of the caller's own: in this process, on a free loopback port, gone after the call."""

import asyncio
import contextlib
import logging
import secrets
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace

from aiohttp import web

from rtc_server.app import SHUTDOWN_SECONDS, build_application
from rtc_server.settings import Settings

logger = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def own_server(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """(base URL, API key) of a server with these settings but a throw-away database.

    Raises what ``build_application`` raises.
    """
    with tempfile.TemporaryDirectory(prefix="visavis-call-") as folder:
        key = f"sk_test_{secrets.token_hex(16)}"
        settings = replace(settings, host="127.0.0.1", data_dir=folder, database_url="", bootstrap_key=key)
        app = await build_application(settings)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}", key
        finally:
            try:
                await asyncio.wait_for(runner.cleanup(), SHUTDOWN_SECONDS)
            except TimeoutError:
                logger.warning("the own server did not end within %.0f s", SHUTDOWN_SECONDS)
