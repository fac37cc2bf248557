"""A check of a real session under the eyes of an agent: what they see is what the journal and the report hold."""

import json

from rtc_server.console.ports import AgentRef
from rtc_server.rtc import messages as page
from rtc_server.session.supervision import Supervision
from rtc_server.session.vision.check_journal import recorded_checks
from tests.fakes.stage import Stage, eventually
from tests.fakes.viewer import FakeViewers
from tests.fakes.vision import Camera, Eyes
from tests.scores.flows import fixed
from tests.session.live.watched import Watcher

MARA = AgentRef("stf_mara", "Mara")
CHECK_SECONDS = 30.0


async def test_a_check_is_seen_as_it_runs(stage: Stage, eyes: Eyes) -> None:
    supervision = Supervision(stage.registry, FakeViewers())
    record = await stage.create(
        fixed("liveness_detection", "livenessDetected", "deepfakeDetected", "noFace", "inconclusive")
    )
    peer = await stage.join(record)
    watcher = Watcher()
    supervision.watch(record.id, MARA, watcher)
    camera = Camera(peer, eyes.actor)
    peer.send_message(page.Camera("live", "Integrated Camera", 640, 480, 15.0))
    await eventually(lambda: stage.registry.running == 0, "the session is still running", CHECK_SECONDS)
    camera.close()
    report = (await stage.ended(record)).report

    assert "checking" in [summary["state"] for summary in watcher.all("summary")]
    (check,) = watcher.state["checks"]
    (recorded,) = recorded_checks(line.event for line in await stage.store.journal(record.id))
    assert recorded.verdict is not None
    assert check["requestId"] == recorded.request_id
    assert check["verdict"]["outcome"] == recorded.verdict["outcome"] == "bona_fide"
    assert {cue["key"]: cue["state"] for cue in check["cues"]} == {
        cue["name"]: cue["state"] for cue in recorded.verdict["cues"]
    }
    assert {hint["key"] for hint in check["hints"]} & {message.kind for message in peer.received(page.CheckChallenge)}
    lines = {line["key"]: line for line in check["series"]}
    frames = len([event for _, event in recorded.events if type(event).__name__ == "Observed"])
    seconds = (check["endedAt"] - check["startedAt"]) / 1000
    for key in ("yaw", "pitch", "faceWidth", "light"):
        points = lines[key]["points"]
        assert 3 < len(points) <= min(frames, 5 * seconds + 60), key
        assert [at for at, _ in points] == sorted(at for at, _ in points)
    assert lines["texture"]["points"]
    assert [entry["evidence"]["outcome"] for entry in watcher.state["path"] if entry["leftAt"]] == [
        report["nodeReports"][0]["evidence"]["outcome"]
    ]
    assert watcher.all("ended")[0]["isVerified"] is report["isVerified"]
    assert len(json.dumps(watcher.state)) < 200_000
