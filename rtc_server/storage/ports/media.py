"""What sessions leave beside their report: pictures, recordings, and messages that the sandbox did not send."""

from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class MailboxMessage:
    """A message that the sandbox did not send."""

    id: str
    tenant: str
    session_id: str
    channel: Literal["email", "sms"]
    recipient: str
    subject: str
    text: str
    html: str
    created_at: int


class MailboxStore(Protocol):
    """Messages of the sandbox."""

    async def add_message(self, message: MailboxMessage) -> None:
        """Insert."""

    async def messages(self, tenant: str, session_id: str = "", limit: int = 100) -> list[MailboxMessage]:
        """Newest first."""


@dataclass(frozen=True, slots=True)
class MediaRecord:
    """A picture or recording that was kept."""

    id: str
    """``m_…``."""
    session_id: str
    kind: str
    """``screenshot``, ``userVideo``, ``avatarVideo``, ``userPhoto``, ``reference`` (given by the customer's server, to
    compare with), or ``document.`` with ``document``, ``face``, ``signature``, ``input``, ``barcodeInput``."""
    side: int
    """Of a document, from 0; else 0."""
    content_type: str
    size_bytes: int
    created_at: int
    delete_after: int | None = None


class MediaStore(Protocol):
    """Pictures and recordings; the bytes are encrypted at rest."""

    async def put(self, record: MediaRecord, content: bytes) -> None:
        """Keep. Raises ``KeyError`` when there is no such session."""

    async def get(self, media_id: str) -> tuple[MediaRecord, bytes] | None:
        """Read back; None when it is gone."""

    async def media_of(self, session_id: str) -> list[MediaRecord]:
        """All of a session, oldest first."""

    async def delete_media(self, session_id: str) -> int:
        """Remove all of a session; how many there were."""

    async def delete_due(self, now_ms: int, limit: int = 100) -> int:
        """Remove what has been kept long enough; how many there were."""

    async def sweep_orphans(self) -> int:
        """Remove bytes that a crash has left without a record; how many items there were."""
