"""The real tracker and models on clips of real people and of recordings of them, in whole sessions."""

import asyncio
from collections.abc import AsyncIterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import pytest

from conversation.speech.pool import ModelPool
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.settings import Settings
from rtc_server.vision_engines import build_vision
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, open_stage
from tests.scores.flows import fixed
from tests.session.vision.test_effects import WAYS, report_of, start
from tests.session.vision.test_faces import Pictures, scan
from tests.session.vision.test_images import data_url

CLIPS = Path("vision", "spoof", "video")
FRAMES_PER_SECOND = 15


@pytest.fixture
def quick_checks() -> None:
    """Here they take the time that they take."""


@pytest.fixture
async def stage(tmp_path: Path, weights: Path) -> AsyncIterator[Stage]:
    """A stage with the engines of a server, and no challenges, which no clip would follow."""
    pools: list[ModelPool] = []

    def new_pool(name: str, workers: int = 1, backlog: int = 16) -> ModelPool:
        pools.append(ModelPool(name, workers, backlog))
        return pools[-1]

    settings = VisionSettings(tracker="litert", challenge_count=0, flash=False, check_seconds=12.0)
    engines = await asyncio.to_thread(build_vision, Settings(vision=settings, models_dir=str(weights)), new_pool)
    async with open_stage(tmp_path, {}) as opened:
        opened.vision, opened.images = engines, Pictures()
        opened.registry = opened.new_registry()
        yield opened
    for pool in pools:
        await pool.close()


def read(clip: Path) -> list[av.VideoFrame]:
    """The first seconds of a clip as a camera at 15 frames a second would send them, upright."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        step = max(1, round(float(stream.average_rate or stream.guessed_rate or 30) / FRAMES_PER_SECOND))
        frames = [
            frame for index, frame in zip(range(240), container.decode(stream), strict=False) if index % step == 0
        ]
    scale = 640 / max(frames[0].width, frames[0].height)
    size = {"width": round(frames[0].width * scale) // 2 * 2, "height": round(frames[0].height * scale) // 2 * 2}
    return [frame.reformat(format="yuv420p", **size) for frame in frames]


async def play(peer: FakePeer, frames: list[av.VideoFrame]) -> None:
    """Forwards and backwards, as often as needed."""
    loop, count = asyncio.get_running_loop(), 0
    while True:
        for frame in [*frames, *reversed(frames)]:
            frame.pts, frame.time_base = count * 6_000 + count % 7 * 100, Fraction(1, 90_000)
            count += 1
            peer.frames.put(frame, now=loop.time())
            await asyncio.sleep(1 / FRAMES_PER_SECOND)


async def watched(stage: Stage, clip: Path) -> dict[str, Any]:
    """The report on whoever the clip shows."""
    frames = await asyncio.to_thread(read, clip)
    record, peer = await start(stage, fixed("liveness_detection", *WAYS))
    playing = asyncio.create_task(play(peer, frames))
    report = await report_of(stage, record)
    playing.cancel()
    return report


async def test_a_person_at_a_webcam_looks_like_skin(stage: Stage, shared_data: Path) -> None:
    report = await watched(stage, shared_data / CLIPS / "Krzysiek354_real.mp4")
    cues = {cue["name"]: cue["state"] for cue in report["evidence"]["cues"]}
    assert cues["pad_texture"] == "supports"
    # Played to and fro, and nothing was asked: that is no proof of a live person, nor of an attack.
    assert report["outcome"] in ("inconclusive", "livenessDetected")
    assert report["evidence"]["engines"]["tracker"] == "litert"


async def test_a_recording_of_a_screen_does_not_pass(stage: Stage, shared_data: Path) -> None:
    report = await watched(stage, shared_data / CLIPS / "tranvanluyt2203_fake.mp4")
    assert report["outcome"] in ("deepfakeDetected", "inconclusive", "noFace")


@pytest.mark.parametrize(
    ("other", "outcome"), [("Krzysiek354_real.mp4", "passed"), ("tranvanluyt2203_real.mp4", "notPassed")]
)
async def test_a_scan_knows_its_person(stage: Stage, shared_data: Path, other: str, outcome: str) -> None:
    frames = await asyncio.to_thread(read, shared_data / CLIPS / "Krzysiek354_real.mp4")
    of_reference = await asyncio.to_thread(read, shared_data / CLIPS / other)
    still = of_reference[len(of_reference) // 2].to_ndarray(format="bgr24")
    portrait = data_url(cv2.imencode(".jpg", still)[1].tobytes(), "image/jpeg")
    record, peer = await start(stage, scan(), providedData={"portrait": portrait})
    playing = asyncio.create_task(play(peer, frames))
    report = await report_of(stage, record)
    playing.cancel()
    assert report["outcome"] == outcome, report
