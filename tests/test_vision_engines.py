"""The eyes of a process, built from the settings with the real models."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import pytest

from conversation.speech.pool import ModelPool
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.vision_engines import build_vision
from tests.fakes.person import render_person


class Pools:
    """Remembers the pools that were made."""

    def __init__(self) -> None:
        self.all: list[ModelPool] = []

    def new(self, name: str, workers: int, backlog: int) -> ModelPool:
        self.all.append(ModelPool(name, workers, backlog))
        return self.all[-1]


@pytest.fixture
async def pools() -> AsyncIterator[Pools]:
    made = Pools()
    yield made
    for pool in made.all:
        await pool.close()


def settings(**vision: Any) -> Settings:
    return replace(Settings(), vision=replace(VisionSettings(), **vision))


@pytest.mark.models
async def test_all_engines_see_a_face_on_threads_of_the_pool(weights: Path, pools: Pools) -> None:
    vision = build_vision(settings(threads=1), pools.new)
    assert vision is not None
    assert vision.texture
    assert vision.embedder
    assert vision.attributes
    assert [(pool.name, pool.workers) for pool in pools.all] == [("vision", 1)]
    tracker = await vision.run(vision.new_tracker)
    image = render_person()
    (face,) = await vision.run(tracker.track, image, 0.0)
    assert 0 <= await vision.run(vision.texture.bona_fide_score, image, face) <= 1
    template = await vision.run(vision.embedder.embed, image, face)
    assert template.shape == (vision.embedder.dimensions,)
    attributes = await vision.run(vision.attributes.estimate, image, face)
    assert 0 < attributes.age_years < 100
    await vision.run(tracker.close)
    assert cv2.getNumThreads() == 1


@pytest.mark.models
def test_models_can_be_left_out(weights: Path, pools: Pools) -> None:
    vision = build_vision(settings(tracker="litert", texture="off", embedder="off", attributes="off"), pools.new)
    assert vision is not None
    assert (vision.texture, vision.embedder, vision.attributes) == (None, None, None)


def test_nobody_looks_when_the_tracker_is_off(pools: Pools) -> None:
    assert build_vision(settings(tracker="off"), pools.new) is None
    assert pools.all == []


@pytest.mark.models
@pytest.mark.parametrize(
    ("vision", "complaint"),
    [
        ({"tracker": "haar"}, r"vision\.tracker \(VISAVIS_VISION_TRACKER\): there is no tracker 'haar'; choose auto"),
        ({"texture": "best"}, r"vision\.texture is 'best'; choose fr-liveness, off, or the path of an \.onnx file"),
        ({"embedder": "arcface"}, r"vision\.embedder is 'arcface'; choose dlib, fr-feature, off"),
        ({"attributes": "yes"}, r"vision\.attributes is 'yes'; choose faceres, off"),
        ({"texture": "absent.onnx"}, r"absent\.onnx"),
    ],
)
def test_what_cannot_be_built_is_named(weights: Path, pools: Pools, vision: dict[str, str], complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        build_vision(settings(**({"tracker": "litert"} | vision)), pools.new)
    assert pools.all == []


@pytest.mark.models
def test_a_file_of_ones_own_is_named_after_itself(weights: Path, pools: Pools, tmp_path: Path) -> None:
    own = tmp_path / "ours.onnx"
    own.symlink_to(weights / "fr-liveness" / "fr_liveness.onnx")
    vision = build_vision(settings(tracker="litert", texture=str(own)), pools.new)
    assert vision is not None
    assert vision.texture
    assert vision.texture.name == "ours"


@pytest.mark.models
def test_templates_of_two_files_of_ones_own_are_never_taken_for_each_other(
    weights: Path, pools: Pools, tmp_path: Path
) -> None:
    original = weights / "fr-feature" / "fr_feature.onnx"
    if not original.exists():
        pytest.skip("no fr-feature: run 'visavis models pull fr-feature'")
    own = tmp_path / "ours.onnx"
    names = []
    for content in (original.read_bytes(), original.read_bytes() + b"\x2a\x00"):  # an empty field of ONNX's own
        own.write_bytes(content)
        vision = build_vision(settings(tracker="litert", embedder=str(own)), pools.new)
        assert vision is not None
        assert vision.embedder
        names.append(vision.embedder.name)
    assert names[0] != names[1]
    assert all(name.startswith("ours-") for name in names)


def test_a_missing_model_says_how_to_get_it(pools: Pools, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="visavis models pull"):
        build_vision(replace(settings(), models_dir=str(tmp_path)), pools.new)
