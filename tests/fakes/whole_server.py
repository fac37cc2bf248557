"""The HTTP edge with the real registry and stores on a loopback port; only the engines around them are fakes.

Sandbox sessions can be simulated, so a client sees a session from its creation to its report without a browser.
"""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from conversation.flow.schema.check import check_flow
from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.access.secrets import lookup_hash
from rtc_server.api.context import ApiContext
from rtc_server.api.ports import Avatar
from rtc_server.api.resources.flow_cache import FlowCheckCache
from rtc_server.api.resources.schemas import session_json
from rtc_server.api.routes import setup
from rtc_server.deliveries import Webhooks, build_webhooks
from rtc_server.faces import build_faces
from rtc_server.outbound.settings import OutboundSettings
from rtc_server.session.clock import unix_ms
from rtc_server.session.ports import VisionEngines
from rtc_server.settings import Settings
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.faces import SqlFaceStore
from rtc_server.storage.lifecycle import SqlLifecycleStore
from rtc_server.storage.media import SqlMediaStore
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import ApiKey, Json, SessionRecord
from rtc_server.storage.recordings import SqlRecordingStore
from rtc_server.storage.retention import Retention
from tests.fakes.stage import Stage, open_stage

SANDBOX_KEY = "sk_test_0123456789abcdef"
PRODUCTION_KEY = "sk_prod_0123456789abcdef"
OTHER_KEY = "sk_test_of_another_tenant"
SERVER_KEY = b"k" * 32
AVATARS = {name: Avatar(name, name.title(), "ava") for name in ("ava", "June_HR_public")}


@dataclass(frozen=True, slots=True)
class WholeServer:
    """A running server and what stands behind it."""

    url: str
    stage: Stage
    webhooks: Webhooks
    """Deliver when they are started."""
    client: "TestClient[web.Request, web.Application]"
    media: SqlMediaStore
    recordings: SqlRecordingStore

    async def call(self, method: str, path: str, *, key: str = SANDBOX_KEY, **options: Any) -> ClientResponse:
        """A request with a key."""
        headers = {"Authorization": f"Bearer {key}"} | options.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> Any:
        """The JSON of a GET that must succeed."""
        response = await self.call("GET", path, **options)
        assert response.status == 200, await response.text()
        return await response.json()

    async def post(self, path: str, body: Any, **options: Any) -> Any:
        """The JSON of a POST that must succeed."""
        response = await self.call("POST", path, json=body, **options)
        assert response.status == 200, await response.text()
        return await response.json()

    async def simulate(self, session_id: str, action: str = "complete", **details: Any) -> Any:
        """The session after a step of the sandbox."""
        return (await self.post(f"/sessions/{session_id}/simulate", {"action": action, **details}))["session"]


@asynccontextmanager
async def open_server(
    folder: Path, languages: Sequence[str] = ("en",), eyes: VisionEngines | None = None, **context: Any
) -> AsyncIterator[WholeServer]:
    """A server on a fresh database in ``folder``; ``context`` are more fields of ``ApiContext``."""
    static = folder / "static"
    (static / "session").mkdir(parents=True)
    (static / "session" / "index.html").write_text("<!doctype html><title>Visavis</title>")
    async with open_stage(folder, {}) as stage:
        await ensure_bootstrap_key(stage.stores.keys, SANDBOX_KEY)
        await ensure_bootstrap_key(stage.stores.keys, PRODUCTION_KEY)
        await stage.stores.keys.add_key(ApiKey("other", "other", lookup_hash(OTHER_KEY), OTHER_KEY[:12], True, 1))
        settings = Settings(data_dir=str(folder), outbound=OutboundSettings(allow_private=True, allow_http=True))
        webhooks = build_webhooks(settings, SERVER_KEY, stage.stores, _session_json, unix_ms)
        fields = {"avatars": AVATARS, "default_avatar_id": "June_HR_public", "server_key": SERVER_KEY} | context
        media = SqlMediaStore(stage.stores.database, MediaFiles(folder / "media", SERVER_KEY), Retention())
        lifecycle = SqlLifecycleStore(stage.stores.database, stage.store.outbox, media, Retention(), stage.stores.audit)
        face_store = SqlFaceStore(stage.stores.database, FaceSeal(SERVER_KEY), Retention(), stage.stores.audit)
        recordings = SqlRecordingStore(media)
        stores = dataclasses.replace(
            stage.stores, media=media, recordings=recordings, lifecycle=lifecycle, faces=face_store
        )
        faces = build_faces(settings, SERVER_KEY, stores, eyes, unix_ms)
        app = web.Application()
        setup(
            app,
            ApiContext(
                stores=stores,
                calls=stage.registry,
                check_flow=FlowCheckCache(check_flow),
                static_folder=static,
                languages=languages,
                webhooks=webhooks.service,
                recognition=faces.recognition,
                portraits=faces.portraits,
                **fields,
            ),
        )
        async with TestClient(TestServer(app)) as client:
            yield WholeServer(str(client.make_url("/")).rstrip("/"), stage, webhooks, client, media, recordings)
        await faces.close()
        await webhooks.close()


async def _session_json(record: SessionRecord) -> Json:
    return session_json(record)
