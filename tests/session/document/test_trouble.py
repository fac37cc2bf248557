"""Scans that nothing comes of: each ends in time and by a name; what nobody looked at is "not checked"."""

import asyncio
import dataclasses
from typing import Any

import pytest

from rtc_server.rtc import messages as page
from rtc_server.session.document import scan_run
from rtc_server.session.vision.matching import Matching
from tests.fakes.documents import Desk, DocumentCamera, still
from tests.fakes.stage import Stage, eventually
from tests.session.document.conftest import report_of, start
from tests.session.document.test_scans import send_still, shown
from vision.document.capture.machine import CaptureMachine
from vision.ports import RgbImage


def limit(stage: Stage, seconds: float) -> None:
    """Scans of this length."""
    dialogue = dataclasses.replace(stage.policy.dialogue, document_seconds=seconds)
    stage.policy = dataclasses.replace(stage.policy, dialogue=dialogue)
    stage.registry = stage.new_registry()


async def test_nothing_is_shown_until_the_limit(stage: Stage, desk: Desk) -> None:
    limit(stage, 1.5)
    desk.side = None
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    report = await report_of(stage, record)
    camera.close()
    assert (report["outcome"], report["evidence"]["reason"]) == ("scanTimeout", "no_document")
    assert report["evidence"]["verdict"] == "unread"
    assert peer.received(page.CloseCheck)[-1].result == "unclear"
    assert [message.corners for message in peer.received(page.DocumentSeen)] == []
    assert desk.read == []


async def test_without_a_camera_a_file_is_waited_for_until_the_limit(stage: Stage, desk: Desk) -> None:
    limit(stage, 1.5)
    record, _ = await start(stage)
    report = await report_of(stage, record)
    assert report["evidence"]["reason"] == "no_media"
    assert report["evidence"]["verdict"] == "not_checked"


async def test_a_reader_that_fails_on_every_file_is_no_check(stage: Stage, desk: Desk) -> None:
    desk.reader_error = RuntimeError("of this picture")
    record, peer = await start(stage)
    view = await shown(peer)
    for count in (1, 2, 3):
        await stage.registry.document_picture(record.id, view.request_id, number=None, content=still())
        await eventually(lambda count=count: len(desk.read) == count, "the file is read")  # type: ignore[misc]
    report = await report_of(stage, record)
    assert report["evidence"]["reason"] == "provider_error"
    assert report["evidence"]["verdict"] == "not_checked"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
async def test_numbers_that_are_none_are_never_judged(stage: Stage, desk: Desk, number: float) -> None:
    limit(stage, 1.5)
    desk.sharpness = number
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "scanTimeout"
    assert peer.received(page.TakeStill) == []


async def test_a_broken_machine_ends_the_scan_and_not_the_session(
    stage: Stage, desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    name = desk.person.last_name

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(name)

    monkeypatch.setattr(CaptureMachine, "receive", fail)
    record, _ = await start(stage)
    report = await report_of(stage, record)
    assert report["evidence"]["reason"] == "provider_error"
    assert name not in caplog.text


async def test_a_page_that_says_too_much_is_not_listened_to(
    stage: Stage, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_run, "PAGE_EVENTS", 5)
    desk.side = None
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    view = await shown(peer)
    for wanted in range(50):
        peer.send_message(page.GuideByEar(view.request_id, bool(wanted % 2)))
        peer.send_message(page.PressShutter("another scan"))
    peer.send_message(page.CancelCheck("another scan"))
    peer.send_message(page.CancelCheck(view.request_id))
    assert (await report_of(stage, record))["outcome"] == "userCancelled"
    camera.close()
    events = [line.event for line in await stage.store.journal(record.id) if line.event.get("type") == "Check"]
    heard = [event for entry in events for _, event in entry.get("events", ()) if event["type"] == "GuidedByEar"]
    assert len(heard) == 5


async def test_nothing_that_is_read_reaches_a_log(stage: Stage, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    assert (await report_of(stage, record))["outcome"] == "scanSuccess"
    camera.close()
    for secret in (desk.person.number, desk.person.last_name, desk.person.first_name):
        assert secret not in caplog.text


async def test_nobody_is_compared_with_a_document_whose_scan_was_stopped_in_the_end(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pictures were being kept when the person said that they would rather not."""
    keeping, remembered = asyncio.Event(), list[RgbImage | None]()

    async def put(*_: Any) -> None:
        keeping.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(stage.stores.media, "put", put)
    monkeypatch.setattr(Matching, "remember_document", lambda _, portrait: remembered.append(portrait))
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    async with asyncio.timeout(5):
        await keeping.wait()
    peer.send_message(page.Text("cancel"))
    assert (await report_of(stage, record))["outcome"] == "userCancelled"
    camera.close()
    assert remembered == [None]
