"""The mailbox of one frame."""

import asyncio

import av

from rtc_server.rtc.frames_in import NewestFrame


def frame(number: int) -> av.VideoFrame:
    made = av.VideoFrame(16, 16, "yuv420p")
    made.pts = number
    return made


async def test_only_the_newest_frame_is_kept() -> None:
    mailbox = NewestFrame()
    for number in range(5):
        mailbox.put(frame(number), now=float(number))
    taken = mailbox.take()
    assert taken is not None
    assert taken.pts == 4
    assert mailbox.take() is None
    assert (mailbox.received, mailbox.dropped, mailbox.last_at) == (5, 4, 4.0)


async def test_next_waits_for_a_frame_but_not_for_ever() -> None:
    mailbox = NewestFrame()
    assert await mailbox.next(timeout=0.01) is None
    waiting = asyncio.ensure_future(mailbox.next(timeout=1))
    await asyncio.sleep(0)
    mailbox.put(frame(7), now=0.0)
    taken = await waiting
    assert taken is not None
    assert taken.pts == 7
