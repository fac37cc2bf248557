"""Identity and document in one call: a person before the camera, and a card of theirs, or of somebody else."""

import base64
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import jsonschema_rs
import numpy as np
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import KEY, MICROPHONE, Server, running_server, wait_for
from tests.e2e.people import SETTINGS, Clips
from tests.fakes.films import frames_of, write_mjpeg
from tests.fakes.specimens import Specimen, draw
from tests.fakes.specimens.photograph import photograph
from tests.static.browser import LAUNCH_FLAGS, chromium_path
from tests.vision.document.report_schema import REPORT
from vision.ports import RgbImage

pytestmark = [pytest.mark.models, pytest.mark.shared, pytest.mark.slow, pytest.mark.browser]

DOCUMENT_CAMERA = Path(__file__).with_name("document_camera.js")


@pytest.fixture(scope="module")
def reading_server(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("reading"), weights, KEY, **SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def film(seen: Clips, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mjpeg(tmp_path_factory.mktemp("film") / "seen.mjpeg", seen.film(calm_seconds=19))


def portrait_of(frame: RgbImage) -> RgbImage:
    """The middle of a frame, in the shape of a portrait."""
    height, width = frame.shape[:2]
    across = round(height * 0.78)
    left = (width - across) // 2
    return np.ascontiguousarray(frame[:, left : left + across])


def data_url(picture: RgbImage) -> str:
    done, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])
    assert done
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()


def show(page: Page, side: RgbImage, seed: int) -> None:
    """Hold a side of a card before the camera for documents."""
    photo = photograph(side, seed, hardness=0.15, size=(1920, 1080), glare_radius=0)
    page.evaluate("(address) => testDocument.show(address)", data_url(photo.image))


def steps(page: Page) -> list[str]:
    """What the server has asked for so far."""
    found: list[str] = page.evaluate("testMessages.filter((m) => m.type === 'showDocument').map((m) => m.step)")
    return found


def verified(server: Server, film: Path, card: Specimen) -> dict[str, Any]:
    """The session of somebody who is looked at, and then shows this card."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    modules = [{"type": "identityVerification"}, {"type": "documentAuthentication"}]
    created = server.call("POST", "/sessions", {"modules": modules})
    with sync_playwright() as playwright:
        flags = [*LAUNCH_FLAGS, f"--use-file-for-fake-video-capture={film}"]
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=flags)
        page = browser.new_context(permissions=["microphone", "camera"]).new_page()
        page.add_init_script(path=DOCUMENT_CAMERA)
        page.add_init_script(path=MICROPHONE)
        page.goto(created["clientSecret"]["url"])
        page.get_by_role("button", name="Continue", exact=True).click()
        page.get_by_role("button", name="Start the conversation").click()
        wait_for(lambda: steps(page), 60, "the document to be asked for")
        show(page, card.sides["front"], 1)
        wait_for(lambda: "turn_over" in steps(page), 60, "the front to be read")
        show(page, card.sides["back"], 2)
        wait_for(lambda: page.evaluate("testMessages.some((m) => m.type === 'finished')"), 90, "the call to end")
        browser.close()
    return server.finished(created["session"]["id"], 10)


def node(session: dict[str, Any], kind: str) -> dict[str, Any]:
    """The last report of a kind of node."""
    found: dict[str, Any] = [one for one in session["report"]["nodeReports"] if one["type"] == kind][-1]
    return found


def test_a_person_with_their_own_card_is_verified(
    reading_server: Server,
    seen: Clips,
    film: Path,
    ocr_b_font: Path,
) -> None:
    card = draw("id-card", 21, portrait=portrait_of(seen.calm[3]))
    session = verified(reading_server, film, card)
    scan = node(session, "document_scan")
    assert scan["outcome"] == "scanSuccess", json.dumps(scan["evidence"])
    report = scan["report"]
    assert [str(error) for error in jsonschema_rs.iter_errors(REPORT, report)] == []
    assert report["documentNumber"]["latin"]["value"] == card.truth["documentNumber"]
    assert report["lastName"]["latin"]["value"] == card.truth["lastName"]
    assert report["dataMatchResult"]["overallState"] == "success"
    comparison = node(session, "face_compare")
    assert comparison["outcome"] == "match", comparison
    assert (session["report"]["isVerified"], session["report"]["livenessDetected"]) == (True, True)
    images = session["report"]["media"]["documentImages"]
    assert {image["type"] for image in images} == {"document", "face"}
    assert {image["side"] for image in images if image["type"] == "document"} == {0, 1}
    with urllib.request.urlopen(images[0]["file"]["url"], timeout=10) as answer:
        assert answer.read(3) == b"\xff\xd8\xff"


def test_a_person_with_the_card_of_somebody_else_is_not(
    reading_server: Server,
    films: Path,
    film: Path,
    ocr_b_font: Path,
) -> None:
    stranger = frames_of(films / "ZubairCracksCode_real.mov", 1.0)[10]
    session = verified(reading_server, film, draw("id-card", 22, portrait=portrait_of(stranger)))
    assert node(session, "document_scan")["outcome"] == "scanSuccess"
    assert node(session, "face_compare")["outcome"] == "noMatch"
    assert session["report"]["isVerified"] is False
