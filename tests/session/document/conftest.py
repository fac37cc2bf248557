"""A stage with a desk for documents, and scans that take seconds instead of minutes."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from rtc_server.session.document import picture_reading, scan_run, scans
from rtc_server.storage.media import SqlMediaStore
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import SessionRecord
from rtc_server.storage.retention import Retention
from tests.fakes.documents import Desk
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually, open_stage
from tests.fakes.vision import Eyes
from tests.scores.flows import fixed
from vision.document.capture.policy import CapturePolicy

SCAN_SECONDS = 12.0
WAYS = ("scanSuccess", "userCancelled", "scanTimeout", "documentRejected")


@pytest.fixture(autouse=True)
def quick_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real machine with less patience, and a camera or still that does not come is given up sooner."""
    quick = CapturePolicy(
        steady_seconds=0.15, retry_seconds=0.2, speaking_seconds=0.3, absent_seconds=0.15, turn_seconds=1.0
    )
    monkeypatch.setattr(scans, "CapturePolicy", lambda: quick)
    monkeypatch.setattr(picture_reading, "STILL_SECONDS", 0.4)
    monkeypatch.setattr(scan_run, "NO_FRAMES_SECONDS", 0.8)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
async def stage(tmp_path: Path, desk: Desk, eyes: Eyes) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, {}, document_seconds=SCAN_SECONDS) as opened:
        media = SqlMediaStore(opened.stores.database, MediaFiles(tmp_path / "media", b"k" * 32), Retention())
        opened.stores = dataclasses.replace(opened.stores, media=media)
        opened.documents = desk.engines()
        opened.vision = eyes.engines()
        opened.registry = opened.new_registry()
        yield opened


def document_scan(**settings: Any) -> list[dict[str, Any]]:
    """A flow that reads one document."""
    node = {"scanningMode": "automatic", "allowedDocumentTypes": ["passport", "id_card"], **settings}
    return fixed("document_scan", *WAYS, **node)


async def start(stage: Stage, flow: list[dict[str, Any]] | None = None) -> tuple[SessionRecord, FakePeer]:
    """A page that has joined a session with this flow."""
    record = await stage.create(flow if flow is not None else document_scan())
    return record, await stage.join(record)


async def report_of(stage: Stage, record: SessionRecord) -> dict[str, Any]:
    """What the report says of the first node, once the session is over."""
    await eventually(lambda: stage.registry.running == 0, "the session is still running", 2 * SCAN_SECONDS)
    stored = await stage.ended(record)
    assert (stored.status, stored.reason) == ("complete", "end"), stored.report
    report: dict[str, Any] = stored.report["nodeReports"][0]
    return report
