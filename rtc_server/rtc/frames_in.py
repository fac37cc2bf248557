"""The newest camera frame, and only that: frames are always taken from the track and never queued."""

import asyncio

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError


class NewestFrame:
    """Mailbox of one frame. A frame that nobody took before the next one came is dropped and counted."""

    def __init__(self) -> None:
        self._frame: av.VideoFrame | None = None
        self._fresh = asyncio.Event()
        self.received = 0
        self.dropped = 0
        self.last_at: float | None = None
        """When the newest frame came, on the event loop's clock."""

    def put(self, frame: av.VideoFrame, *, now: float) -> None:
        """Replace the frame."""
        if self._frame is not None:
            self.dropped += 1
        self._frame = frame
        self.received += 1
        self.last_at = now
        self._fresh.set()

    def take(self) -> av.VideoFrame | None:
        """The newest frame if it was not taken before."""
        frame, self._frame = self._frame, None
        self._fresh.clear()
        return frame

    async def next(self, timeout: float) -> av.VideoFrame | None:
        """Wait up to ``timeout`` seconds for a frame that was not taken before; None when there is none."""
        try:
            # Not wait_for: in Python 3.11 it forgets a cancellation that comes together with the frame.
            async with asyncio.timeout(timeout):
                await self._fresh.wait()
        except TimeoutError:
            return None
        return self.take()

    async def drain(self, track: MediaStreamTrack) -> None:
        """Take every frame from the track until it ends."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                self.put(frame, now=loop.time())
