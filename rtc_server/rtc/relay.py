"""An agent's voice on its way to the person (pure): Opus packets in as they come, one out every 20 ms."""

from collections import deque

from rtc_server.rtc.opus import FRAME_SAMPLES, packet_samples

MAX_FRAMES = 10
"""200 ms; what is older than that is dropped, because people who talk notice a longer delay."""

START_FRAMES = 3
"""60 ms are gathered before the first packet goes out, so that those that come unevenly leave no holes."""


class RelayQueue:
    """A short buffer between two clocks: the agent's microphone fills it, ours empties it."""

    def __init__(self) -> None:
        self._payloads: deque[bytes] = deque(maxlen=MAX_FRAMES)
        self._flowing = False
        self.refused = 0
        """Packets that do not hold 20 ms, and so fit no frame of ours."""

    def add(self, payload: bytes) -> None:
        """Take the next packet; the oldest makes room for it."""
        try:
            fits = packet_samples(payload) == FRAME_SAMPLES
        except ValueError:
            fits = False
        if fits:
            self._payloads.append(payload)
        else:
            self.refused += 1

    def next(self) -> bytes | None:
        """The packet for the frame that is due; None while there is nothing to say."""
        if not self._flowing and len(self._payloads) < START_FRAMES:
            return None
        self._flowing = bool(self._payloads)
        return self._payloads.popleft() if self._payloads else None

    def clear(self) -> None:
        """Drop what is left."""
        self._payloads.clear()
        self._flowing = False
