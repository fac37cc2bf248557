"""The console on real sockets and a real SQLite file, on a clock that a test sets."""

import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from conversation.flow.schema.check import check_flow
from rtc_server.alerts.sending import AlertSender
from rtc_server.alerts.service import Alerts
from rtc_server.api.context import ApiContext
from rtc_server.api.ports import Avatar
from rtc_server.api.routes import setup as setup_api
from rtc_server.api.runner import ApiRunner
from rtc_server.console.access import COOKIE, CSRF_HEADER
from rtc_server.console.context import ConsoleContext
from rtc_server.console.live_feed import LiveFeed
from rtc_server.console.ports import Supervision
from rtc_server.console.routes import setup
from rtc_server.console.settings import ConsoleSettings
from rtc_server.insight.fleet import Fleet
from rtc_server.insight.reviews import Reviews
from rtc_server.outbound.settings import OutboundSettings
from rtc_server.staff.roles import Role, Staff
from rtc_server.staff.room import StaffRoom
from rtc_server.staff.totp import code_at
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.stores import Stores, open_stores
from rtc_server.webhooks.vault import Vault
from tests.api.conftest import FakeCalls

SERVER_KEY = b"k" * 32
START_MS = 1_790_000_000_000
PASSWORD = "a sentence that nobody guesses"

Reply = tuple[int, Any, Mapping[str, str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, and both factors."""

    staff: Staff
    secret: str


@dataclasses.dataclass(slots=True)
class Tab:
    """A browser in which somebody is signed in."""

    edge: "ConsoleEdge"
    token: str
    csrf: str
    staff_id: str

    async def call(self, method: str, path: str, **options: Any) -> ClientResponse:
        """As the console's page calls; ``headers`` replace what it would send, None takes one away."""
        headers = {
            "Cookie": f"{COOKIE}={self.token}",
            "Origin": self.edge.origin,
            "Sec-Fetch-Site": "same-origin",
            CSRF_HEADER: self.csrf,
        } | options.pop("headers", {})
        sent = {name: value for name, value in headers.items() if value is not None}
        return await self.edge.client.request(method, f"/console/api{path}", headers=sent, **options)

    async def get(self, path: str, **options: Any) -> Any:
        """The JSON of a GET that must succeed."""
        response = await self.call("GET", path, **options)
        assert response.status == 200, await response.text()
        return await response.json()


@dataclasses.dataclass(slots=True)
class ConsoleEdge:
    """The console under test."""

    stores: Stores
    room: StaffRoom
    client: "TestClient[web.Request, web.Application]"
    clock: list[int]
    """Unix milliseconds, one entry."""

    @property
    def origin(self) -> str:
        """Of its own page."""
        return str(self.client.make_url("/").origin())

    def pass_seconds(self, seconds: float) -> None:
        """Later."""
        self.clock[0] += round(seconds * 1000)

    async def person(self, *roles: Role, tenants: tuple[str, ...] = ("*",), email: str = "", name: str = "") -> Person:
        """An account that is ready."""
        email = email or f"{'-'.join(roles) or 'nobody'}-{len(await self.room.accounts.everybody())}@example.org"
        staff, secret = await self.room.accounts.create_ready(
            email, name or email.partition("@")[0], roles, tenants, PASSWORD
        )
        return Person(staff, secret)

    async def post(self, path: str, body: Any, headers: Mapping[str, str | None] | None = None) -> ClientResponse:
        """A call of our page before anybody is signed in."""
        all_headers = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"} | dict(headers or {})
        sent = {name: value for name, value in all_headers.items() if value is not None}
        return await self.client.post(f"/console/api{path}", json=body, headers=sent)

    async def try_sign_in(self, person: Person, **changes: Any) -> ClientResponse:
        """With the code of this moment, unless ``changes`` say otherwise."""
        code = code_at(person.secret, self.clock[0])
        return await self.post("/sign-in", {"email": person.staff.email, "password": PASSWORD, "code": code} | changes)

    async def sign_in(self, person: Person) -> Tab:
        """Sign in; a code counts once, so the next sign-in needs a later moment."""
        response = await self.try_sign_in(person)
        assert response.status == 200, await response.text()
        return tab_of(self, response, await response.json())

    async def tab(self, *roles: Role, tenants: tuple[str, ...] = ("*",)) -> Tab:
        """Somebody new, signed in."""
        return await self.sign_in(await self.person(*roles, tenants=tenants))

    async def error(self, response: ClientResponse, status: int, code: str) -> dict[str, Any]:
        """The error object of a reply that must have this status and code."""
        assert response.status == status, await response.text()
        error: dict[str, Any] = (await response.json())["error"]
        assert error["code"] == code, error
        return error


class ConsoleTestServer(TestServer):
    """aiohttp's test server with our runner, as ``visavis serve`` has it."""

    async def _make_runner(self, **kwargs: Any) -> ApiRunner:
        return ApiRunner(self.app, **kwargs)


def tab_of(edge: ConsoleEdge, response: ClientResponse, me: dict[str, Any]) -> Tab:
    """What the browser keeps of a sign-in."""
    morsel = SimpleCookie(response.headers["Set-Cookie"])[COOKIE]
    return Tab(edge, morsel.value, me["csrf"], me["staff"]["id"])


@asynccontextmanager
async def open_console(
    folder: Path, supervision: Supervision, settings: ConsoleSettings | None = None, shared: Stores | None = None
) -> AsyncIterator[ConsoleEdge]:
    """A console with its database in ``folder``, which needs ``static/console/index.html`` for the page.

    ``shared``: stores that calls in progress write to as well; whoever opened them closes them.
    """
    stores = shared or await open_stores(f"sqlite:///{folder / 'visavis.db'}", MediaFiles(folder / "media", SERVER_KEY))
    clock = [START_MS]
    settings = settings or ConsoleSettings()
    room = StaffRoom.of(
        stores.staff,
        stores.audit,
        SERVER_KEY,
        lambda: clock[0],
        idle_seconds=settings.idle_seconds,
        absolute_seconds=settings.sign_in_seconds,
    )
    avatar = Avatar("ava", "Ava", "ava")
    api = ApiContext(
        stores=stores,
        calls=FakeCalls(),
        check_flow=check_flow,
        server_key=SERVER_KEY,
        avatars={avatar.id: avatar},
        default_avatar_id="ava",
        static_folder=folder / "static",
        now_ms=lambda: clock[0],
    )
    outbound = OutboundSettings(allow_private=True).policy(timeout_seconds=2.0, max_response_bytes=4_096)
    console = ConsoleContext(
        staff=room,
        audit=stores.audit,
        stores=stores,
        supervision=supervision,
        live=LiveFeed(supervision),
        reviews=Reviews(stores.reviews, lambda: clock[0], two_person_rule=settings.two_person),
        fleet=Fleet(stores.facts, lambda: clock[0]),
        alerts=Alerts(
            stores.alerts,
            AlertSender(None, outbound, ""),
            Vault(SERVER_KEY),
            outbound,
            lambda: clock[0],
            can_mail=False,
        ),
        static_folder=folder / "static",
        settings=settings,
    )
    app = web.Application()
    setup_api(app, api)
    setup(app, console)
    async with TestClient(ConsoleTestServer(app)) as client:
        yield ConsoleEdge(stores, room, client, clock)
    await console.fleet.close()
    if shared is None:
        await stores.close()
