"""The whole API on a loopback port, in a thread with its own event loop, for clients that block: fuzzers and SDKs."""

import asyncio
import dataclasses
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from conversation.flow.schema.check import check_flow
from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.access.limits import LimitSettings
from rtc_server.api.context import ApiContext
from rtc_server.api.ports import Avatar
from rtc_server.api.routes import setup
from rtc_server.api.runner import ApiRunner
from rtc_server.deliveries import build_webhooks
from rtc_server.faces import build_faces
from rtc_server.session.clock import unix_ms
from rtc_server.settings import Settings
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.faces import SqlFaceStore
from rtc_server.storage.ports import Json, SessionRecord
from rtc_server.storage.retention import Retention
from tests.conftest import REPOSITORY
from tests.fakes.stage import Stage, open_stage
from tests.fakes.vision import Eyes

KEY = "sk_test_0123456789abcdef"
SERVER_KEY = b"k" * 32
UNLIMITED = LimitSettings(0, 0, 0, 0)
START_SECONDS = 20.0


def api_context(stage: Stage, folder: Path) -> ApiContext:
    """The context of a stage: its stores, its registry, our static files; webhooks are kept but not sent."""
    settings = Settings(data_dir=str(folder))
    webhooks = build_webhooks(settings, SERVER_KEY, stage.stores, _no_session, unix_ms)
    stores = dataclasses.replace(
        stage.stores, faces=SqlFaceStore(stage.stores.database, FaceSeal(SERVER_KEY), Retention(), stage.stores.audit)
    )
    faces = build_faces(settings, SERVER_KEY, stores, Eyes().engines(), unix_ms)
    return ApiContext(
        stores=stores,
        calls=stage.registry,
        check_flow=check_flow,
        server_key=SERVER_KEY,
        avatars={"ava": Avatar("ava", "Ava", "ava", "female", 1)},
        default_avatar_id="ava",
        static_folder=REPOSITORY / "static",
        limits=UNLIMITED,
        webhooks=webhooks.service,
        recognition=faces.recognition,
        portraits=faces.portraits,
    )


async def _no_session(session: SessionRecord) -> Json:
    raise AssertionError("nothing is sent")


@contextmanager
def api_server(folder: Path) -> Iterator[str]:
    """Base address of a running server that knows ``KEY``; everything around its real session registry is fake."""
    started, addresses = threading.Event(), list[str]()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with open_stage(folder, {}) as stage:
            await ensure_bootstrap_key(stage.stores.keys, KEY)
            app = web.Application()
            setup(app, api_context(stage, folder))
            runner = ApiRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            addresses.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
            started.set()
            await stop.wait()
            await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="api-server")
    thread.start()
    try:
        assert started.wait(START_SECONDS), "the server did not start"
        yield addresses[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(START_SECONDS)
        loop.close()
