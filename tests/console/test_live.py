"""The running sessions in the console: the list, one session as it runs, and what an agent does in it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rtc_server.rtc.messages import Agent, Caption, Text
from rtc_server.staff.masking import HIDDEN
from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AuditQuery
from tests.console.live_desk import LiveDesk, open_desk
from tests.fakes.console_edge import Tab


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[LiveDesk]:
    async with open_desk(tmp_path) as opened:
        yield opened


async def act(tab: Tab, session_id: str, kind: str, **details: Any) -> int:
    response = await tab.call("POST", f"/live/{session_id}/acts", json={"type": kind} | details)
    return response.status


# ---- the list


async def test_the_list_shows_what_runs_and_what_changes(desk: LiveDesk) -> None:
    record, peer = await desk.call()
    tab = await desk.edge.tab(Role.VIEWER)
    async with desk.stream(tab, "/live") as events:
        (first,) = (await events.next("list"))["sessions"]
        assert (first["id"], first["nodeId"]) == (record.id, "ask")
        another, _ = await desk.call()
        changed = (await events.next("changes"))["changed"]
        assert another.id in [summary["id"] for summary in changed]
        peer.send_message(Text("bananas"))
        assert record.id in [summary["id"] for summary in (await events.next("changes"))["changed"]]
        await desk.stage.registry.cancel(another.id)
        gone: list[str] = []
        while another.id not in gone:
            gone += (await events.next("changes"))["gone"]


async def test_the_list_once_is_plain_json(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.VIEWER)
    listed = await tab.get("/live?once=1")
    assert [summary["id"] for summary in listed["sessions"]] == [record.id]


async def test_sessions_of_other_tenants_are_not_there(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.AGENT, tenants=("other",))
    assert (await tab.get("/live?once=1"))["sessions"] == []
    await desk.edge.error(await tab.call("GET", f"/live/{record.id}"), 404, "session_not_live")
    response = await tab.call("POST", f"/live/{record.id}/acts", json={"type": "takeOver"})
    await desk.edge.error(response, 404, "session_not_live")


async def test_the_clients_reference_is_shown_to_those_who_may_see_it(desk: LiveDesk) -> None:
    record = await desk.stage.create([{"id": "start", "type": "start", "outcome": "e"}, {"id": "e", "type": "end"}])
    record = await desk.stage.store.update_session(record.id, client_reference_id="maria@example.org")
    await desk.stage.dial(record)
    agent, supervisor = await desk.edge.tab(Role.AGENT), await desk.edge.tab(Role.SUPERVISOR)
    for tab, reference in ((agent, HIDDEN), (supervisor, "maria@example.org")):
        (summary,) = (await tab.get("/live?once=1"))["sessions"]
        assert summary["clientReferenceId"] == reference


async def test_a_list_ends_when_its_reader_is_signed_out(desk: LiveDesk) -> None:
    await desk.call()
    tab = await desk.edge.tab(Role.VIEWER)
    async with desk.stream(tab, "/live") as events:
        await events.next("list")
        await tab.call("POST", "/sign-out")
        await desk.call()
        await events.next("signed_out")
        assert await events.ended()


# ---- one session


async def test_a_session_is_seen_from_a_snapshot_on_and_the_person_is_told(desk: LiveDesk) -> None:
    record, peer = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    async with desk.stream(tab, f"/live/{record.id}") as events:
        snapshot = await events.next("snapshot")
        assert snapshot["summary"]["id"] == record.id
        assert snapshot["transcript"][0]["speaker"] == "avatar"
        told = await peer.receives(Agent, lambda agent: agent.mode == "watching")
        assert told.name == "agent-0"
        peer.send_message(Text("bananas"))
        phrase = await events.next("phrase")
        assert (phrase["speaker"], phrase["text"]) == ("user", "bananas")
    await peer.receives(Agent, lambda agent: agent.mode == "none")
    assert await desk.until_audited(record.id, "session.left") == ["session.watched", "session.left"]


async def test_a_session_that_ends_while_watched_ends_its_stream(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    async with desk.stream(tab, f"/live/{record.id}") as events:
        await events.next("snapshot")
        await desk.stage.registry.cancel(record.id)
        assert (await events.next("ended"))["status"] == "incomplete"
        assert await events.ended()
    assert (await tab.call("GET", f"/live/{record.id}")).status == 404


async def test_a_viewer_sees_the_list_and_no_session(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.VIEWER)
    error = await desk.edge.error(await tab.call("GET", f"/live/{record.id}"), 403, "not_allowed")
    assert error["permission"] == "watch"


# ---- acts


async def test_an_agent_whispers_takes_over_and_hands_back(desk: LiveDesk) -> None:
    record, peer = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    async with desk.stream(tab, f"/live/{record.id}") as events:
        await events.next("snapshot")
        assert await act(tab, record.id, "whisper", text="Take your time.") == 204
        await peer.receives(Caption, lambda caption: caption.text == "Take your time." and caption.final)
        assert await act(tab, record.id, "takeOver") == 204
        assert (await events.next("agent"))["holder"]["name"] == "agent-0"
        await peer.receives(Agent, lambda agent: agent.mode == "speaking")
        assert await act(tab, record.id, "handBack") == 204
        assert (await events.next("agent"))["holder"] is None
        actions = await desk.audited(record.id)
    assert actions == ["session.watched", "session.whispered", "session.taken_over", "session.handed_back"]


async def test_a_whispers_words_are_not_in_the_audit(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    async with desk.stream(tab, f"/live/{record.id}") as events:
        await events.next("snapshot")
        await act(tab, record.id, "whisper", text="Your balance is 42")
    entries = await desk.edge.stores.audit.entries(AuditQuery(action="session.whispered"))
    assert "balance" not in str(entries)
    assert entries[0].details["characters"] == 18


async def test_two_agents_at_once(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    one, two = await desk.edge.tab(Role.AGENT), await desk.edge.tab(Role.AGENT)
    async with desk.stream(one, f"/live/{record.id}") as first, desk.stream(two, f"/live/{record.id}") as second:
        await first.next("snapshot")
        await second.next("snapshot")
        assert await act(one, record.id, "takeOver") == 204
        response = await two.call("POST", f"/live/{record.id}/acts", json={"type": "takeOver"})
        error = await desk.edge.error(response, 409, "held_by_another")
        assert "agent-0" in error["message"]
        assert (await second.next("agent"))["holder"]["name"] == "agent-0"
    await desk.until_audited(record.id, "session.act_refused")


async def test_whoever_does_not_watch_does_not_act(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    response = await tab.call("POST", f"/live/{record.id}/acts", json={"type": "takeOver"})
    await desk.edge.error(response, 409, "not_watching")


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "type"),
        ({"type": "dance"}, "type"),
        ({"type": 7}, "type"),
        ({"type": "whisper"}, "text"),
        ({"type": "whisper", "text": 7}, "text"),
        ({"type": "force", "nodeId": "ask", "outcome": "yes"}, "reason"),
        ({"type": "end"}, "reason"),
        ({"type": "skip", "also": 1}, "also"),
    ],
)
async def test_an_act_that_is_none_is_refused_by_name(desk: LiveDesk, body: dict[str, Any], param: str) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    response = await tab.call("POST", f"/live/{record.id}/acts", json=body)
    assert response.status == 400
    assert param in (await response.json())["error"]["message"]


async def test_an_outcome_is_forced_with_its_reason_in_the_audit(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    async with desk.stream(tab, f"/live/{record.id}") as events:
        await events.next("snapshot")
        assert await act(tab, record.id, "force", nodeId="ask", outcome="yes", reason="said so by hand signs") == 204
        await events.next("ended")
    (entry,) = await desk.edge.stores.audit.entries(AuditQuery(action="session.forced"))
    assert entry.details == {"nodeId": "ask", "outcome": "yes", "reason": "said so by hand signs"}
    stored = await desk.stage.store.session(record.id)
    assert stored is not None
    assert stored.report["verdict"]["byAgent"] is True


async def test_media_of_an_offer_that_is_none(desk: LiveDesk) -> None:
    record, _ = await desk.call()
    tab = await desk.edge.tab(Role.AGENT)
    async with desk.stream(tab, f"/live/{record.id}") as events:
        await events.next("snapshot")
        response = await tab.call("POST", f"/live/{record.id}/media", json={"sdp": "v=0 nothing"})
        assert response.status == 400
        response = await tab.call("POST", f"/live/{record.id}/media", json={})
        assert "sdp" in (await response.json())["error"]["message"]
