"""Hosts that are too slow, feeds that end early, pages that say what they like: nobody is blamed, nothing grows."""

import asyncio
import dataclasses
import math
from collections.abc import Callable
from typing import TypeVar

import pytest

from conversation.speech.errors import Category, SpeechError
from rtc_server.rtc import messages as page
from rtc_server.session.vision import check_run
from tests.fakes.stage import Stage, eventually
from tests.fakes.vision import Camera, Eyes, run_on_thread
from tests.session.vision.test_effects import checks_of, liveness, report_of, start

Result = TypeVar("Result")


async def test_a_host_that_is_slow_is_not_taken_for_a_missing_camera(
    stage: Stage, eyes: Eyes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_run, "NO_FRAMES_SECONDS", 0.5)
    slow = [1.2]
    """Seconds that the first look takes; longer than a silent camera is waited for."""

    async def run(function: Callable[..., Result], /, *arguments: object) -> Result:
        if slow:
            await asyncio.sleep(slow.pop())
        return await run_on_thread(function, *arguments)

    assert stage.vision is not None
    stage.vision = dataclasses.replace(stage.vision, run=run)
    stage.registry = stage.new_registry()
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "livenessDetected", report["evidence"]


async def test_a_host_without_time_to_look_is_not_taken_for_a_missing_camera(stage: Stage, eyes: Eyes) -> None:
    async def run(function: Callable[..., Result], /, *arguments: object) -> Result:
        raise SpeechError(Category.BUSY, "vision", "64 calls are waiting already; try again later")

    assert stage.vision is not None
    stage.vision = dataclasses.replace(stage.vision, run=run)
    stage.registry = stage.new_registry()
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    assert (report["outcome"], report["inconclusiveReason"]) == ("inconclusive", "provider_error")
    assert report["evidence"]["verdict"] == "not_checked"


async def test_a_camera_that_is_pulled_after_an_attack_does_not_hide_it(stage: Stage, eyes: Eyes) -> None:
    assert eyes.texture is not None
    eyes.texture.score = 0.1
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor, obeys=False)
    await peer.receives(page.CheckChallenge)
    await eventually(lambda: eyes.looks > 30, "it has looked for two seconds")
    camera.close()
    peer.send_message(page.Camera("off", "", 0, 0, 0.0))
    report = await report_of(stage, record)
    assert report["outcome"] == "deepfakeDetected"


async def test_a_page_that_says_the_same_a_thousand_times_fills_no_journal(stage: Stage, eyes: Eyes) -> None:
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    shown = await peer.receives(page.ShowCheck)
    for number in range(500):
        peer.send_message(page.Camera("live", f"Camera {number}", 640, 480, 15.0))
        peer.send_message(page.FlashShown(shown.request_id, 1e300))
        peer.send_message(page.FlashDeclined(shown.request_id, "unavailable"))
        peer.send_message(page.FlashDeclined("another", "unavailable"))
        peer.send_message(page.CancelCheck("another"))
    report = await report_of(stage, record)
    camera.close()
    assert report["outcome"] == "livenessDetected"
    (check,) = await checks_of(stage, record)
    told = [event for _, event in check.events if type(event).__name__ != "Observed"]
    assert len(told) < 100
    assert check.agrees


async def test_numbers_that_are_none_never_reach_the_journal(stage: Stage, eyes: Eyes) -> None:
    """PostgreSQL refuses them, and with them the end of the session."""
    assert eyes.texture is not None
    eyes.texture.score = math.nan
    record, peer = await start(stage, liveness())
    camera = Camera(peer, eyes.actor)
    report = await report_of(stage, record)
    camera.close()
    cues = {cue["name"]: cue for cue in report["evidence"]["cues"]}
    assert cues["pad_texture"]["state"] == "not_checked"
    (check,) = await checks_of(stage, record)
    assert not any("nan" in repr(event) for _, event in check.events)
