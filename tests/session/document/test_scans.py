"""Whole sessions with a node that reads a document: shown, guided, photographed, read, kept, written down, replayed."""

import dataclasses
import json
from typing import Any

import pytest

from rtc_server.api.ports import CallError
from rtc_server.rtc import messages as page
from rtc_server.session.vision.check_journal import recorded_checks
from rtc_server.storage.ports import SessionRecord
from tests.fakes.documents import Desk, DocumentCamera, still
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually
from tests.session.document.conftest import document_scan, report_of, start
from vision.document.readings import FIRST_UPLOAD


async def send_still(stage: Stage, record: SessionRecord, peer: FakePeer) -> page.TakeStill:
    """Answer the next request for a still, as a page does."""
    asked = await peer.receives(page.TakeStill)
    await stage.registry.document_picture(record.id, asked.request_id, number=asked.number, content=still())
    return asked


async def shown(peer: FakePeer) -> page.ShowDocument:
    return await peer.receives(page.ShowDocument)


async def test_a_passport_is_read_from_a_still(stage: Stage, desk: Desk) -> None:
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    view = await shown(peer)
    assert (view.side, view.problem, view.upload) == (0, "", True)
    await send_still(stage, record, peer)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "scanSuccess", json.dumps(report, indent=1)
    assert report["report"]["documentNumber"]["latin"]["value"] == desk.person.number
    assert report["report"]["mode"] in ("mrz-passport", "full-recognition")
    assert report["evidence"]["engines"] == {
        "text": "fake-text", "glyphs": "fake-glyphs", "barcodes": "fake-barcodes"
    }  # fmt: skip
    assert desk.read == [(0, "still", (1200, 1600, 3))]
    assert peer.received(page.CloseCheck)[-1].result == "passed"
    assert [message.side for message in peer.received(page.SideDone)] == [0]
    assert peer.received(page.CheckProgress)[-1].fraction == 1.0


async def test_what_the_machine_says_is_said_once(stage: Stage, desk: Desk) -> None:
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    await report_of(stage, record)
    camera.close()
    assert len(peer.received(page.ShowDocument)) == 1
    assert len(peer.received(page.TakeStill)) == 1
    outlines = peer.received(page.DocumentSeen)
    assert len(outlines) == 1, "it lay still"
    assert len(outlines[0].corners) == 8
    guided = [line.event for line in await stage.store.journal(record.id) if line.event.get("type") == "CheckGuided"]
    assert [event["kind"] for event in guided] == ["document_step"]


async def test_the_journal_replays_to_the_same_conclusion(stage: Stage, desk: Desk) -> None:
    desk.kind = "id-card"
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    await peer.receives(page.SideDone)
    desk.side = "back"
    await send_still(stage, record, peer)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "scanSuccess", json.dumps(report, indent=1)
    (check,) = recorded_checks(line.event for line in await stage.store.journal(record.id))
    assert (check.kind, check.ended) == ("document", True)
    assert check.verdict is not None
    assert check.verdict["outcome"] == "read"
    assert json.loads(json.dumps(check.replayed())) == check.verdict


async def test_a_card_is_turned_over(stage: Stage, desk: Desk) -> None:
    desk.kind = "id-card"
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    view = await peer.receives(page.ShowDocument, lambda message: message.step == "turn_over")
    assert view.side == 1
    desk.side = "back"
    await send_still(stage, record, peer)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "scanSuccess", json.dumps(report, indent=1)
    assert [message.side for message in peer.received(page.SideDone)] == [0, 1]
    kept = await stage.stores.media.media_of(record.id)
    assert sorted((item.kind, item.side) for item in kept) == [
        ("document.document", 0), ("document.document", 1), ("document.face", 0)
    ]  # fmt: skip


@pytest.mark.parametrize("how", ["silent", "failed"])
async def test_without_a_still_a_frame_is_read(stage: Stage, desk: Desk, how: str) -> None:
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    asked = await peer.receives(page.TakeStill)
    if how == "failed":
        peer.send_message(page.StillFailed(asked.request_id, asked.number))
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "scanSuccess"
    assert desk.read == [(0, "frame", (720, 1280, 3))]


async def test_a_still_that_comes_late_is_refused_and_not_read(stage: Stage, desk: Desk) -> None:
    desk.hold_reader.clear()
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    asked = await peer.receives(page.TakeStill)
    await eventually(lambda: len(desk.read) == 1, "the frame is read instead")
    with pytest.raises(CallError) as refused:
        await stage.registry.document_picture(record.id, asked.request_id, number=asked.number, content=still())
    assert (refused.value.code, refused.value.status) == ("not_awaited", 409)
    desk.hold_reader.set()
    assert (await report_of(stage, record))["outcome"] == "scanSuccess"
    camera.close()
    assert [source for _, source, _ in desk.read] == ["frame"]


async def test_a_file_is_read_where_there_is_no_camera(stage: Stage, desk: Desk) -> None:
    record, peer = await start(stage)
    peer.send_message(page.Camera("absent", "", 0, 0, 0.0))
    view = await shown(peer)
    await stage.registry.document_picture(record.id, view.request_id, number=None, content=still(6000, 4000))
    report = await report_of(stage, record)
    assert report["outcome"] == "scanSuccess", json.dumps(report, indent=1)
    assert desk.read == [(FIRST_UPLOAD, "upload", (2667, 4000, 3))]


async def test_without_camera_and_file_nothing_is_checked(stage: Stage, desk: Desk) -> None:
    record, peer = await start(stage, document_scan(allowUpload=False))
    view = await shown(peer)
    assert not view.upload
    with pytest.raises(CallError) as refused:
        await stage.registry.document_picture(record.id, view.request_id, number=None, content=still())
    assert refused.value.code == "not_awaited"
    report = await report_of(stage, record)
    assert report["outcome"] == "scanTimeout"
    assert report["evidence"]["reason"] == "no_media"
    assert report["evidence"]["verdict"] == "not_checked"
    assert peer.received(page.CloseCheck)[-1].result == "stopped"


async def test_without_a_reader_nothing_is_checked(stage: Stage) -> None:
    stage.documents = None
    stage.registry = stage.new_registry()
    record, peer = await start(stage)
    report = await report_of(stage, record)
    assert report["evidence"]["reason"] == "no_reader"
    assert report["evidence"]["verdict"] == "not_checked"
    assert peer.received(page.ShowDocument) == []


async def test_the_person_cancels_while_a_picture_is_read(stage: Stage, desk: Desk) -> None:
    desk.hold_reader.clear()
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    asked = await send_still(stage, record, peer)
    await eventually(lambda: len(desk.read) == 1, "the reader has the picture")
    peer.send_message(page.CancelCheck(asked.request_id))
    report = await report_of(stage, record)
    camera.close()
    desk.hold_reader.set()
    assert report["outcome"] == "userCancelled"
    assert await stage.stores.media.media_of(record.id) == [], "nothing is kept of a scan that was cancelled"


async def test_a_reader_that_fails_three_times_is_no_check(
    stage: Stage, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reader_error = ValueError("L898902C3")
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    report = await report_of(stage, record)
    camera.close()
    assert (report["outcome"], report["evidence"]["reason"]) == ("scanTimeout", "provider_error")
    assert report["evidence"]["verdict"] == "not_checked"
    assert len(desk.read) == 3
    assert "L898902C3" not in caplog.text


async def test_a_meter_that_fails_leaves_the_shutter_button(stage: Stage, desk: Desk) -> None:
    desk.meter_error = ValueError("of this frame")
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    view = await shown(peer)
    peer.send_message(page.PressShutter(view.request_id))
    await send_still(stage, record, peer)
    assert (await report_of(stage, record))["outcome"] == "scanSuccess"
    camera.close()


async def test_a_document_that_ran_out_is_rejected(stage: Stage, desk: Desk) -> None:
    desk.expired = True
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "documentRejected", json.dumps(report, indent=1)
    assert report["evidence"]["reason"] == "expired"
    again = peer.received(page.ShowDocument)[1]
    assert (again.step, again.problem) == ("try_again", "expired")
    assert peer.received(page.CloseCheck)[-1].result == "failed"


async def test_a_wrong_check_digit_is_never_read(stage: Stage, desk: Desk) -> None:
    desk.wrong_digit = True
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    view = await peer.receives(page.ShowDocument, lambda message: message.step == "try_again")
    assert view.problem.startswith("mrz_")
    peer.send_message(page.CancelCheck(view.request_id))
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "userCancelled"


async def test_a_page_that_goes_away_while_a_picture_is_read_scans_afresh(stage: Stage, desk: Desk) -> None:
    desk.hold_reader.clear()
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    before = await send_still(stage, record, peer)
    await eventually(lambda: len(desk.read) == 1, "the reader has the picture")
    peer.lose()
    camera.close()
    with pytest.raises(CallError):
        await stage.registry.document_picture(record.id, before.request_id, number=before.number, content=still())
    desk.hold_reader.set()
    peer = await stage.join(record)
    camera = DocumentCamera(peer)
    view = await shown(peer)
    assert view.request_id != before.request_id
    await send_still(stage, record, peer)
    assert (await report_of(stage, record))["outcome"] == "scanSuccess"
    camera.close()


async def test_pictures_are_told_of_by_event(stage: Stage) -> None:
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    await report_of(stage, record)
    camera.close()
    kept = await stage.stores.media.media_of(record.id)
    told = [
        event.data["media"] for event in await stage.store.events(record.id) if event.type == "media.document_photo"
    ]
    assert {item["id"] for item in told} == {item.id for item in kept}
    assert len(kept) == 2
    for item in told:
        assert item["contentType"] == "image/jpeg"
        assert item["url"].endswith(item["id"])


async def test_nothing_is_kept_where_it_is_not_wanted(stage: Stage, desk: Desk) -> None:
    desk.settings = dataclasses.replace(desk.settings, keep_images=False)
    stage.documents = desk.engines()
    stage.registry = stage.new_registry()
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    assert (await report_of(stage, record))["outcome"] == "scanSuccess"
    camera.close()
    assert await stage.stores.media.media_of(record.id) == []


async def test_a_store_that_fails_does_not_fail_the_scan(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def put(*_: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(stage.stores.media, "put", put)
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await send_still(stage, record, peer)
    assert (await report_of(stage, record))["outcome"] == "scanSuccess"
    camera.close()


async def test_a_server_that_restarts_in_mid_scan_asks_again(stage: Stage, desk: Desk) -> None:
    record, peer = await start(stage)
    camera = DocumentCamera(peer)
    await shown(peer)
    await stage.registry.close()
    camera.close()
    stage.registry = stage.new_registry()
    again = await stage.join(record)
    camera = DocumentCamera(again)
    await shown(again)
    await send_still(stage, record, again)
    assert (await report_of(stage, record))["outcome"] == "scanSuccess"
    camera.close()
