"""Frames in, observations out: newest only, never in the way, whatever fails."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from typing import TypeVar

import av
import numpy as np
import pytest

from rtc_server.rtc.frames_in import NewestFrame
from tests.fakes.stage import eventually
from tests.fakes.vision import Actor, Eyes, run_on_thread
from vision.pipeline import watcher
from vision.pipeline.eye import Eye, Look, Models, picture
from vision.pipeline.pace import Pace
from vision.pipeline.watcher import BROKEN_AFTER, Watcher
from vision.ports import FaceMesh, FaceTracker, RgbImage, RunOnThread

Result = TypeVar("Result")


class Desk:
    """A watcher and what it told."""

    def __init__(self, eyes: Eyes, run: RunOnThread = run_on_thread) -> None:
        self.looks: list[Look] = []
        self.failures: list[tuple[str, BaseException]] = []
        engines = eyes.engines()
        self.eye = Eye(Models(engines.new_tracker, engines.texture, engines.embedder, engines.attributes))
        self.pace = Pace(100.0, 100.0)
        self.watcher = Watcher(
            self.eye,
            run,
            self.pace,
            time.monotonic,
            self.looks.append,
            lambda what, error: self.failures.append((what, error)),
        )
        self.frames = NewestFrame()
        self.watcher.watch(self.frames)
        self._pts = 0

    async def show(self, actor: Actor, width: int = 640, height: int = 480) -> None:
        """One frame, and the look at it or its loss."""
        before = self.watcher.looked + self.watcher.dropped
        self.put(actor, width, height)
        await eventually(lambda: self.watcher.looked + self.watcher.dropped > before, "nobody looks")

    def put(self, actor: Actor, width: int = 640, height: int = 480) -> None:
        frame = av.VideoFrame.from_ndarray(actor.picture(width, height), format="rgb24")
        frame.pts, frame.time_base = self._pts, Fraction(1, 90_000)
        self._pts += 6_000
        self.frames.put(frame, now=time.monotonic())


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
async def desk(eyes: Eyes) -> AsyncIterator[Desk]:
    opened = Desk(eyes)
    yield opened
    await opened.watcher.close()


async def test_a_frame_becomes_an_observation(desk: Desk, eyes: Eyes) -> None:
    for _ in range(2):
        await desk.show(eyes.actor)
    first, second = (look.observation for look in desk.looks)
    assert first is not None
    assert second is not None
    assert (first.width_px, first.faces, first.track, first.media_at) == (640, 1, 1, 0.0)
    assert second.media_at == pytest.approx(6_000 / 90_000)
    assert first.texture == 0.95
    assert second.face is not None
    assert second.face.motion is not None
    assert desk.watcher.history == (first, second)


@pytest.mark.parametrize(
    ("size", "tracked"),
    [((3840, 2160), (640, 360)), ((480, 640), (480, 640)), ((160, 120), (160, 120)), ((1080, 1920), (360, 640))],
)
def test_every_size_is_tracked_at_640_at_most(size: tuple[int, int], tracked: tuple[int, int]) -> None:
    frame = av.VideoFrame.from_ndarray(np.zeros((size[1], size[0], 3), np.uint8), format="rgb24").reformat(
        format="yuv420p"
    )
    assert picture(frame).shape == (tracked[1], tracked[0], 3)


async def test_a_rotation_resets_the_tracker(desk: Desk, eyes: Eyes) -> None:
    await desk.show(eyes.actor)
    await desk.show(eyes.actor, 480, 640)
    await desk.show(eyes.actor, 480, 640)
    assert eyes.trackers[0].resets == 1


async def test_another_connection_resets_the_tracker_and_its_clock(desk: Desk, eyes: Eyes) -> None:
    await desk.show(eyes.actor)
    await desk.show(eyes.actor)
    desk.frames = NewestFrame()
    desk.watcher.watch(desk.frames)
    await desk.show(eyes.actor)
    assert eyes.trackers[0].resets == 1
    assert [look.observation.media_at for look in desk.looks if look.observation][-1] == 0.0


async def test_no_connection_is_waited_out(desk: Desk, eyes: Eyes) -> None:
    desk.watcher.watch(None)
    desk.put(eyes.actor)
    await asyncio.sleep(0.05)
    assert desk.watcher.looked == 0
    desk.watcher.watch(desk.frames)
    await desk.show(eyes.actor)
    assert desk.watcher.looked == 1


async def test_a_full_pool_costs_the_frame_and_nothing_else(eyes: Eyes) -> None:
    full = True

    async def run(function: Callable[..., Result], /, *arguments: object) -> Result:
        if full:
            raise RuntimeError("busy")
        return await run_on_thread(function, *arguments)

    desk = Desk(eyes, run)
    await desk.show(eyes.actor)
    await desk.show(eyes.actor)
    assert (desk.watcher.looked, desk.watcher.dropped, len(desk.failures)) == (0, 2, 1)
    assert not desk.watcher.broken
    full = False
    await desk.show(eyes.actor)
    assert desk.watcher.looked == 1
    await desk.watcher.close()


async def test_a_tracker_that_always_fails_is_told_once_and_given_up(desk: Desk, eyes: Eyes) -> None:
    eyes.tracker_error = ValueError("native")
    for _ in range(BROKEN_AFTER):
        assert not desk.watcher.broken
        await desk.show(eyes.actor)
    assert desk.watcher.broken
    assert [(what, type(error)) for what, error in desk.failures] == [("face tracking", ValueError)]
    eyes.trackers[0].error = None
    await desk.show(eyes.actor)
    assert not desk.watcher.broken


async def test_another_person_has_another_likeness(desk: Desk, eyes: Eyes) -> None:
    desk.pace.checking = True
    await desk.show(eyes.actor)
    eyes.actor.hue = 100
    desk.pace.used([], 0.0)
    await asyncio.sleep(1.05)
    await desk.show(eyes.actor)
    likeness = [look.observation.likeness for look in desk.looks if look.observation]
    assert likeness[0] == pytest.approx(1.0, abs=0.02)
    assert likeness[-1] is not None
    assert likeness[-1] < 0.1


async def test_closing_lets_the_tracker_go(eyes: Eyes) -> None:
    desk = Desk(eyes)
    await desk.show(eyes.actor)
    await desk.watcher.close()
    assert eyes.trackers[0].closed
    assert desk.watcher.history == ()


async def test_closing_waits_for_a_look_under_way_but_not_for_long(eyes: Eyes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watcher, "CLOSE_SECONDS", 0.2)
    desk = Desk(eyes)
    await desk.show(eyes.actor)
    (tracker,) = eyes.trackers
    going_on, ends, closed_meanwhile = threading.Event(), threading.Event(), []

    def track(image: RgbImage, at: float) -> tuple[FaceMesh, ...]:
        going_on.set()
        ends.wait(5)
        closed_meanwhile.append(tracker.closed)
        return ()

    monkeypatch.setattr(tracker, "track", track)
    desk.put(eyes.actor)
    await eventually(going_on.is_set, "nobody looks")
    async with asyncio.timeout(2):
        await desk.watcher.close()
    assert not tracker.closed
    ends.set()
    await eventually(lambda: tracker.closed, "the tracker is let go after its last frame")
    assert closed_meanwhile == [False]


async def test_a_tracker_that_is_being_made_while_it_closes_is_let_go_too(eyes: Eyes) -> None:
    going_on, ends = threading.Event(), threading.Event()
    make = eyes.engines().new_tracker

    def slowly() -> FaceTracker:
        going_on.set()
        ends.wait(5)
        return make()

    desk = Desk(eyes)
    eye = Eye(Models(slowly))
    watching = Watcher(eye, run_on_thread, Pace(100.0, 100.0), time.monotonic, desk.looks.append, print)
    watching.watch(desk.frames)
    await desk.watcher.close()
    desk.put(eyes.actor)
    await eventually(going_on.is_set, "nobody looks")
    closing = asyncio.create_task(watching.close())
    await asyncio.sleep(0.05)
    ends.set()
    await closing
    await eventually(lambda: len(eyes.trackers) == 1 and eyes.trackers[0].closed, "the tracker is let go")


async def test_a_source_that_forgets_a_cancellation_does_not_keep_it_alive(eyes: Eyes) -> None:
    class Forgetful:
        """As ``asyncio.wait_for`` of Python 3.11 does when both come at once."""

        async def next(self, timeout: float) -> av.VideoFrame | None:
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(timeout)
            return None

    desk = Desk(eyes)
    desk.watcher.watch(Forgetful())
    await asyncio.sleep(0.05)
    async with asyncio.timeout(3):
        await desk.watcher.close()
