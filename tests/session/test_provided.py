"""Pictures that customers provide are compared with, and stand in no header, step, prompt or report."""

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.outbound.ports import ExternalAnswer
from rtc_server.session.provided import MAX_CHARACTERS, writable
from rtc_server.session.vision.images import ReferenceImages
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import SessionRecord
from rtc_server.storage.stores import open_stores
from tests.fakes.outside import FakeExternal
from tests.fakes.stage import Stage, open_stage
from tests.fakes.vision import Eyes

CALL = {"url": "https://api.example.org/photo", "method": "POST"}
COMPARE: dict[str, Any] = {
    "id": "compare",
    "type": "face_compare",
    "sourceA": {"source": "providedData", "providedDataKey": "one"},
    "sourceB": {"source": "providedData", "providedDataKey": "other"},
    "outcomes": {"match": "e", "noMatch": "e", "imageUnavailable": "e"},
}


def photo() -> str:
    done, data = cv2.imencode(".png", np.full((500, 400, 3), 90, np.uint8))
    assert done
    return "data:image/png;base64," + base64.b64encode(data.tobytes()).decode()


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """With eyes, a folder for media and the real reader of pictures."""
    async with open_stage(tmp_path, {}) as stage:
        await stage.stores.close()
        stage.stores = await open_stores(
            f"sqlite+aiosqlite:///{tmp_path / 'visavis.db'}", MediaFiles(tmp_path / "media", b"k" * 32)
        )
        stage.store = stage.stores.sessions
        stage.vision = Eyes().engines()
        images = ReferenceImages(OutboundPolicy(), stage.stores.media, stage.store.session)
        stage.images = images
        stage.registry = stage.new_registry()
        yield stage
        await images.close()


async def everything(stage: Stage, record: SessionRecord) -> str:
    """All that was written of a session once it is over."""
    stored = await stage.ended(record)
    lines = [[line.event, line.commands] for line in await stage.store.journal(record.id)]
    return json.dumps([lines, stored.report])


async def test_a_provided_picture_is_compared_and_written_nowhere(stage: Stage) -> None:
    picture = photo()
    flow: list[dict[str, Any]] = [
        {"id": "s", "type": "start", "outcome": "compare"},
        COMPARE,
        {"id": "e", "type": "end"},
    ]
    record = await stage.create(flow, providedData={"one": picture, "other": f" {picture}", "name": "Robin"})
    await stage.join(record)
    written = await everything(stage, record)
    assert '"isMatch": true' in written
    assert "Robin" in written
    assert "data:" not in written
    assert picture[100:200] not in written


async def test_a_picture_of_the_customers_server_is_stored_and_its_id_written(stage: Stage) -> None:
    picture = photo()
    stage.external = FakeExternal([ExternalAnswer(200, {"other": picture, "tier": "gold"}, "", 1, 1.0)])
    stage.registry = stage.new_registry()
    flow: list[dict[str, Any]] = [
        {"id": "s", "type": "start", "outcome": "call"},
        {"id": "call", "type": "external_call", "request": CALL, "outcome": "compare"},
        COMPARE,
        {"id": "e", "type": "end"},
    ]
    record = await stage.create(flow, providedData={"one": picture})
    await stage.join(record)
    written = await everything(stage, record)
    assert '"isMatch": true' in written
    assert "gold" in written
    assert "data:" not in written
    assert picture[100:200] not in written
    (kept,) = await stage.stores.media.media_of(record.id)
    assert kept.kind == "reference"
    assert kept.id in written
    assert await stage.stores.media.delete_media(record.id) == 1, "it goes with the session's media"


@pytest.mark.parametrize("wrong", ["data:image/png;base64,***", "data:text/html,<p>", "DATA:"])
async def test_what_is_no_picture_is_left_out_of_an_answer(stage: Stage, wrong: str) -> None:
    stage.external = FakeExternal([ExternalAnswer(200, {"other": wrong, "tier": "gold"}, "", 1, 1.0)])
    stage.registry = stage.new_registry()
    flow: list[dict[str, Any]] = [
        {"id": "s", "type": "start", "outcome": "call"},
        {"id": "call", "type": "external_call", "request": CALL, "outcome": "compare"},
        COMPARE,
        {"id": "e", "type": "end"},
    ]
    record = await stage.create(flow, providedData={"one": photo()})
    await stage.join(record)
    written = await everything(stage, record)
    assert "reference_missing" in written
    assert wrong not in written
    assert await stage.stores.media.media_of(record.id) == []


def test_what_a_flow_may_know() -> None:
    long = "x" * MAX_CHARACTERS
    provided = {"a": "Robin", "b": 1, "c": True, "d": long, "e": long + "x", "f": " DATA:,", "g": ["x"], "h": None}
    assert writable(provided) == {"a": "Robin", "b": 1, "c": True, "d": long}
