"""The vendor's Python SDK, unmodified, against this server: every method, synchronous and asynchronous."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import facesign
import pytest
from facesign.models.errors import (
    AuthenticationError,
    FaceSignAPIError,
    NotFoundError,
    RateLimitError,
    ServerError,
    ValidationError,
)

from rtc_server.api.access.limits import LimitSettings
from rtc_server.storage.engine import StorageError
from tests.api.flows import APPENDIX_B, GRAPH
from tests.fakes.whole_server import OTHER_KEY, SANDBOX_KEY, WholeServer, open_server

NODES = 3
TWO_HOURS_MS = 7_200_000
Call = Callable[..., Any]
"""A method of the SDK by its synchronous name, awaited in either way."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path, limits=LimitSettings(sandbox_per_minute=0)) as opened:
        yield opened


@pytest.fixture(params=["sync", "async"])
def sdk(request: pytest.FixtureRequest, server: WholeServer) -> Call:
    """``await sdk("sessions.create", …)``."""
    return calling(server, asynchronous=request.param == "async")


def calling(server: WholeServer, key: str = SANDBOX_KEY, *, asynchronous: bool = False) -> Call:
    client = facesign.FaceSignClient(api_key=key, server_url=server.url)

    async def call(method: str, *positional: Any, **named: Any) -> Any:
        section, name = method.split(".")
        found = getattr(getattr(client, section), f"a{name}" if asynchronous else name)
        if asynchronous:
            assert inspect.iscoroutinefunction(found)
            return await found(*positional, **named)
        return await asyncio.to_thread(found, *positional, **named)

    return call


def test_the_sdk_is_the_one_on_the_package_index() -> None:
    assert facesign.__version__ == "1.0.19"


async def test_create_with_modules(server: WholeServer, sdk: Call) -> None:
    """Contract C1."""
    created = await sdk("sessions.create", client_reference_id="u-1", modules=[{"type": "identityVerification"}])
    assert created.session.status == "requiresInput"
    assert created.session.settings.client_reference_id == "u-1"
    assert created.session.settings.modules == [{"type": "identityVerification"}]
    assert created.client_secret.secret.startswith("cs")
    assert created.client_secret.expire_at - created.client_secret.created_at == TWO_HOURS_MS
    flow = (await server.get(f"/sessions/{created.session.id}/flow"))["flow"]
    assert "liveness_detection" in [node["type"] for node in flow]


async def test_create_with_a_graph(server: WholeServer, sdk: Call) -> None:
    """Contract C2: the SDK drops ``start.outcome``, so only the edges say where to go."""
    created = await sdk("sessions.create", client_reference_id="u-2", flow=GRAPH)
    assert len(created.session.settings.flow.nodes) == NODES
    stored = await server.stage.store.session(created.session.id)
    assert stored is not None
    assert "outcome" not in stored.settings["flow"]["nodes"][0], "this is what the SDK sent"
    by_id = {node["id"]: node for node in stored.flow}
    assert list(by_id) == ["start", "live", "end"]
    assert by_id["start"]["outcome"] == "live"
    assert by_id["live"]["outcomes"]["livenessDetected"] == "end"


async def test_every_setting_of_the_sdk_is_taken(server: WholeServer, sdk: Call) -> None:
    created = await sdk(
        "sessions.create",
        client_reference_id="u-3",
        metadata={"order_id": 7, "nested_key": {"inner_key": None}},
        modules=[{"type": "ageEstimation", "age": 18}],
        initial_phrase="Welcome.",
        final_phrase="Goodbye.",
        provided_data={"first_name": "Robin"},
        avatar_id="ava",
        langs=["en"],
        default_lang="en",
        zone="eu",
        customization={
            "permissions_page": {"button_text": "Go", "background_type": "COLOR"},
            "controls": {"show_ux_controls": False},
        },
    )
    settings = created.session.settings
    stored = await server.stage.store.session(created.session.id)
    assert stored is not None
    assert stored.settings["avatarId"] == stored.settings["avatar_id"] == "ava"
    assert settings.metadata == {"order_id": 7, "nested_key": {"inner_key": None}}
    assert settings.customization.permissions_page.button_text == "Go"
    page = await server.get("/client/session", key=created.client_secret.secret)
    assert page["avatar"]["id"] == "ava"
    assert page["customization"]["permissionsPage"] == {"buttonText": "Go", "backgroundType": "COLOR"}
    assert page["customization"]["controls"] == {"showUxControls": False}


async def test_retrieve_before_and_after_completion(server: WholeServer, sdk: Call) -> None:
    """Contract C3."""
    created = await sdk("sessions.create", client_reference_id="u-4", modules=[{"type": "identityVerification"}])
    session_id = created.session.id
    before = (await sdk("sessions.retrieve", session_id)).session
    assert before.status == "requiresInput"
    assert before.report.transcript == []
    assert before.started_at is None
    await server.simulate(session_id)
    after = (await sdk("sessions.retrieve", session_id)).session
    assert after.status == "complete"
    assert after.report.is_verified is True
    assert after.report.liveness_detected is True
    assert after.created_at <= after.started_at <= after.finished_at
    cancelled = await sdk("sessions.create", client_reference_id="u-5", modules=[{"type": "identityVerification"}])
    await server.post(f"/sessions/{cancelled.session.id}/cancel", {})
    assert (await sdk("sessions.retrieve", cancelled.session.id)).session.status == "canceled"


async def test_a_transcript_is_read(server: WholeServer, sdk: Call) -> None:
    created = await sdk("sessions.create", client_reference_id="u-6", flow=GRAPH)
    report = {
        "transcript": [{"id": "p1", "createdAt": 5, "text": "Hello.", "isAvatar": True}],
        "lang": "en",
        "nodeReports": [],
        "extractedData": {"agreed": True, "age": 40, "name": "Robin", "gone": None},
        "isVerified": False,
        "livenessDetected": False,
        "aiAnalysis": {"ageMin": 30},
    }
    await server.stage.store.finish_session(
        created.session.id, [], status="complete", reason="end", report=report, finished_at=9
    )
    read = (await sdk("sessions.retrieve", created.session.id)).session.report
    assert [(phrase.text, phrase.is_avatar, phrase.created_at) for phrase in read.transcript] == [("Hello.", True, 5)]
    assert read.extracted_data == {"agreed": "true", "age": "40", "name": "Robin"}
    assert read.ai_analysis is None, "half an analysis would break the model"


async def test_sessions_of_other_clients_can_be_read(server: WholeServer, sdk: Call) -> None:
    created = await server.post("/sessions", APPENDIX_B | {"zone": "us", "providedData": {"age": 40}})
    session = (await sdk("sessions.retrieve", created["session"]["id"])).session
    assert session.settings.client_reference_id == "order-77"
    assert session.settings.zone == "es"
    assert session.settings.flow is None, "its models cannot read the newest form"
    assert session.settings.provided_data == {"age": "40"}
    listed = await sdk("sessions.list")
    assert [entry.id for entry in listed.sessions] == [session.id]


async def test_list_in_pages(server: WholeServer, sdk: Call) -> None:
    """Contract C4."""
    for number in range(5):
        await sdk("sessions.create", client_reference_id=f"u-{number}", flow=GRAPH)
    seen: list[str] = []
    cursor = None
    for expected_more in (True, True, False):
        page = await sdk("sessions.list", limit=2, cursor=cursor, include_total=True)
        assert page.has_more is expected_more
        assert page.total_count == 5
        seen += [session.id for session in page.sessions]
        assert page.next_cursor == (seen[-1] if expected_more else None)
        cursor = page.next_cursor
    assert len(seen) == len(set(seen)) == 5


async def test_list_with_every_filter(server: WholeServer, sdk: Call) -> None:
    """Contract C5 and the rest of the eleven parameters."""
    first = (
        await sdk("sessions.create", client_reference_id="first", metadata={"shop": "Tallinn"}, flow=GRAPH)
    ).session
    second = (await sdk("sessions.create", client_reference_id="second", flow=GRAPH)).session
    third = (await sdk("sessions.create", client_reference_id="third", flow=GRAPH)).session
    await server.simulate(second.id)
    await server.post(f"/sessions/{third.id}/cancel", {})

    async def listed(**filters: Any) -> set[str]:
        return {session.id for session in (await sdk("sessions.list", **filters)).sessions}

    assert await listed() == {first.id, second.id, third.id}
    assert await listed(status="requiresInput") == {first.id}
    assert await listed(status=["complete", "canceled"]) == {second.id, third.id}
    assert await listed(status="complete") == {second.id}
    assert await listed(client_reference_id="third") == {third.id}
    assert await listed(search="tallinn") == {first.id}
    assert await listed(flow_id="flow_none") == set()
    assert await listed(limit=0) == set()
    assert await listed(from_date=first.created_at, to_date=third.created_at) == {first.id, second.id, third.id}
    assert await listed(from_date=third.created_at + 60_000) == set()
    assert await listed(to_date=first.created_at // 1000 - 60) == set(), "seconds are understood too"
    for sort_by in ("createdAt", "status", "finishedAt"):
        for sort_order in ("asc", "desc"):
            assert len(await listed(sort_by=sort_by, sort_order=sort_order)) == 3
    oldest_first = (await sdk("sessions.list", sort_by="createdAt", sort_order="asc")).sessions
    assert [entry.created_at for entry in oldest_first] == sorted(entry.created_at for entry in oldest_first)


async def test_refresh(server: WholeServer, sdk: Call) -> None:
    """Contract C6."""
    created = await sdk("sessions.create", client_reference_id="u", flow=GRAPH)
    fresh = await sdk("sessions.refresh_client_secret", created.session.id)
    assert fresh.secret != created.client_secret.secret
    assert fresh.url.endswith(fresh.secret)
    old = await server.call("GET", "/client/session", key=created.client_secret.secret)
    assert old.status == 404
    again = await sdk("sessions.retrieve", created.session.id)
    assert again.client_secret.secret == fresh.secret
    assert again.session == created.session


async def test_languages_and_avatars(sdk: Call) -> None:
    """Contract C7."""
    languages = (await sdk("languages.get")).langs
    assert ("en", "English") in [(language.id, language.title) for language in languages]
    avatars = (await sdk("avatars.retrieve")).avatars
    assert "June_HR_public" in [avatar.id for avatar in avatars]


async def test_errors_have_their_types(server: WholeServer, sdk: Call, request: pytest.FixtureRequest) -> None:
    """Contract C8, without the flood."""
    asynchronous = request.node.callspec.params["sdk"] == "async"
    wrong = calling(server, "sk_test_nobody_knows_it", asynchronous=asynchronous)
    with pytest.raises(AuthenticationError) as refused:
        await wrong("sessions.list")
    assert refused.value.status_code == 401
    assert refused.value.code == "invalid_api_key"
    with pytest.raises(NotFoundError) as missing:
        await sdk("sessions.retrieve", "nobody")
    assert missing.value.status_code == 404
    with pytest.raises(ValidationError) as invalid:
        await sdk("sessions.create", client_reference_id="u", flow={"nodes": [], "edges": []})
    assert invalid.value.status_code == 400
    with pytest.raises(ValidationError) as nothing:
        await sdk("sessions.create", client_reference_id="u")
    assert nothing.value.code == "parameter_missing"
    created = await sdk("sessions.create", client_reference_id="u", flow=GRAPH)
    stranger = calling(server, OTHER_KEY, asynchronous=asynchronous)
    with pytest.raises(NotFoundError):
        await stranger("sessions.retrieve", created.session.id)


async def test_a_flood_is_a_rate_limit_error(tmp_path: Path) -> None:
    async with open_server(tmp_path, limits=LimitSettings(sandbox_per_minute=3)) as server:
        sdk = calling(server)
        for _ in range(3):
            await sdk("languages.get")
        with pytest.raises(RateLimitError) as flooded:
            await sdk("languages.get")
        assert flooded.value.status_code == 429


async def test_a_broken_server_is_a_server_error(
    server: WholeServer, sdk: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(type(server.stage.store), "sessions", broken)
    with pytest.raises(ServerError) as failed:
        await sdk("sessions.list")
    assert isinstance(failed.value, FaceSignAPIError)
    assert failed.value.status_code == 503
