"""A running HTTP edge: real sockets, a real SQLite file, the real flow room; only the calls are a fake."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from conversation.flow.schema.check import check_flow
from rtc_server.api.access.auth import ensure_bootstrap_key
from rtc_server.api.access.secrets import lookup_hash
from rtc_server.api.context import ApiContext
from rtc_server.api.ports import Avatar, CallError, Candidate, Simulation, Visitor
from rtc_server.api.routes import setup
from rtc_server.api.runner import ApiRunner
from rtc_server.rtc.ports import IceServer, PeerPolicy
from rtc_server.rtc.preflight import Preflights
from rtc_server.storage.ports import ApiKey, SessionRecord
from rtc_server.storage.stores import Stores, open_stores

KEY = "sk_test_0123456789abcdef"
OTHER_KEY = "sk_prod_of_another_tenant"
START_MS = 1_790_000_000_000
FLOW: list[dict[str, Any]] = [
    {"id": "s", "type": "start", "outcome": "ask"},
    {
        "id": "ask",
        "type": "conversation",
        "prompt": "Ask whether they agree.",
        "outcomes": [{"id": "yes", "targetNodeId": "e", "condition": "they agree"}],
    },
    {"id": "e", "type": "end"},
]
OFFER = "\r\n".join(
    ["v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=ice-ufrag:x", "a=fingerprint:sha-256 00", "m=application 9 x", ""]
)


@dataclass
class FakeCalls:
    """Remembers what it was told."""

    offers: list[tuple[str, str, str]] = field(default_factory=list)
    visitors: list[Visitor] = field(default_factory=list)
    trickled: list[tuple[str, str, list[Candidate]]] = field(default_factory=list)
    left: list[tuple[str, str | None]] = field(default_factory=list)
    pictures: list[tuple[str, str, int | None, bytes]] = field(default_factory=list)
    agreed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    refuse: Exception | None = None
    page: str = ""

    async def offer(self, session: SessionRecord, page_id: str, sdp: str, visitor: Visitor) -> tuple[str, str]:
        if self.refuse is not None:
            raise self.refuse
        self.offers.append((session.id, page_id, sdp))
        self.visitors.append(visitor)
        self.page = page_id
        return f"peer-{len(self.offers)}", "v=0\r\n"

    async def candidates(self, session_id: str, peer_id: str, candidates: list[Candidate]) -> None:
        self.trickled.append((session_id, peer_id, candidates))

    async def cancel(self, session_id: str) -> SessionRecord:
        raise AssertionError("not expected here")

    async def simulate(self, session: SessionRecord, simulation: Simulation) -> SessionRecord:
        raise AssertionError("not expected here")

    def agreed_to_recording(self, session_id: str, tracks: Sequence[str]) -> None:
        self.agreed[session_id] = tuple(tracks)

    async def document_picture(self, session_id: str, request_id: str, *, number: int | None, content: bytes) -> None:
        if self.refuse is not None:
            raise self.refuse
        self.pictures.append((session_id, request_id, number, content))

    async def leave(self, session_id: str, peer_id: str | None) -> None:
        self.left.append((session_id, peer_id))

    def holds(self, session_id: str, page_id: str) -> bool:
        return page_id == self.page


@dataclass
class Edge:
    """The edge under test, and the hands on its clock and collaborators."""

    stores: Stores
    client: "TestClient[web.Request, web.Application]"
    calls: FakeCalls
    clock: list[int]
    problems: list[str]

    async def call(self, method: str, path: str, *, key: str = KEY, **options: Any) -> ClientResponse:
        headers = {"Authorization": f"Bearer {key}"} | options.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **options)

    async def create(self, **body: Any) -> dict[str, Any]:
        response = await self.call("POST", "/sessions", json={"flow": FLOW} | body)
        assert response.status == 200, await response.text()
        data: dict[str, Any] = await response.json()
        return data

    async def error(self, response: ClientResponse, status: int, code: str) -> dict[str, Any]:
        """The error object of a reply that must have this status and code."""
        assert response.status == status, await response.text()
        error: dict[str, Any] = (await response.json())["error"]
        assert error["code"] == code, error
        assert error["requestId"] == response.headers["X-Request-Id"]
        assert error["message"]
        return error


class ApiTestServer(TestServer):
    """aiohttp's test server with our runner, as ``visavis serve`` has it."""

    async def _make_runner(self, **kwargs: Any) -> ApiRunner:
        return ApiRunner(self.app, **kwargs)


@pytest.fixture
def static_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "session").mkdir(parents=True)
    (folder / "session" / "index.html").write_text("<!doctype html><title>Visavis</title>")
    (folder / "session" / "app.js").write_text("export const one = 1\n")
    (folder / "session" / ".hidden.js").write_text("secret")
    (folder / "__init__.py").write_text("")
    (tmp_path / "outside.txt").write_text("outside")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    return folder


@pytest.fixture
async def edge(tmp_path: Path, static_folder: Path) -> AsyncIterator[Edge]:
    stores = await open_stores(f"sqlite:///{tmp_path / 'visavis.db'}")
    await ensure_bootstrap_key(stores.keys, KEY)
    await stores.keys.add_key(ApiKey("other", "other", lookup_hash(OTHER_KEY), "sk_prod_of", False, START_MS))
    calls, clock, problems = FakeCalls(), [START_MS], list[str]()
    preflights = Preflights(PeerPolicy())
    avatar = Avatar("ava", "Ava", "ava")
    context = ApiContext(
        stores=stores,
        calls=calls,
        check_flow=check_flow,
        server_key=b"k" * 32,
        avatars={avatar.id: avatar},
        default_avatar_id="ava",
        static_folder=static_folder,
        public_url="https://verify.example.org",
        ice_servers=(IceServer(("stun:stun.example.org",)), IceServer(("turn:turn.example.org",), "u", "p")),
        recordable=("userAudio", "avatarAudio"),
        preflights=preflights,
        health=lambda: {"sessions": 0},
        readiness=lambda: problems,
        now_ms=lambda: clock[0],
    )
    app = web.Application()
    setup(app, context)
    async with TestClient(ApiTestServer(app)) as client:
        yield Edge(stores, client, calls, clock, problems)
    await preflights.close()
    await stores.close()


def busy() -> CallError:
    return CallError("busy", "All places are taken.", 503, retry_after=2.2)
