"""While a document is before the camera nobody looks for faces; whom a portrait is compared with was there before."""

import dataclasses
from typing import Any

import cv2
import numpy as np
import pytest

from rtc_server.rtc import messages as page
from rtc_server.rtc.frames_in import NewestFrame
from rtc_server.session.line import Line
from rtc_server.session.vision import watch
from rtc_server.storage.ports import SessionRecord
from tests.fakes.documents import Desk
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.fakes.vision import Camera, Eyes
from tests.scores.flows import conversation
from tests.session.document.conftest import WAYS
from tests.session.document.test_scans import send_still
from vision.ports import RgbImage

PERSON, ANOTHER = 12, 100
"""Hues of skin, by which the embedder of these tests tells people apart."""

FACE = page.Camera("live", "Front", 640, 480, 15.0, "face")
LOOKS = 12
"""Frames after which there are pictures of the person."""


def flow() -> list[dict[str, Any]]:
    """Two questions around a document, then its portrait against the person."""
    outcomes = {name: "again" if name == "scanSuccess" else "failed" for name in WAYS}
    compared = {"match": "match", "noMatch": "noMatch", "imageUnavailable": "unavailable"}
    ready = ("ready", "scan", "The user is ready"), ("not", "failed", "The user is not ready")
    seen = ("on", "compare", "The user wants to go on"), ("not", "failed", "The user does not")
    return [
        {"id": "start", "type": "start", "outcome": "ask"},
        conversation("ask", "Ask whether the user is ready", *ready),
        {
            "id": "scan", "type": "document_scan", "scanningMode": "single", "allowedDocumentTypes": ["passport"],
            "outcomes": outcomes,
        },
        conversation("again", "Ask whether to go on", *seen),
        {
            "id": "compare", "type": "face_compare", "sourceA": {"source": "documentPhoto"},
            "sourceB": {"source": "sessionVideo"}, "outcomes": compared,
        },
        *({"id": name, "type": "end"} for name in ("match", "noMatch", "unavailable", "failed")),
    ]  # fmt: skip


def portrait_of(hue: int) -> RgbImage:
    colour = cv2.cvtColor(np.array([[[hue, 110, 170]]], np.uint8), cv2.COLOR_HSV2RGB)[0, 0]
    return np.full((360, 300, 3), colour, np.uint8)


@pytest.fixture(autouse=True)
def quick_return(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eyes that open at once after a scan: time alone must not be what keeps a portrait out."""
    monkeypatch.setattr(watch, "RETURN_SECONDS", 0.2)
    monkeypatch.setattr(watch, "LOWER_SECONDS", 0.0)


async def begin(stage: Stage, eyes: Eyes) -> tuple[SessionRecord, FakePeer, Camera]:
    """A person who was seen, and then asked for a document."""
    stage.evaluator.outcomes |= {"yes": "ready", "go on": "on"}
    record = await stage.create(flow())
    peer = await stage.join(record)
    camera = Camera(peer, eyes.actor, obeys=False)
    await eventually(lambda: eyes.looks >= LOOKS, "the person is seen")
    peer.send_message(page.Text("yes"))
    await peer.receives(page.ShowDocument)
    return record, peer, camera


@pytest.mark.parametrize(("on_document", "outcome"), [(PERSON, "match"), (ANOTHER, "noMatch")])
async def test_the_portrait_is_compared_with_who_was_there_before(
    stage: Stage, eyes: Eyes, desk: Desk, on_document: int, outcome: str
) -> None:
    desk.portrait = portrait_of(on_document)
    record, peer, camera = await begin(stage, eyes)
    eyes.actor.hue = on_document  # what is held before the camera now, and stays there
    await send_still(stage, record, peer)
    await peer.receives(page.CloseCheck)
    peer.send_message(FACE)
    looks = eyes.looks
    await eventually(lambda: eyes.looks >= looks + LOOKS, "the eyes are open again")
    peer.send_message(page.Text("go on"))
    report = (await stage.ended(record)).report["nodeReports"]
    camera.close()
    assert [node["outcome"] for node in report if node["type"] == "face_compare"] == [outcome]


async def test_a_camera_that_stays_with_the_document_gives_no_picture_of_the_person(
    stage: Stage, eyes: Eyes, desk: Desk
) -> None:
    """Nobody was seen before the scan, and the page never came back to the person."""
    desk.portrait = portrait_of(ANOTHER)
    dialogue = dataclasses.replace(stage.policy.dialogue, match_seconds=3.0)
    stage.policy = dataclasses.replace(stage.policy, dialogue=dialogue)
    stage.registry = stage.new_registry()
    stage.evaluator.outcomes |= {"go on": "on"}
    nodes = flow()
    nodes[0]["outcome"] = "scan"
    record = await stage.create([node for node in nodes if node["id"] != "ask"])
    peer = await stage.join(record)
    eyes.actor.hue = ANOTHER
    camera = Camera(peer, eyes.actor, obeys=False)
    peer.send_message(dataclasses.replace(FACE, purpose="document"))
    await send_still(stage, record, peer)
    await peer.receives(page.CloseCheck)
    looks = eyes.looks
    await eventually(lambda: eyes.looks >= looks + LOOKS, "the eyes are open again")
    peer.send_message(page.Text("go on"))
    await eventually(lambda: stage.registry.running == 0, "nobody is compared", 30.0)
    report = (await stage.ended(record)).report["nodeReports"]
    camera.close()
    assert [node["outcome"] for node in report if node["type"] == "face_compare"] == ["imageUnavailable"]


async def test_nobody_looks_while_a_document_is_shown(stage: Stage, eyes: Eyes, desk: Desk) -> None:
    desk.side = None
    _, peer, camera = await begin(stage, eyes)
    looks = eyes.looks
    await eventually(lambda: desk.measured >= 10, "the document's frames are measured")
    assert eyes.looks <= looks + 1, "one look may have been under way"
    peer.send_message(FACE)  # the page says so by itself when a camera changes
    await eventually(lambda: desk.measured >= 20, "the document's frames are measured")
    assert eyes.looks <= looks + 1
    camera.close()


async def test_the_eyes_open_again_without_a_word_from_the_page(stage: Stage, eyes: Eyes, desk: Desk) -> None:
    record, peer, camera = await begin(stage, eyes)
    await send_still(stage, record, peer)
    await peer.receives(page.CloseCheck)
    looks = eyes.looks
    await eventually(lambda: eyes.looks >= looks + 5, "the eyes are open again")
    camera.close()


async def test_a_second_connection_does_not_open_the_eyes(stage: Stage, eyes: Eyes, desk: Desk) -> None:
    desk.side = None
    record, peer, camera = await begin(stage, eyes)
    camera.close()
    peer.lose()
    again = await stage.join(record)
    camera = Camera(again, eyes.actor, obeys=False)
    await again.receives(page.ShowDocument)
    looks, measured = eyes.looks, desk.measured
    await eventually(lambda: desk.measured >= measured + 10, "the new camera's frames are measured")
    assert eyes.looks <= looks + 1
    camera.close()


async def test_a_borrower_who_ends_late_takes_nothing_from_the_next_one() -> None:
    line = Line("s1", FakePeer, 1000, lambda event: None, serial=0, rejoined=False)
    lent = watch.Watch(None, line, lambda: 0.0)
    frames, told = NewestFrame(), list[tuple[str, object]]()

    def first(source: object) -> None:
        told.append(("first", source))

    def second(source: object) -> None:
        told.append(("second", source))

    lent.lend(first)
    lent.lend(second)
    lent.take_back(first)
    line.on_frames(frames)
    await lent.close()
    assert told == [("first", None), ("second", None), ("second", frames)]
