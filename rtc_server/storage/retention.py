"""How long each class of data is kept."""

from dataclasses import dataclass

from rtc_server.storage.ports import SessionRecord

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which something is removed; 0 = kept until it is erased or its session goes.

    They count from the end of the session unless it says otherwise.
    """

    sandbox_days: int = 7
    """Sessions made with test keys, and all that hangs on them, from their creation; never 0."""
    session_days: int = 0
    """Sessions in production, and all that hangs on them."""
    personal_days: int = 0
    """Everything personal in a session; ids, times, status, outcomes and a proof of the erasure stay."""
    transcript_days: int = 0
    """What was said: the transcript, and the quotes beside the outcomes."""
    journal_days: int = 0
    """The journal, from which a session can be replayed."""
    media_days: int = 0
    """Pictures and recordings, from when they were made."""
    face_days: int = 0
    """Enrolled faces in production, from their last enrolment; those of test keys go after ``sandbox_days``."""
    events_days: int = 90
    """Events and the log of their deliveries, from when they happened."""

    def of_new(self, session: SessionRecord) -> int | None:
        """When a session that has just been created must go; None = not decided yet."""
        if session.sandbox:
            return session.created_at + self.sandbox_days * DAY_MS
        return None

    def of_ended(self, session: SessionRecord, finished_at: int) -> int | None:
        """When a session that has just ended must go; None = kept."""
        if session.delete_after is None and not session.sandbox and self.session_days:
            return finished_at + self.session_days * DAY_MS
        return session.delete_after

    def of_media(self, created_at: int) -> int | None:
        """When a picture or recording must go, unless its session goes earlier; None = with its session."""
        return created_at + self.media_days * DAY_MS if self.media_days else None

    def of_face(self, *, sandbox: bool, enrolled_at: int) -> int | None:
        """When an enrolled face must go; None = kept until it is deleted."""
        days = self.sandbox_days if sandbox else self.face_days
        return enrolled_at + days * DAY_MS if days else None
