"""A clip of a real person as the camera: the identity module in a browser, and calls by recordings of people."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from playwright.sync_api import sync_playwright

from tests.conftest import REPOSITORY
from tests.e2e.conftest import KEY, MICROPHONE, Server, running_server, wait_for
from tests.e2e.people import SETTINGS, Clips
from tests.fakes.films import (
    frames_of,
    looped,
    still,
    write_mjpeg,
    write_mp4,
)
from tests.static.browser import LAUNCH_FLAGS, chromium_path
from vision.ports import RgbImage

pytestmark = [pytest.mark.models, pytest.mark.shared, pytest.mark.slow]


@pytest.fixture(scope="module")
def seeing_server(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("seeing"), weights, KEY, **SETTINGS) as running:
        yield running


def data_url(picture: RgbImage) -> str:
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    assert done
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()


def looks(films: Path, seen: Clips) -> dict[str, Any]:
    """A create call: live? then the same person as in the right picture, then as in the wrong one."""
    ways = {"passed": "wrong", "notPassed": "wrong", "cancelled": "end", "error": "end"}
    stranger = frames_of(films / "ZubairCracksCode_real.mov", 1.0)[10]
    flow = [
        {"id": "start", "type": "start", "outcome": "live"},
        {
            "id": "live",
            "type": "liveness_detection",
            "outcomes": {
                "livenessDetected": "right",
                "deepfakeDetected": "end",
                "noFace": "end",
                "inconclusive": "end",
            },
        },
        {"id": "right", "type": "face_scan", "referenceImageKey": "right", "outcomes": ways},
        {"id": "wrong", "type": "face_scan", "referenceImageKey": "wrong", "outcomes": dict.fromkeys(ways, "end")},
        {"id": "end", "type": "end"},
    ]
    return {"flow": flow, "providedData": {"right": data_url(seen.calm[3]), "wrong": data_url(stranger)}}


def called(server: Server, file: Path, create: dict[str, Any]) -> dict[str, Any]:
    """The report of ``visavis call`` with this camera."""
    flow = file.with_suffix(".json")
    flow.write_text(json.dumps(create))
    options = ["--server", server.url, "--key", server.key, "--timeout", "60", "--json"]
    command = [sys.executable, "-m", "rtc_server", "call", "--flow", str(flow), "--camera", str(file), *options]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)["report"]
    return report


@pytest.fixture
def create(films: Path, seen: Clips) -> dict[str, Any]:
    return looks(films, seen)


def test_a_person_is_live_and_known(seeing_server: Server, seen: Clips, create: dict[str, Any], tmp_path: Path) -> None:
    report = called(seeing_server, write_mp4(tmp_path / "seen.mp4", seen.film(calm_seconds=6)), create)
    live, right, wrong = report["nodeReports"]
    assert live["outcome"] == "livenessDetected"
    assert [challenge["passed"] for challenge in live["evidence"]["challenges"]][-1]
    assert right["outcome"] == "passed"
    assert right["report"]["compareFacesReport"]["similarity"] > 0.85
    assert wrong["outcome"] == "notPassed"
    assert wrong["report"]["compareFacesReport"]["similarity"] < 0.85
    assert report["livenessDetected"] is True
    assert report["isVerified"] is False, "the last comparison failed"


def test_recordings_do_not_pass(
    seeing_server: Server, films: Path, seen: Clips, create: dict[str, Any], tmp_path: Path
) -> None:
    """A recording on a screen, a photo, and the person's own clip in a loop."""
    attacks = {
        "pad_texture": frames_of(films / "tranvanluyt2203_fake.mp4", 15.0),
        "pad_static": still(seen.calm[3], 20),
        "pad_loop": looped(seen.turns, 25),
    }
    for why, frames in attacks.items():
        report = called(seeing_server, write_mp4(tmp_path / f"{why}.mp4", frames), create)
        (live,) = report["nodeReports"]
        assert live["outcome"] == "deepfakeDetected", why
        assert why in live["evidence"]["reasons"]
        cue = next(cue for cue in live["evidence"]["cues"] if cue["name"] == why)
        assert (cue["state"], bool(cue["reason"])) == ("against", True)
        assert report["livenessDetected"] is False
        assert report["aiAnalysis"]["realPersonOrVirtual"] == "virtual"


@pytest.mark.browser
def test_the_identity_module_in_a_browser(seeing_server: Server, seen: Clips, tmp_path: Path) -> None:
    """As the seed document has it: avatar, challenge, report; the file is what Chromium takes for its camera."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    film = write_mjpeg(tmp_path / "seen.mjpeg", seen.film(calm_seconds=19))
    created = seeing_server.call("POST", "/sessions", {"modules": [{"type": "identityVerification"}]})
    session_id, link = created["session"]["id"], created["clientSecret"]["url"]
    with sync_playwright() as playwright:
        flags = [*LAUNCH_FLAGS, f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=flags)
        page = browser.new_context(permissions=["microphone", "camera"]).new_page()
        page.add_init_script(path=MICROPHONE)
        page.goto(link)
        page.get_by_role("button", name="Continue", exact=True).click()
        page.get_by_role("button", name="Start the conversation").click()
        wait_for(lambda: page.evaluate("testMessages.some((m) => m.type === 'checkChallenge')"), 40, "a challenge")
        session = seeing_server.finished(session_id, 60)
        shown = page.evaluate("testMessages.map((message) => message.type)")
        browser.close()
    report = session["report"]
    assert session["status"] == "complete"
    assert [node["outcome"] for node in report["nodeReports"] if node["type"] == "liveness_detection"] == [
        "livenessDetected"
    ]
    assert (report["isVerified"], report["livenessDetected"]) == (True, True)
    assert report["aiAnalysis"]["realPersonOrVirtual"] == "real"
    assert report["aiAnalysis"]["ageMin"] < report["aiAnalysis"]["ageMax"]
    assert report["aiAnalysis"]["sex"] == "male"
    assert {"showCheck", "checkProgress", "checkChallengeEnded", "closeCheck"} <= set(shown)
