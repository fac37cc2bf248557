"""Whole sessions with a node that looks: the check is shown, guided, judged, written down, and replays."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from rtc_server.cli import main
from rtc_server.rtc import messages as page
from rtc_server.session.vision.check_journal import RecordedCheck, recorded_checks
from rtc_server.storage.ports import SessionRecord
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.fakes.vision import Camera, Eyes
from tests.scores.flows import conversation, fixed
from vision.liveness.events import Observed

CHECK_SECONDS = 30.0
"""How long a check may take in a test."""

WAYS = ("livenessDetected", "deepfakeDetected", "noFace", "inconclusive", "captureUnavailable")


def liveness() -> list[dict[str, Any]]:
    return fixed("liveness_detection", *WAYS)


async def report_of(stage: Stage, record: SessionRecord) -> dict[str, Any]:
    """What the report says of the first node, once the session is over."""
    await eventually(lambda: stage.registry.running == 0, "the session is still running", CHECK_SECONDS)
    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("complete", "end"), stored.report
    report: dict[str, Any] = stored.report["nodeReports"][0]
    return report


async def checks_of(stage: Stage, record: SessionRecord) -> list[RecordedCheck]:
    return recorded_checks(line.event for line in await stage.store.journal(record.id))


async def start(stage: Stage, flow: list[dict[str, Any]], **settings: Any) -> tuple[SessionRecord, FakePeer]:
    record = await stage.create(flow, **settings)
    return record, await stage.join(record)


async def test_a_person_who_follows_the_challenge_is_live(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    peer.send_message(page.Camera("live", "Integrated Camera", 640, 480, 15.0))
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "livenessDetected", json.dumps(report, indent=1)
    kinds = [type(message) for message in peer.messages]
    for kind in (page.ShowCheck, page.CheckChallenge, page.CheckChallengeEnded, page.CheckProgress, page.CloseCheck):
        assert kind in kinds
    assert peer.received(page.CloseCheck)[-1].result == "passed"
    evidence = report["evidence"]
    assert evidence["engines"] == {
        "tracker": "fake", "texture": "fake-texture", "embedder": "hue", "attributes": "fake-attributes"
    }  # fmt: skip
    (check,) = await checks_of(stage, record)
    assert check.ended
    assert check.verdict == check.replayed()
    assert check.verdict is not None
    assert check.verdict["outcome"] == "bona_fide"
    await eventually(lambda: all(tracker.closed for tracker in eyes.trackers), "trackers are let go")


async def test_the_journal_replays_to_the_same_verdict_on_the_command_line(
    stage: Stage, eyes: Eyes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    await report_of(stage, record)
    camera.close()
    assert stage.policy.journal_dir is not None
    file = tmp_path / "journal.jsonl"
    file.write_text((stage.policy.journal_dir / f"{record.id}.jsonl").read_text())
    assert main(["replay", str(file)]) == 0
    assert "check r1: bona_fide" in capsys.readouterr().out
    file.write_text(file.read_text().replace('"outcome": "bona_fide"', '"outcome": "attack"'))
    assert main(["replay", str(file)]) == 1
    assert "check r1: attack then, bona_fide now" in capsys.readouterr().out


async def test_somebody_who_does_nothing_of_what_is_asked_does_not_pass(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor, obeys=False)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] in ("inconclusive", "deepfakeDetected")
    assert report["evidence"]["challenges"][0]["passed"] is False


async def test_a_frozen_picture_does_not_pass(stage: Stage, eyes: Eyes) -> None:
    eyes.actor.sway = 0.0
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor, obeys=False, frozen=True)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] in ("inconclusive", "deepfakeDetected")


async def test_a_texture_of_paper_is_an_attack(stage: Stage, eyes: Eyes) -> None:
    assert eyes.texture is not None
    eyes.texture.score = 0.1
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "deepfakeDetected"
    assert peer.received(page.CloseCheck)[-1].result == "failed"


async def test_a_texture_model_that_fails_is_logged_once_and_not_checked(
    stage: Stage, eyes: Eyes, caplog: pytest.LogCaptureFixture
) -> None:
    assert eyes.texture is not None
    eyes.texture.error = ValueError("of this face")
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    cues = {cue["name"]: cue for cue in report["evidence"]["cues"]}
    assert cues["pad_texture"]["state"] == "not_checked"
    logged = [entry.getMessage() for entry in caplog.records if "texture failed with ValueError" in entry.getMessage()]
    assert len(logged) == 1
    assert "of this face" not in caplog.text


# ---- nothing to look at


async def test_without_eyes_nothing_is_checked(stage: Stage) -> None:
    stage.vision = None
    stage.registry = stage.new_registry()
    record, _ = await start(stage, liveness())
    report = await report_of(stage, record)
    assert (report["outcome"], report["evidence"]["verdict"]) == ("captureUnavailable", "not_checked")


@pytest.mark.parametrize("state", ["absent", "off"])
async def test_a_page_without_a_camera_is_told_apart_at_once(stage: Stage, state: Any) -> None:
    record, peer = await start(stage, liveness())
    began = asyncio.get_running_loop().time()
    peer.send_message(page.Camera(state, "", 0, 0, 0.0))
    report = await report_of(stage, record)
    assert asyncio.get_running_loop().time() - began < 2.0
    assert report["outcome"] == "captureUnavailable"


async def test_a_camera_that_sends_nothing_is_given_up_after_seconds(stage: Stage) -> None:
    record, _ = await start(stage, liveness())
    report = await report_of(stage, record)
    assert (report["outcome"], report["evidence"]["reason"]) == ("captureUnavailable", "no_media")


async def test_black_frames_have_no_face(stage: Stage, eyes: Eyes) -> None:
    eyes.actor.present = False
    eyes.actor.brightness = 0.0
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "noFace"
    assert "more_light" in {hint.key for hint in peer.received(page.CheckHint)}


async def test_a_tracker_that_fails_is_no_verdict_on_the_person(stage: Stage, eyes: Eyes) -> None:
    eyes.tracker_error = RuntimeError("native")
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert (report["outcome"], report["inconclusiveReason"]) == ("inconclusive", "provider_error")


async def test_a_camera_pulled_in_mid_check_leaves_it_open(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor, obeys=False)
    await peer.receives(page.CheckChallenge)
    camera.close()
    peer.send_message(page.Camera("off", "", 0, 0, 0.0))
    report = await report_of(stage, record)
    assert (report["outcome"], report["inconclusiveReason"]) == ("inconclusive", "no_media")


# ---- the person and the page


async def test_the_person_closes_the_view(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    shown = await peer.receives(page.ShowCheck)
    peer.send_message(page.CancelCheck("another"))
    peer.send_message(page.CancelCheck(shown.request_id))
    report = await report_of(stage, record)
    camera.close()
    assert (report["outcome"], report["evidence"]) == ("inconclusive", {"reason": "cancelled"})
    assert peer.received(page.CloseCheck) == [page.CloseCheck(shown.request_id, "stopped")]


async def test_a_page_that_is_lost_in_mid_check_begins_a_new_one(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor, obeys=False)
    first = await peer.receives(page.CheckChallenge)
    camera.close()
    peer.lose()
    again = await stage.join(record)
    camera = Camera(again, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "livenessDetected"
    broken_off, whole = await checks_of(stage, record)
    assert (broken_off.request_id, broken_off.ended, broken_off.verdict) == (first.request_id, True, None)
    assert whole.agrees
    assert len(eyes.trackers) == 1


async def test_a_server_that_restarts_in_mid_check_looks_again(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor, obeys=False)
    await peer.receives(page.CheckChallenge)
    camera.close()
    await stage.registry.close()
    assert all(tracker.closed for tracker in eyes.trackers)
    stage.registry = stage.new_registry()
    again = await stage.join(record)
    camera = Camera(again, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "livenessDetected"


async def test_frames_before_the_node_count(stage: Stage, eyes: Eyes) -> None:
    flow = [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Ask the user for their name", ("told", "it", "told"), ("not", "end", "not told")),
        *liveness()[1:],
        {"id": "end", "type": "end"},
    ]
    stage.evaluator.outcomes["Robin"] = "told"
    record, peer = await start(stage, flow)
    camera = Camera(peer, eyes.actor)
    await eventually(lambda: eyes.looks >= 3, "it looks while it talks")
    peer.send_message(page.Text("Robin"))
    await report_of(stage, record)
    camera.close()
    (check,) = await checks_of(stage, record)
    observed = [event.observation.at for _, event in check.events if isinstance(event, Observed)]
    assert observed[0] < check.header.started_at < observed[-1]
    assert check.verdict is not None
    assert check.verdict["outcome"] == "bona_fide"
