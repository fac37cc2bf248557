"""A server for the bench, in a process of its own: the real HTTP edge on a real database, without the media engines.

``floor`` in its place is the least that any server would do: bare aiohttp and the raw driver, one transaction that
inserts the same two rows, without a key, a check or a client secret.
"""

import argparse
import asyncio
import json
import secrets
import sys
import time
from pathlib import Path
from typing import cast

import asyncpg
from aiohttp import web

from conversation.flow.schema.check import check_flow
from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.access.limits import LimitSettings
from rtc_server.api.context import ApiContext
from rtc_server.api.ports import Avatar, Calls
from rtc_server.api.resources.flow_cache import FlowCheckCache
from rtc_server.api.routes import setup
from rtc_server.observe import memory
from rtc_server.storage.stores import open_stores

INSERT_SESSION = """INSERT INTO sessions (id, tenant, sandbox, created_at, status, settings, flow, flow_id,
flow_version, client_reference_id, secret_generation, secret_hash, secret_created_at, secret_expires_at, reason, report)
VALUES ($1, 'floor', false, $2, 'created', $3, $4, '', 0, '', 0, $1, $2, $2, '', '{}')"""
INSERT_EVENT = """INSERT INTO events (id, tenant, sandbox, session_id, type, created_at, data)
VALUES ($1, 'floor', false, $1, 'session.status', $2, '{}')"""


async def visavis(url: str, key: str, folder: Path) -> web.Application:
    """The real edge. No call is made, so there is nobody to take one."""
    stores = await open_stores(url)
    await ensure_bootstrap_key(stores.keys, key)
    avatar = Avatar("ava", "Ava", "ava")
    context = ApiContext(
        stores=stores,
        calls=cast(Calls, None),
        check_flow=FlowCheckCache(check_flow),
        server_key=secrets.token_bytes(32),
        avatars={avatar.id: avatar},
        default_avatar_id=avatar.id,
        static_folder=folder,
        limits=LimitSettings(sandbox_per_minute=0, production_per_minute=0),
    )
    app = web.Application()
    setup(app, context)
    memory.settle()  # as the real server does when everything is loaded
    return app


async def floor(url: str) -> web.Application:
    """The least that could be done."""
    pool = await asyncpg.create_pool(url, min_size=5, max_size=10)

    async def create(request: web.Request) -> web.Response:
        body = await request.json()
        session_id, now_ms = secrets.token_hex(10), time.time_ns() // 1_000_000
        async with pool.acquire() as connection, connection.transaction():
            flow = json.dumps(body.pop("flow"))
            await connection.execute(INSERT_SESSION, session_id, now_ms, json.dumps(body), flow)
            await connection.execute(INSERT_EVENT, session_id, now_ms)
        return web.json_response({"session": {"id": session_id}})

    app = web.Application()
    app.router.add_post("/sessions", create)
    return app


async def main() -> None:
    """Serve on a free loopback port, print it, and end when standard input closes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("visavis", "floor"))
    parser.add_argument("url")
    parser.add_argument("key")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.kind == "visavis":
        app = await visavis(arguments.url, arguments.key, arguments.folder)
    else:
        app = await floor(arguments.url)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
