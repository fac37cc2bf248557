"""Observations of a well placed face, with what a test wants otherwise."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from vision.tracking.observation import FaceView, Observation

GOOD = FaceView(
    left=0.35, top=0.2, width=0.3, height=0.55, eye_distance_px=100.0, presence=0.98, yaw=1.0, pitch=-2.0, roll=0.5,
    eye_closure=0.1, smile=0.05, jaw_open=0.02, mouth_opening=0.01, sharpness=80.0, brightness=0.5, contrast=0.15,
    clipped=0.0, backlight=0.0, occlusion=None, skin=(0.25, -0.18), motion=0.004, parallax=None,
)  # fmt: skip


def placed(x: float, y: float = 0.5) -> dict[str, float]:
    """The box of ``GOOD`` with its middle there."""
    return {"left": x - GOOD.width / 2, "top": y - GOOD.height / 2}


def observation(at: float = 0.0, **face: Any) -> Observation:
    """One frame of 640x480 with one face."""
    return Observation(
        at=at, media_at=at, width_px=640, height_px=480, faces=1, track=1, face=replace(GOOD, **face), brightness=0.45,
        fingerprint="0123456789abcdef", difference=0.002,
    )  # fmt: skip


def nobody(at: float = 0.0, brightness: float = 0.45) -> Observation:
    """One frame without a face."""
    return replace(observation(at), face=None, faces=0, brightness=brightness)


def frames(seconds: float, fps: float, at: Callable[[float], Observation], start: float = 0.0) -> Iterator[Observation]:
    """What ``at`` makes of each moment."""
    return (at(start + index / fps) for index in range(round(seconds * fps)))
