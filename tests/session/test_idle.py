"""Sessions that no page is in: cancelled, given up, walked by the sandbox; the same journal, report and events."""

import asyncio
from typing import Any

import pytest

from rtc_server.api.ports import CallError, Simulation
from rtc_server.rtc.messages import Caption
from rtc_server.session import registry
from rtc_server.storage.ports import JournalLine, SessionRecord
from tests.fakes.stage import Stage, eventually
from tests.scores.flows import conversation, name_flow


def liveness_flow() -> list[dict[str, Any]]:
    """start → ask the name → liveness → one of two ends."""
    ways = {"livenessDetected": "good", "deepfakeDetected": "bad", "noFace": "bad", "inconclusive": "bad"}
    return [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Say: Hello. What is your name?", ("given", "live", "The user provided their name")),
        {"id": "live", "type": "liveness_detection", "outcomes": ways},
        {"id": "good", "type": "end"},
        {"id": "bad", "type": "end"},
    ]


async def statuses(stage: Stage, record: SessionRecord) -> list[str]:
    return [event.data["status"] for event in await stage.store.events(record.id) if event.type == "session.status"]


def left(record: SessionRecord) -> list[tuple[str, str]]:
    return [(report["nodeId"], report["outcome"]) for report in record.report["nodeReports"]]


async def test_the_integrator_cancels_what_nobody_opened(stage: Stage) -> None:
    record = await stage.create(name_flow())
    cancelled = await stage.registry.cancel(record.id)
    assert (cancelled.status, cancelled.reason) == ("incomplete", "cancelled")
    assert await statuses(stage, record) == ["created", "incomplete"]
    assert await stage.registry.cancel(record.id) == cancelled, "once more changes nothing"


async def test_the_integrator_cancels_a_running_call(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.join(record)
    await peer.receives(Caption)
    cancelled = await stage.registry.cancel(record.id)
    assert (cancelled.status, cancelled.reason) == ("incomplete", "cancelled")
    assert await statuses(stage, record) == ["created", "inProgress", "incomplete"]


async def test_the_integrator_cancels_what_a_page_is_just_joining(stage: Stage) -> None:
    record = await stage.create(name_flow())
    joining = asyncio.create_task(stage.dial(record))
    cancelling = asyncio.create_task(stage.registry.cancel(record.id))
    await joining
    cancelled = await cancelling
    assert (cancelled.status, cancelled.reason) == ("incomplete", "cancelled")
    assert stage.registry.running == 0


async def test_the_integrator_cancels_what_is_put_aside_just_now(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.dial(record)
    peer.lose()
    cancelled = await stage.registry.cancel(record.id)
    assert (cancelled.status, cancelled.reason) == ("incomplete", "cancelled")


async def test_a_cancellation_that_cannot_be_stored_is_not_called_done(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = await stage.create(name_flow())
    await stage.join(record)
    stored = asyncio.Event()
    finish = stage.store.finish_session

    async def slow(*args: Any, **kwargs: Any) -> SessionRecord:
        await stored.wait()
        return await finish(*args, **kwargs)

    monkeypatch.setattr(stage.store, "finish_session", slow)
    monkeypatch.setattr(registry, "ENDING_SECONDS", 0.05)
    with pytest.raises(CallError) as refusal:
        await stage.registry.cancel(record.id)
    assert (refusal.value.code, refusal.value.status) == ("busy", 503)
    stored.set()
    assert (await stage.ended(record)).reason == "cancelled"


async def test_a_journal_that_cannot_be_read_keeps_no_session_from_ending(stage: Stage) -> None:
    record = await stage.create(name_flow())
    await stage.store.update_session(record.id, status="inProgress", started_at=1)
    await stage.store.append_journal(record.id, [JournalLine(0, 0.0, {"type": "Header", "of": "another age"}, [])])
    ended = await stage.registry.cancel(record.id)
    assert (ended.status, ended.reason) == ("incomplete", "error")
    assert ended.report["nodeReports"] == []


async def test_nobody_came_back(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.join(record)
    await peer.receives(Caption)
    await stage.registry.close()
    stage.registry = stage.new_registry()
    await stage.registry.give_up(record.id)
    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("incomplete", "abandoned")
    assert await statuses(stage, record) == ["created", "inProgress", "incomplete"]


async def test_a_session_that_runs_here_is_not_given_up(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.join(record)
    await peer.receives(Caption)
    await stage.registry.give_up(record.id)
    assert stage.registry.running == 1


async def test_the_sandbox_walks_a_flow_by_its_good_outcomes(stage: Stage) -> None:
    record = await stage.create(liveness_flow())
    done = await stage.registry.simulate(record, Simulation("complete"))
    assert (done.status, done.reason) == ("complete", "end")
    assert left(done) == [("ask", "live"), ("live", "livenessDetected")]
    assert all(report["evidence"]["forced"] for report in done.report["nodeReports"])
    assert await statuses(stage, record) == ["created", "inProgress", "complete"]


async def test_the_sandbox_walks_a_flow_by_its_bad_outcomes(stage: Stage) -> None:
    record = await stage.create(liveness_flow())
    done = await stage.registry.simulate(record, Simulation("fail"))
    assert done.status == "complete"
    assert left(done)[-1] == ("live", "deepfakeDetected")


async def test_single_outcomes_are_chosen(stage: Stage) -> None:
    record = await stage.create(liveness_flow())
    done = await stage.registry.simulate(record, Simulation("complete", outcomes={"live": "noFace"}))
    assert left(done)[-1] == ("live", "noFace")
    other = await stage.create(liveness_flow())
    with pytest.raises(CallError, match="no node 'lvie'"):
        await stage.registry.simulate(other, Simulation("complete", outcomes={"lvie": "noFace"}))


async def test_step_by_step(stage: Stage) -> None:
    flow = liveness_flow()
    flow[2] = {"id": "mail", "type": "enter_email", "outcomes": {"emailEntered": "good", "canceled": "bad"}}
    flow[1]["outcomes"][0]["targetNodeId"] = "mail"
    record = await stage.create(flow)
    started = await stage.registry.simulate(record, Simulation("start"))
    assert started.status == "inProgress"
    with pytest.raises(CallError, match="started already"):
        await stage.registry.simulate(record, Simulation("start"))
    await stage.registry.simulate(record, Simulation("outcome", outcome="given", node_id="ask"))
    with pytest.raises(CallError, match="stands at 'mail', not at 'ask'"):
        await stage.registry.simulate(record, Simulation("outcome", outcome="given", node_id="ask"))
    with pytest.raises(CallError, match=r"'read' is no outcome of node 'mail'.*emailEntered"):
        await stage.registry.simulate(record, Simulation("outcome", outcome="read"))
    done = await stage.registry.simulate(record, Simulation("outcome", outcome="canceled"))
    assert (done.status, left(done)) == ("complete", [("ask", "mail"), ("mail", "canceled")])
    with pytest.raises(CallError, match="is over"):
        await stage.registry.simulate(record, Simulation("start"))


async def test_a_check_is_decided_while_the_flow_stands_there(stage: Stage) -> None:
    flow = liveness_flow()
    flow[2] = {"id": "age", "type": "age_estimation", "outcomes": {"success": "live", "failure": "bad"}}
    ways = {"livenessDetected": "good", "deepfakeDetected": "bad", "noFace": "bad", "inconclusive": "bad"}
    flow.insert(3, {"id": "live", "type": "liveness_detection", "outcomes": ways})
    flow[1]["outcomes"][0]["targetNodeId"] = "age"
    record = await stage.create(flow)
    await stage.registry.simulate(record, Simulation("start"))
    await stage.registry.simulate(record, Simulation("outcome", outcome="given", node_id="ask"))
    await stage.registry.simulate(record, Simulation("outcome", outcome="success", node_id="age"))
    done = await stage.registry.simulate(record, Simulation("outcome", outcome="livenessDetected", node_id="live"))
    assert left(done)[1:] == [("age", "success"), ("live", "livenessDetected")]
    assert (done.report["isVerified"], done.report["verdict"]["simulated"]) == (True, True)
    assert "aiAnalysis" not in done.report, "nobody was looked at"


async def test_cancelled_by_the_sandbox(stage: Stage) -> None:
    record = await stage.create(liveness_flow())
    done = await stage.registry.simulate(record, Simulation("cancel"))
    assert (done.status, done.reason) == ("incomplete", "cancelled")


async def test_a_running_call_is_steered(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.join(record)
    await peer.receives(Caption)
    with pytest.raises(CallError, match="needs one that nobody has joined"):
        await stage.registry.simulate(record, Simulation("complete"))
    with pytest.raises(CallError, match="no outcome of node 'ask'"):
        await stage.registry.simulate(record, Simulation("outcome", outcome="maybe"))
    await stage.registry.simulate(record, Simulation("outcome", outcome="missing"))
    done = await stage.ended(record)
    assert left(done)[0] == ("ask", "sorry")


async def test_a_person_may_go_on_where_the_sandbox_stopped(stage: Stage) -> None:
    record = await stage.create(name_flow())
    await stage.registry.simulate(record, Simulation("start"))
    peer = await stage.join(record)
    caption = await peer.receives(Caption)
    assert "what is your name" in caption.text


async def test_a_session_that_a_page_put_aside_is_simulated(stage: Stage) -> None:
    record = await stage.create(name_flow())
    peer = await stage.dial(record)
    peer.lose()
    await eventually(lambda: stage.registry.running == 0, "the session is put aside")
    done = await stage.registry.simulate(record, Simulation("complete"))
    assert (done.status, left(done)[0]) == ("complete", ("ask", "thanks"))
