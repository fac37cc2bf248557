"""Everything of one subject: complete when exported, gone when erased, and nobody else's."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from rtc_server.storage.ports import MediaRecord
from tests.api.flows import APPENDIX_B
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server

CONSENT = {"version": "2026-11", "locale": "de", "acceptedAt": 6}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path) as opened:
        yield opened


async def new_session(server: WholeServer, reference: str, *, ended: bool = True) -> str:
    body = APPENDIX_B | {"clientReferenceId": reference}
    session_id: str = (await server.post("/sessions", body))["session"]["id"]
    if ended:
        await server.simulate(session_id)
    return session_id


def export_of(reference: str) -> str:
    return f"/subjects/{quote(reference, safe='')}/export"


async def test_the_export_holds_everything(server: WholeServer) -> None:
    first, second = await new_session(server, "p-1"), await new_session(server, "p-1", ended=False)
    await new_session(server, "p-2")
    await server.stage.store.update_session(second, consent=CONSENT)
    await server.media.put(MediaRecord("m_1", first, "screenshot", 0, "image/png", 1, 5), b"x")
    export = await server.get(export_of("p-1"))
    assert export["clientReferenceId"] == "p-1"
    assert export["exportedAt"] > 0
    assert [entry["session"]["id"] for entry in export["sessions"]] == [first, second]
    entry = export["sessions"][0]
    assert entry["session"]["report"]["media"]["screenshots"][0]["id"] == "m_1"
    assert entry["session"]["settings"]["providedData"]["email"] == "robin@example.org"
    assert export["sessions"][1]["session"]["report"]["consent"] == CONSENT
    assert [line["sequence"] for line in entry["journal"]] == list(range(len(entry["journal"])))
    assert [node["id"] for node in entry["flow"]] == [node["id"] for node in APPENDIX_B["flow"]]


async def test_erasing_ends_and_redacts_and_may_be_repeated(server: WholeServer) -> None:
    for ended in (True, False):
        await new_session(server, "p-1", ended=ended)
    other = await new_session(server, "p-2")
    erased = await (await server.call("DELETE", "/subjects/p-1")).json()
    assert erased == {"clientReferenceId": "p-1", "cancelled": 1, "redacted": 2, "faces": 0}
    export = await server.get(export_of("p-1"))
    assert len(export["sessions"]) == 2, "whoever knows the reference still finds what is left"
    assert "robin@example.org" not in str(export)
    again = await (await server.call("DELETE", "/subjects/p-1")).json()
    assert again == {"clientReferenceId": "p-1", "cancelled": 0, "redacted": 0, "faces": 0}
    untouched = (await server.get(f"/sessions/{other}"))["session"]
    assert untouched["settings"]["providedData"]["name"] == "Robin"


@pytest.mark.parametrize("reference", ["order 77/b", "Zoë Müller", "100%", "顧客-1", "a" * 900])
async def test_any_reference_can_be_asked_for(server: WholeServer, reference: str) -> None:
    session_id = await new_session(server, reference, ended=False)
    export = await server.get(export_of(reference))
    assert export["clientReferenceId"] == reference
    assert [entry["session"]["id"] for entry in export["sessions"]] == [session_id]


@pytest.mark.parametrize("key", [OTHER_KEY, PRODUCTION_KEY])
async def test_subjects_belong_to_one_tenant_and_one_world(server: WholeServer, key: str) -> None:
    await new_session(server, "p-1")
    for method, path in (("GET", export_of("p-1")), ("DELETE", "/subjects/p-1")):
        response = await server.call(method, path, key=key)
        assert (response.status, (await response.json())["error"]["code"]) == (404, "subject_not_found")
    assert "robin@example.org" in str(await server.get(export_of("p-1")))


@pytest.mark.parametrize("reference", ["nobody", "%00", "x" * 1_500])
async def test_an_unknown_subject_is_not_found(server: WholeServer, reference: str) -> None:
    assert (await server.call("GET", f"/subjects/{reference}/export")).status == 404
