"""Whether a document was turned over, or changed for another one, as far as frames show it (pure)."""

from vision.document.capture.frame import DocumentFrame
from vision.document.capture.policy import CapturePolicy


class TurnWatch:
    """Is told of every frame, and of the moment at which a side was accepted."""

    def __init__(self, policy: CapturePolicy) -> None:
        self._policy = policy
        self._fingerprint = 0
        self._accepted = 0
        """Fingerprint of the side that was accepted last."""
        self._since = 0.0
        self._away_since: float | None = None
        self._was_away = False

    def follow(self, frame: DocumentFrame, now: float) -> None:
        """The next frame."""
        if frame.corners:
            self._fingerprint, self._away_since = frame.fingerprint, None
            return
        self._away_since = now if self._away_since is None else self._away_since
        self._was_away = self._was_away or now - self._away_since >= self._policy.absent_seconds

    def begin(self, now: float) -> None:
        """The side in view was accepted; the next one is awaited."""
        self._accepted, self._since, self._was_away = self._fingerprint, now, False

    def is_over(self, frame: DocumentFrame, now: float) -> bool:
        """Whether this frame may show another side; after a while any frame may, and its picture tells."""
        if now - self._since >= self._policy.turn_seconds:
            return True
        differs = (frame.fingerprint ^ self._accepted).bit_count() >= self._policy.turn_bits
        return bool(frame.corners) and (differs or self._was_away)
