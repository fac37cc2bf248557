"""When frames are due: an absolute schedule that never drifts (pure: time is an argument)."""

MAX_BURST_FRAMES = 3
"""After the event loop stood still this many frames are sent at once; the time beyond them is skipped, so that the
listener's jitter buffer does not swell for the rest of the call."""


class Pacer:
    """Frame n is due n frame lengths after the first one."""

    def __init__(self, frame_seconds: float, *, max_burst_frames: int = MAX_BURST_FRAMES) -> None:
        self._frame_seconds = frame_seconds
        self._max_burst_frames = max_burst_frames
        self._started_at: float | None = None
        self.next_frame = 0
        """Number of the frame that is sent next."""
        self.skipped_frames = 0
        """Frame numbers that were never used, because their time had passed."""
        self.lateness = 0.0
        """How many seconds too late the last frame was."""

    def wait(self, *, now: float) -> float:
        """Seconds until the next frame is due; 0 when it is."""
        if self._started_at is None:
            self._started_at = now
        return max(0.0, self._due(self._started_at) - now)

    def take(self, *, now: float) -> int:
        """The number of the frame to send now."""
        if self._started_at is None:
            self._started_at = now
        self.lateness = max(0.0, now - self._due(self._started_at))
        missed = round(self.lateness / self._frame_seconds) - self._max_burst_frames
        if missed > 0:
            self.next_frame += missed
            self.skipped_frames += missed
        number = self.next_frame
        self.next_frame += 1
        return number

    def _due(self, started_at: float) -> float:
        return started_at + self.next_frame * self._frame_seconds
