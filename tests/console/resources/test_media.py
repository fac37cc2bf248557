"""Pictures and recordings of a session that has ended: who opens them, with what reason, and what they are given."""

from typing import Any

import pytest

from rtc_server.console.resources.media import PLAYING_MS
from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AuditQuery, MediaRecord
from tests.console.resources.opened import REASON, audited
from tests.fakes.console_edge import ConsoleEdge
from tests.insight.sessions import end_session
from tests.storage.records import START_MS

PICTURE = MediaRecord("m_picture", "session-00000", "document.face", 0, "image/jpeg", 3, START_MS)
SOUND = MediaRecord("m_sound", "session-00000", "userAudio", 0, "audio/webm", 5, START_MS)
KEPT = {PICTURE.id: b"jpg", SOUND.id: b"sound"}


async def keep(edge: ConsoleEdge, *media: MediaRecord) -> str:
    session_id = await end_session(edge.stores)
    for one in media:
        await edge.stores.media.put(one, KEPT[one.id])
    return session_id


def path(session_id: str, media: MediaRecord) -> str:
    return f"/history/{session_id}/media/{media.id}"


async def test_a_picture_comes_once_its_reason_stands_in_the_audit(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await keep(edge, PICTURE)
    response = await tab.call("POST", path(session_id, PICTURE), json=REASON)
    assert (response.status, await response.read()) == (200, b"jpg")
    assert response.content_type == "image/jpeg"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"] == "sandbox"
    assert await audited(edge, session_id) == [
        ("media.opened", {"media": PICTURE.id, "kind": "document.face"} | REASON)
    ]


async def test_a_recording_is_opened_by_a_link_of_this_server_that_runs_out(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await keep(edge, SOUND)
    response = await tab.call("POST", path(session_id, SOUND), json=REASON)
    assert response.status == 200
    opened = await response.json()
    assert opened["contentType"] == "audio/webm"
    assert opened["expiresAt"] == edge.clock[0] + PLAYING_MS
    assert opened["url"].startswith(f"/media/{SOUND.id}?")
    assert await audited(edge, session_id) == [("media.opened", {"media": SOUND.id, "kind": "userAudio"} | REASON)]
    edge.pass_seconds(PLAYING_MS / 1000)
    await edge.error(await edge.client.get(opened["url"]), 403, "link_expired")


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " no "}, {"reason": 7}, {"reason": "x" * 301}])
async def test_without_a_reason_nothing_is_opened(edge: ConsoleEdge, body: dict[str, Any]) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await keep(edge, PICTURE, SOUND)
    for media in (PICTURE, SOUND):
        response = await tab.call("POST", path(session_id, media), json=body)
        assert response.status == 400, await response.text()
        assert (await response.json())["error"]["param"] == "reason"
    assert await audited(edge, session_id) == []


async def test_only_who_may_open_pictures_opens_recordings(edge: ConsoleEdge) -> None:
    session_id = await keep(edge, SOUND)
    for role in (Role.VIEWER, Role.AGENT, Role.AUDITOR, Role.ADMIN):
        tab = await edge.tab(role)
        await edge.error(await tab.call("POST", path(session_id, SOUND), json=REASON), 403, "not_allowed")
    elsewhere = await edge.tab(Role.SUPERVISOR, tenants=("other",))
    await edge.error(await elsewhere.call("POST", path(session_id, SOUND), json=REASON), 404, "session_not_found")
    entries = await edge.stores.audit.entries(AuditQuery(limit=50, session_id=session_id))
    assert "media.opened" not in [entry.action for entry in entries]


async def test_what_was_erased_or_is_another_sessions_is_gone(edge: ConsoleEdge) -> None:
    tab = await edge.tab(Role.REVIEWER)
    session_id = await keep(edge, SOUND)
    other = await end_session(edge.stores, 1)
    await edge.error(await tab.call("POST", path(other, SOUND), json=REASON), 404, "media_not_found")
    await edge.stores.media.delete_media(session_id)
    await edge.error(await tab.call("POST", path(session_id, SOUND), json=REASON), 404, "media_not_found")
    assert await audited(edge, session_id) == []
