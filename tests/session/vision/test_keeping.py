"""Pictures of checks are kept only where the operator wants it, and then encrypted."""

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest

from rtc_server.storage.media import SqlMediaStore
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.retention import Retention
from tests.fakes.stage import Stage
from tests.fakes.vision import Camera, Eyes
from tests.session.vision.test_effects import liveness, report_of, start

JPEG = b"\xff\xd8\xff"


@pytest.mark.parametrize("wanted", [False, True])
async def test_a_picture_is_kept_only_where_it_is_wanted(
    stage: Stage, eyes: Eyes, tmp_path: Path, wanted: bool
) -> None:
    engines = eyes.engines()
    stage.vision = dataclasses.replace(engines, settings=dataclasses.replace(engines.settings, keep_images=wanted))
    media = SqlMediaStore(stage.stores.database, MediaFiles(tmp_path / "media", b"k" * 32), Retention())
    stage.stores = dataclasses.replace(stage.stores, media=media)
    stage.registry = stage.new_registry()
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "livenessDetected"
    kept = await media.media_of(record.id)
    assert [(item.kind, item.content_type) for item in kept] == [("userPhoto", "image/jpeg")] * wanted
    files = [file.read_bytes() for file in (tmp_path / "media").rglob("*") if file.is_file()]
    assert len(files) == wanted
    assert not any(JPEG in content for content in files), "at rest it is encrypted"
    for item in kept:
        found = await media.get(item.id)
        assert found is not None
        picture = cv2.imdecode(np.frombuffer(found[1], np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        assert picture.shape[2] == 3
