"""A stage with eyes, and checks that take seconds instead of half a minute."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.session.vision import check_run, checks
from rtc_server.session.vision.settings import VisionSettings
from tests.fakes.stage import Stage, open_stage
from tests.fakes.vision import Eyes
from vision.liveness.policy import LivenessPolicy


def quick_policy(settings: VisionSettings) -> LivenessPolicy:
    """The real machine with less patience."""
    return LivenessPolicy(
        minimum_seconds=0.6,
        framing_seconds=0.1,
        no_media_seconds=1.8,
        no_face_seconds=2.0,
        settle_seconds=0.2,
        turn_seconds=2.0,
        smile_seconds=2.0,
        texture_frames=2,
        texture_seconds=0.4,
    )


@pytest.fixture(autouse=True)
def quick_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every check of a test has the quick policy, and a silent camera is given up sooner."""
    monkeypatch.setattr(VisionSettings, "policy", quick_policy)
    monkeypatch.setattr(checks, "CAPTURE_SECONDS", 0.9)
    for module in (checks, check_run):
        monkeypatch.setattr(module, "NO_FRAMES_SECONDS", 1.5)


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
async def stage(tmp_path: Path, eyes: Eyes) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path, {}) as opened:
        opened.vision = eyes.engines()
        opened.registry = opened.new_registry()
        yield opened
