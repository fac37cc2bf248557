"""Whole sessions that compare: scans with a reference, comparisons, recognition, enrolment."""

import base64
from typing import Any

import cv2
import numpy as np
import pytest

from rtc_server.recognition.ports import Enrolled, Enrolment, Identification
from rtc_server.rtc import messages as page
from rtc_server.session.ports import LoadedImage
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import Owner, SessionRecord
from tests.fakes.stage import Stage, eventually
from tests.fakes.vision import Actor, Camera, Eyes
from tests.scores.flows import fixed
from tests.session.vision.test_effects import report_of, start
from vision.ports import Floats

STILL = (400, 500)
"""Width and height of reference pictures, which are no camera frames."""


def photo(hue: int) -> str:
    """A reference picture of somebody with this skin, as a data URL."""
    done, data = cv2.imencode(".png", cv2.cvtColor(Actor(hue=hue).picture(*STILL), cv2.COLOR_RGB2BGR))
    assert done
    return "data:image/png;base64," + base64.b64encode(data.tobytes()).decode()


class Pictures:
    """``ImageLoader`` that decodes data URLs alone; any other name is the error to answer with."""

    async def load(self, session: SessionRecord, source: str) -> LoadedImage:
        if not source.startswith("data:"):
            return LoadedImage(None, source)
        data = np.frombuffer(base64.b64decode(source.partition(",")[2]), np.uint8)
        return LoadedImage(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8), "")


class People:
    """``Recognition`` that knows one answer."""

    def __init__(self, found: Identification, enrolled: Enrolled | None = None) -> None:
        self.found = found
        self.enrolled = enrolled or Enrolled("face_1")
        self.enrolments: list[tuple[Owner, str, Floats, Enrolment]] = []
        self.broken = False

    async def identify(self, owner: Owner, embedder: str, template: Floats) -> Identification:
        if self.broken:
            raise StorageError("out of reach")
        return self.found

    async def enrol(self, owner: Owner, embedder: str, template: Floats, enrolment: Enrolment) -> Enrolled:
        self.enrolments.append((owner, embedder, template, enrolment))
        return self.enrolled


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.images = Pictures()
    stage.registry = stage.new_registry()
    return stage


def scan(**settings: Any) -> list[dict[str, Any]]:
    ways = ("passed", "notPassed", "cancelled", "error")
    return fixed("face_scan", *ways, referenceImageKey="portrait", **settings)


def compare(a: dict[str, str], b: dict[str, str]) -> list[dict[str, Any]]:
    return fixed("face_compare", "match", "noMatch", "imageUnavailable", sourceA=a, sourceB=b)


async def run(stage: Stage, eyes: Eyes, flow: list[dict[str, Any]], **provided: str) -> dict[str, Any]:
    """The report of the first node, of a person who does as they are asked."""
    record, peer = await start(stage, flow, providedData=provided)
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    return report


@pytest.mark.parametrize(("hue", "outcome"), [(12, "passed"), (100, "notPassed")])
async def test_a_scan_is_compared_with_the_reference(stage: Stage, eyes: Eyes, hue: int, outcome: str) -> None:
    report = await run(stage, eyes, scan(), portrait=photo(hue))
    assert report["outcome"] == outcome
    similarity = report["report"]["compareFacesReport"]["similarity"]
    assert (similarity > 0.95) == (outcome == "passed")


async def test_a_scan_with_a_challenge_says_that_it_was_passed(stage: Stage, eyes: Eyes) -> None:
    report = await run(
        stage, eyes, scan(requireLivenessChallenge=True, requireAILivenessCheck=True), portrait=photo(12)
    )
    assert report["outcome"] == "passed"
    assert report["report"]["livenessChallengePassed"] is True
    assert report["report"]["aiLivenessCheckPassed"] is True


@pytest.mark.parametrize(
    ("provided", "stills", "error"),
    [
        ({}, 1, "reference_missing"),
        ({"portrait": photo(12)}, 0, "reference_no_face"),
        ({"portrait": photo(12)}, 2, "reference_many_faces"),
        ({"portrait": "reference_too_large"}, 1, "reference_too_large"),
        ({"portrait": "reference_refused"}, 1, "reference_refused"),
        ({"portrait": "reference_unreadable"}, 1, "reference_unreadable"),
    ],
    ids=["missing", "no face", "two faces", "too large", "refused", "unreadable"],
)
async def test_a_bad_reference_is_an_error_and_no_failure(
    stage: Stage, eyes: Eyes, provided: dict[str, str], stills: int, error: str
) -> None:
    eyes.stills = (stills,)
    report = await run(stage, eyes, scan(), **provided)
    assert (report["outcome"], report["evidence"]["reason"]) == ("error", error)


async def test_a_scan_that_is_closed_is_cancelled(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, scan(), providedData={"portrait": photo(12)})
    camera = Camera(peer, eyes.actor)
    shown = await peer.receives(page.ShowCheck)
    peer.send_message(page.CancelCheck(shown.request_id))
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "cancelled"


async def test_without_a_model_nothing_is_compared(stage: Stage, eyes: Eyes) -> None:
    eyes.embedder = None
    stage.vision = eyes.engines()
    stage.registry = stage.new_registry()
    report = await run(stage, eyes, scan(), portrait=photo(12))
    assert (report["outcome"], report["evidence"]["reason"]) == ("error", "no_model")


@pytest.mark.parametrize(("hue", "outcome"), [(12, "match"), (100, "noMatch")])
async def test_the_video_is_compared_with_a_picture(stage: Stage, eyes: Eyes, hue: int, outcome: str) -> None:
    sources = {"source": "sessionVideo"}, {"source": "providedData", "providedDataKey": "portrait"}
    report = await run(stage, eyes, compare(*sources), portrait=photo(hue))
    assert report["outcome"] == outcome


async def test_a_document_is_not_there_yet(stage: Stage, eyes: Eyes) -> None:
    report = await run(stage, eyes, compare({"source": "documentPhoto"}, {"source": "sessionVideo"}))
    assert (report["outcome"], report["report"]["error"]) == ("imageUnavailable", "no_document")
    assert (report["report"]["sourceAImageFound"], report["report"]["sourceBImageFound"]) == (False, True)


async def test_a_known_person_is_recognised(stage: Stage, eyes: Eyes) -> None:
    stage.recognition = People(Identification("face_7", "ref", {"name": "Robin"}, 0.1, 0.4, 12))
    stage.registry = stage.new_registry()
    report = await run(stage, eyes, fixed("recognition", "recognized", "newUser", "noFace"))
    assert (report["outcome"], report["report"]) == ("recognized", {"name": "Robin"})
    assert report["evidence"]["candidates"] == 12
    assert report["evidence"]["frames"] >= 3
    assert report["evidence"]["similarity"] > 0.9


async def test_a_store_that_is_out_of_reach_is_no_answer(stage: Stage, eyes: Eyes) -> None:
    people = People(Identification(""))
    people.broken = True
    stage.recognition = people
    stage.registry = stage.new_registry()
    report = await run(stage, eyes, fixed("recognition", "recognized", "newUser", "noFace"))
    assert (report["outcome"], report["evidence"]["reason"]) == ("noFace", "provider_error")


async def test_a_new_person_who_agrees_is_enrolled(stage: Stage, eyes: Eyes) -> None:
    people = People(Identification("", enrolled=3))
    stage.recognition = people
    stage.registry = stage.new_registry()
    record, peer = await start(stage, fixed("recognition", "recognized", "newUser", "noFace", enroll=True))
    camera = Camera(peer, eyes.actor)
    await peer.receives(page.Caption, lambda caption: "description" in caption.text and caption.final)
    peer.send_message(page.Text("Yes, please."))
    report = await report_of(stage, record)
    camera.close()
    assert (report["outcome"], report["evidence"]["enrolled"]) == ("newUser", True)
    ((owner, embedder, template, enrolment),) = people.enrolments
    assert (owner, embedder, template.shape) == (record.owner, "hue", (2,))
    assert (enrolment.consent.session_id, enrolment.consent.locale) == (record.id, "en")
    assert "description" in enrolment.consent.text


async def test_nobody_is_enrolled_who_came_after_the_look_up(stage: Stage, eyes: Eyes) -> None:
    people = People(Identification("", enrolled=3))
    stage.recognition = people
    stage.registry = stage.new_registry()
    record, peer = await start(stage, fixed("recognition", "recognized", "newUser", "noFace", enroll=True))
    camera = Camera(peer, eyes.actor)
    await peer.receives(page.Caption, lambda caption: "description" in caption.text and caption.final)
    eyes.actor.present = False
    looks = eyes.looks
    await eventually(lambda: eyes.looks > looks + 15, "the person has gone", 10)
    eyes.actor.present, eyes.actor.hue = True, 100
    looks = eyes.looks
    await eventually(lambda: eyes.looks > looks + 15, "another one is there", 10)
    peer.send_message(page.Text("Yes, please."))
    report = await report_of(stage, record)
    camera.close()
    assert report["evidence"]["enrolled"] is False
    assert report["evidence"]["reason"] == "person_changed"
    assert people.enrolments == []
