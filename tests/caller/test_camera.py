"""The camera plays a file at 15 frames a second, over and over."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from rtc_server.caller.camera import FileCamera
from rtc_server.caller.script import ScriptError


def write_video(file: Path, frames: int, rate: int) -> None:
    with av.open(str(file), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for index in range(frames):
            picture = np.full((48, 64, 3), 250 * index // frames, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


async def test_a_film_keeps_its_pace_and_begins_again(tmp_path: Path) -> None:
    write_video(tmp_path / "film.mp4", frames=30, rate=60)  # half a second
    camera = FileCamera(tmp_path / "film.mp4")
    frames = [await camera.recv() for _ in range(12)]
    camera.stop()
    stamps = [float(frame.pts * frame.time_base) for frame in frames]
    assert stamps == pytest.approx([index / 15 for index in range(12)], abs=0.03)
    assert len({round(late - early, 5) for early, late in pairwise(stamps)}) > 1, "no camera keeps time so exactly"
    brightness = [float(frame.to_ndarray(format="gray").mean()) for frame in frames]
    # Eight frames are the half second; then it begins again.
    assert brightness[7] > 180
    assert brightness[8] < 30


def test_what_cannot_be_shown_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "text.mp4").write_text("no film")
    for name in ("text.mp4", "missing.mp4"):
        with pytest.raises(ScriptError, match=name):
            FileCamera(tmp_path / name)
