"""Frames of a document: which of them is read where no still can be had."""

import asyncio

import av
import numpy as np

from rtc_server.rtc.frames_in import NewestFrame
from rtc_server.session.document.frames import DocumentFrames
from tests.fakes.documents import Desk
from tests.fakes.stage import eventually


async def test_no_frame_is_given_twice(desk: Desk) -> None:
    """A camera that froze must not confirm what was misread."""
    now = asyncio.get_running_loop().time
    frames = DocumentFrames(desk.engines(), now, lambda _: None, lambda *_: None)
    source = NewestFrame()
    frames.use(source)
    measuring = asyncio.create_task(frames.run())
    for count in (1, 2, 3):
        source.put(av.VideoFrame.from_ndarray(np.full((90, 160, 3), 40 * count, np.uint8), format="rgb24"), now=now())
        await eventually(lambda count=count: desk.measured == count, "the frame is measured")  # type: ignore[misc]
    await eventually(lambda: frames.taken == 3, "the frames came")
    measuring.cancel()
    given = [frames.sharpest() for _ in range(4)]
    assert sum(image is not None for image in given) == 3
    assert len({int(image[0, 0, 0]) for image in given if image is not None}) == 3
