"""Camera feeds for calls, cut from clips: files that ``visavis call --camera`` and Chromium's fake camera can show."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage

FRAMES_PER_SECOND = 15
WIDTH, HEIGHT = 640, 480

CHROMIUM_REPEATS = 2
"""Chromium shows an MJPEG file at 30 frames a second, whatever was meant."""


def frames_of(file: Path, seconds: float = 30.0) -> list[RgbImage]:
    """The beginning of a clip at 15 frames a second and 640x480."""
    frames: list[RgbImage] = []
    due = 0.0
    with av.open(str(file)) as container:
        for frame in container.decode(video=0):
            if frame.time is None or frame.time + 0.01 < due:
                continue
            if frame.time > seconds:
                break
            due = frame.time + 1 / FRAMES_PER_SECOND
            frames.append(filling(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)))
    return frames


def there_and_back(frames: Sequence[RgbImage], turn_at: float, back_to: float) -> list[RgbImage]:
    """A clip until a moment, then backwards to another: who turned the head turns it back."""
    last, first = round(turn_at * FRAMES_PER_SECOND), round(back_to * FRAMES_PER_SECOND)
    return [*frames[:last], *frames[last:first:-1]]


def long_take(frames: Sequence[RgbImage], seconds: float, seed: int = 1) -> Iterator[RgbImage]:
    """A short clip that goes on without ever showing the same again: the camera drifts, the light changes, time slips.

    Somebody who plays one take in a loop is what a check looks for; this is for people whose clip is short.
    """
    chance = np.random.default_rng(seed)
    position, shift, gain = 0, np.zeros(2), 1.0
    for _ in range(round(seconds * FRAMES_PER_SECOND)):
        shift = 0.97 * shift + chance.normal(0, 2.5, 2)
        gain = 1 + 0.97 * (gain - 1) + float(chance.normal(0, 0.012))
        moved = _moved(frames[position % len(frames)], shift)
        noise = chance.normal(0, 1.5, moved.shape)
        yield np.asarray(np.clip(moved * gain + noise, 0, 255), np.uint8)
        position += int(chance.choice((0, 1, 1, 1, 1, 2)))


def still(frame: RgbImage, seconds: float, seed: int = 1) -> Iterator[RgbImage]:
    """A photo before the camera: one picture under the sensor's noise."""
    chance = np.random.default_rng(seed)
    for _ in range(round(seconds * FRAMES_PER_SECOND)):
        noise = chance.normal(0, 2.0, frame.shape)
        yield np.asarray(np.clip(frame + noise, 0, 255), np.uint8)


def looped(frames: Sequence[RgbImage], seconds: float) -> Iterator[RgbImage]:
    """A clip, over and over."""
    for index in range(round(seconds * FRAMES_PER_SECOND)):
        yield frames[index % len(frames)]


def write_mp4(file: Path, frames: Iterable[RgbImage]) -> Path:
    """For ``visavis call --camera``."""
    return _write(file, frames, "mpeg4", 1)


def write_mjpeg(file: Path, frames: Iterable[RgbImage]) -> Path:
    """For Chromium's ``--use-file-for-fake-video-capture``."""
    return _write(file, frames, "mjpeg", CHROMIUM_REPEATS)


def _write(file: Path, frames: Iterable[RgbImage], codec: str, repeats: int) -> Path:
    with av.open(str(file), "w") as container:
        stream = cast("av.VideoStream", container.add_stream(codec, rate=FRAMES_PER_SECOND * repeats))
        stream.width, stream.height = WIDTH, HEIGHT
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.bit_rate = 6_000_000
        count = 0
        for picture in frames:
            for _ in range(repeats):
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                frame.pts, frame.time_base = count, Fraction(1, FRAMES_PER_SECOND * repeats)
                count += 1
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return file


def filling(picture: RgbImage) -> RgbImage:
    """The picture at 640x480, without distortion; what stands out at the sides or above is cut off."""
    height, width = picture.shape[:2]
    scale = max(WIDTH / width, HEIGHT / height)
    larger = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    top, left = (larger.shape[0] - HEIGHT) // 2, (larger.shape[1] - WIDTH) // 2
    return np.asarray(larger[top : top + HEIGHT, left : left + WIDTH], np.uint8)


def _moved(picture: RgbImage, by_px: npt.NDArray[np.float64]) -> RgbImage:
    matrix = np.array([[1.12, 0, by_px[0] - 0.06 * WIDTH], [0, 1.12, by_px[1] - 0.06 * HEIGHT]])
    return np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)
