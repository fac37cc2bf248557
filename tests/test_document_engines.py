"""The readers of a process, built from the settings with the real models; and a drawn passport read by them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conversation.speech.pool import ModelPool
from rtc_server.document_engines import build_documents
from rtc_server.session.document.settings import DocumentSettings
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from tests.fakes.specimens.specimen import draw
from vision.ports import RgbImage


class Pools:
    """Remembers the pools that were made."""

    def __init__(self) -> None:
        self.all: dict[str, ModelPool] = {}

    def new(self, name: str, workers: int, backlog: int) -> ModelPool:
        self.all[name] = ModelPool(name, workers, backlog)
        return self.all[name]


@pytest.fixture
async def pools() -> AsyncIterator[Pools]:
    made = Pools()
    yield made
    for pool in made.all.values():
        await pool.close()


def settings(**documents: Any) -> Settings:
    return replace(Settings(), documents=replace(DocumentSettings(), **documents))


def on_a_table(side: RgbImage) -> RgbImage:
    """A side with some dark table around it."""
    height, width = side.shape[:2]
    table = np.full((height + 400, width + 400, 3), 40, np.uint8)
    table[200 : 200 + height, 200 : 200 + width] = side
    return table


async def test_a_drawn_passport_is_measured_and_read(pools: Pools) -> None:
    engines = build_documents(settings(threads=2), pools.new)
    assert engines is not None
    assert pools.all["documents"].workers == 2
    assert set(engines.reader.engines) == {"text", "glyphs", "barcodes"}
    specimen = draw("passport", 3)
    picture = on_a_table(specimen.sides["front"])
    side = await engines.read(engines.reader.read, picture, 0, "still")
    assert tuple(line.text for line in side.reading.mrz) == specimen.mrz
    assert side.portrait is not None
    meter = engines.new_meter()
    frame = await engines.measure(meter.measure, picture, 0.0)
    assert frame.cards == 1
    assert engines.new_meter() is not meter, "each scan has its own"


def test_nobody_reads_where_it_is_off(pools: Pools) -> None:
    assert build_documents(settings(reader="off"), pools.new) is None
    assert pools.all == {}


@pytest.mark.parametrize("name", ["text_detection", "text_recognition"])
def test_a_model_that_is_missing_is_named(pools: Pools, tmp_path: Path, name: str) -> None:
    missing = tmp_path / "missing.onnx"
    with pytest.raises(SettingsError, match=r"missing\.onnx"):
        build_documents(settings(**{name: str(missing)}), pools.new)
    missing.write_bytes(b"no network")
    with pytest.raises(SettingsError, match=r"missing\.onnx"):
        build_documents(settings(**{name: str(missing)}), pools.new)
