"""Pictures of documents that the page sends: what is taken, what is refused, and how that is said."""

from contextlib import ExitStack

import pytest

from rtc_server.api.ports import CallError
from rtc_server.api.resources import client_documents
from tests.api.conftest import Edge

PATH = "/client/documents/scan-1"
JPEG = {"Content-Type": "image/jpeg"}


async def secret_of(edge: Edge) -> tuple[str, str]:
    """(session id, client secret) of a new session."""
    created = await edge.create()
    return created["session"]["id"], created["clientSecret"]["secret"]


@pytest.mark.parametrize(("query", "number"), [("", None), ("?number=3", 3), ("?number=0", 0)])
@pytest.mark.parametrize("media_type", client_documents.PICTURE_TYPES)
async def test_a_picture_reaches_the_call_as_it_is(edge: Edge, query: str, number: int | None, media_type: str) -> None:
    session_id, secret = await secret_of(edge)
    headers = {"Content-Type": media_type}
    response = await edge.call("POST", PATH + query, key=secret, data=b"\xff\xd8picture", headers=headers)
    assert response.status == 202, await response.text()
    assert await response.read() == b""
    assert edge.calls.pictures == [(session_id, "scan-1", number, b"\xff\xd8picture")]


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "image/gif", "multipart/form-data"])
async def test_what_is_no_picture_is_refused_before_it_is_read(edge: Edge, media_type: str) -> None:
    _, secret = await secret_of(edge)
    response = await edge.call("POST", PATH, key=secret, data=b"x", headers={"Content-Type": media_type})
    error = await edge.error(response, 415, "unsupported_media_type")
    assert "image/jpeg" in error["message"]
    assert edge.calls.pictures == []


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "1000", "1e3"])
async def test_a_number_that_is_none_is_named(edge: Edge, number: str) -> None:
    _, secret = await secret_of(edge)
    response = await edge.call("POST", f"{PATH}?number={number}", key=secret, data=b"x", headers=JPEG)
    assert response.status == 400
    assert (await response.json())["error"]["param"] == "number"


async def test_a_picture_that_is_too_large_is_refused(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_documents, "MAX_PICTURE_BYTES", 1_000)
    _, secret = await secret_of(edge)
    assert (await edge.call("POST", PATH, key=secret, data=b"x" * 1_000, headers=JPEG)).status == 202
    response = await edge.call("POST", PATH, key=secret, data=b"x" * 1_001, headers=JPEG)
    await edge.error(response, 413, "body_too_large")


@pytest.mark.parametrize(("code", "status"), [("not_awaited", 409), ("picture_unreadable", 400)])
async def test_what_the_call_refuses_is_said_as_it_says_it(edge: Edge, code: str, status: int) -> None:
    _, secret = await secret_of(edge)
    edge.calls.refuse = CallError(code, "why, and what to do", status)
    response = await edge.call("POST", PATH, key=secret, data=b"x", headers=JPEG)
    error = await edge.error(response, status, code)
    assert error["message"] == "why, and what to do"


async def test_nobody_sends_without_the_secret_of_the_session(edge: Edge) -> None:
    response = await edge.call("POST", PATH, key="cs_nobody", data=b"x", headers=JPEG)
    await edge.error(response, 404, "client_secret_unknown")
    assert edge.calls.pictures == []


async def test_only_so_many_pictures_are_received_at_once(edge: Edge) -> None:
    _, secret = await secret_of(edge)
    places = edge.client.app[client_documents.PLACES]
    with ExitStack() as held:
        for count in range(client_documents.MAX_AT_ONCE):
            held.enter_context(places.one(f"session-{count}"))
        response = await edge.call("POST", PATH, key=secret, data=b"x", headers=JPEG)
        await edge.error(response, 503, "busy")
        assert int(response.headers["Retry-After"]) >= 1
    assert (await edge.call("POST", PATH, key=secret, data=b"x", headers=JPEG)).status == 202


async def test_a_page_that_sends_too_much_holds_up_nobody_else(edge: Edge) -> None:
    session_id, secret = await secret_of(edge)
    _, other = await secret_of(edge)
    places = edge.client.app[client_documents.PLACES]
    with ExitStack() as held:
        for _ in range(client_documents.MAX_OF_SESSION):
            held.enter_context(places.one(session_id))
        await edge.error(await edge.call("POST", PATH, key=secret, data=b"x", headers=JPEG), 503, "busy")
        assert (await edge.call("POST", PATH, key=other, data=b"x", headers=JPEG)).status == 202
    assert (await edge.call("POST", PATH, key=secret, data=b"x", headers=JPEG)).status == 202
