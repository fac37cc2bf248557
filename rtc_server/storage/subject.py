"""Everything of one subject: collected for a copy, or erased. A subject is whom a ``clientReferenceId`` names."""

import dataclasses
from collections.abc import AsyncIterator
from dataclasses import dataclass

from rtc_server.storage.ports import (
    RECORDING_KINDS,
    TERMINAL,
    EventRecord,
    FaceRecord,
    JournalLine,
    Json,
    MailboxMessage,
    MediaRecord,
    Owner,
    SessionRecord,
)
from rtc_server.storage.stores import Stores

EVENTS_AT_ONCE = 500
RECORDING_PIECE_BYTES = 1_048_576

ERASED = "cancelled"
"""Reason of a session that had not been opened when its subject was erased."""


@dataclass(frozen=True, slots=True)
class SubjectSession:
    """One session with all that hangs on it."""

    session: SessionRecord
    journal: list[JournalLine]
    events: list[EventRecord]
    messages: list[MailboxMessage]
    media: list[tuple[MediaRecord, bytes]]
    """Pictures."""
    recordings: list[MediaRecord]
    """Too large to be held; see ``recording_pieces``."""

    def session_json(self) -> Json:
        """What is known of the session; hashes and times of its secrets are left out."""
        return {
            "id": self.session.id,
            "createdAt": self.session.created_at,
            "startedAt": self.session.started_at,
            "finishedAt": self.session.finished_at,
            "redactedAt": self.session.redacted_at,
            "deleteAfter": self.session.delete_after,
            "status": self.session.status,
            "reason": self.session.reason,
            "clientReferenceId": self.session.client_reference_id,
            "settings": self.session.settings,
            "flow": self.session.flow,
            "report": self.session.report,
            "device": self.session.device,
            "location": self.session.location,
            "consent": self.session.consent,
        }

    def events_json(self) -> list[Json]:
        """What an integrator was told."""
        return [
            {"id": event.id, "type": event.type, "createdAt": event.created_at, "data": event.data}
            for event in self.events
        ]

    def messages_json(self) -> list[Json]:
        """What the sandbox would have sent."""
        names = ("id", "channel", "recipient", "subject", "text", "html")
        return [
            {name: getattr(message, name) for name in names} | {"createdAt": message.created_at}
            for message in self.messages
        ]

    def media_json(self) -> list[Json]:
        """Which pictures and recordings there are."""
        return [
            {
                "id": record.id,
                "kind": record.kind,
                "side": record.side,
                "contentType": record.content_type,
                "sizeBytes": record.size_bytes,
                "createdAt": record.created_at,
            }
            for record in [*(record for record, _ in self.media), *self.recordings]
        ]

    def journal_json(self) -> list[Json]:
        """Every step of the session."""
        return [dataclasses.asdict(line) for line in self.journal]


def face_json(face: FaceRecord) -> Json:
    """An enrolled face in a copy of a person's data: what is known and was agreed to, not the template."""
    return {
        "id": face.id,
        "reference": face.reference,
        "fields": dict(face.fields),
        "consent": face.consent,
        "sessionId": face.session_id or None,
        "embedder": face.embedder,
        "createdAt": face.created_at,
        "updatedAt": face.updated_at,
    }


@dataclass(frozen=True, slots=True)
class Erasure:
    """What became of one session."""

    session_id: str
    erased: bool
    """False: it is in progress and must be cancelled first."""


async def collect_subject(stores: Stores, owner: Owner, reference: str) -> AsyncIterator[SubjectSession]:
    """Sessions of a subject, oldest first, one at a time, because recordings are large. Raises StorageError."""
    for session in await stores.lifecycle.subject(owner, reference):
        media = await stores.media.media_of(session.id)
        pictures = [record for record in media if record.kind not in RECORDING_KINDS]
        yield SubjectSession(
            session,
            await stores.sessions.journal(session.id),
            await _all_events(stores, session.id),
            await stores.mailbox.messages(owner.tenant, session.id),
            [kept for record in pictures if (kept := await stores.media.get(record.id)) is not None],
            [record for record in media if record.kind in RECORDING_KINDS],
        )


async def recording_pieces(stores: Stores, media_id: str) -> AsyncIterator[bytes]:
    """The bytes of a recording, some at a time. Raises StorageError."""
    start = 0
    while piece := await stores.recordings.part(media_id, start, RECORDING_PIECE_BYTES):
        yield piece
        start += len(piece)


async def erase_subject(
    stores: Stores, owner: Owner, reference: str, now_ms: int, *, completely: bool = False
) -> AsyncIterator[Erasure]:
    """Redact every session of a subject, or remove it ``completely``; the proof stays. Raises StorageError.

    A session that nobody has opened is ended first. Enrolled faces of the subject go in any case.
    """
    await stores.faces.delete_faces_of_subject(owner, reference)
    for session in await stores.lifecycle.subject(owner, reference):
        if session.status == "created":
            session = await stores.sessions.finish_session(
                session.id, [], status="incomplete", reason=ERASED, report=session.report, finished_at=now_ms
            )
        if session.status not in TERMINAL:
            yield Erasure(session.id, erased=False)
        elif completely:
            yield Erasure(session.id, await stores.lifecycle.delete(session.id, owner, now_ms, "subject"))
        else:
            redacted = await stores.lifecycle.redact(session.id, owner, now_ms, "subject")
            yield Erasure(session.id, redacted is not None)


async def _all_events(stores: Stores, session_id: str) -> list[EventRecord]:
    events: list[EventRecord] = []
    while True:
        after = events[-1].sequence if events else 0
        page = await stores.sessions.events(session_id, after, EVENTS_AT_ONCE)
        events += page
        if len(page) < EVENTS_AT_ONCE:
            return events
