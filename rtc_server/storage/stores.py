"""All stores of a server on one database."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from rtc_server.audit.head import HeadFile
from rtc_server.audit.signing import AuditKey
from rtc_server.audit.verify import AuditChecks
from rtc_server.storage.alerts import SqlAlertStore
from rtc_server.storage.audit import SqlAuditLog
from rtc_server.storage.database import Database, open_database
from rtc_server.storage.dispatch import SqlWebhookStore
from rtc_server.storage.endpoints import SqlEndpointStore
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.faces import SqlFaceStore
from rtc_server.storage.facts import SqlFactStore
from rtc_server.storage.flows import SqlFlowStore
from rtc_server.storage.history import SqlHistoryStore
from rtc_server.storage.idempotency import SqlIdempotencyStore
from rtc_server.storage.keys import SqlKeyStore
from rtc_server.storage.lifecycle import SqlLifecycleStore
from rtc_server.storage.mailbox import SqlMailboxStore
from rtc_server.storage.media import SqlMediaStore
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.recordings import SqlRecordingStore
from rtc_server.storage.retention import Retention
from rtc_server.storage.reviews import SqlReviewStore
from rtc_server.storage.sql import SqlStore
from rtc_server.storage.staff import SqlStaffStore


@dataclass(frozen=True, slots=True)
class Stores:
    """One store for each kind of thing that is kept."""

    database: Database
    audit: SqlAuditLog
    audit_checks: AuditChecks
    sessions: SqlStore
    keys: SqlKeyStore
    mailbox: SqlMailboxStore
    flows: SqlFlowStore
    idempotency: SqlIdempotencyStore
    endpoints: SqlEndpointStore
    deliveries: SqlWebhookStore
    media: SqlMediaStore
    recordings: SqlRecordingStore
    lifecycle: SqlLifecycleStore
    faces: SqlFaceStore
    staff: SqlStaffStore
    facts: SqlFactStore
    reviews: SqlReviewStore
    alerts: SqlAlertStore
    history: SqlHistoryStore

    async def close(self) -> None:
        """Let running transactions end, keep the audit's head, then release connections."""
        await self.database.close()
        await self.audit.close()


async def open_stores(
    url: str,
    files: MediaFiles | None = None,
    retention: Retention | None = None,
    journal_dir: Path | None = None,
    face_seal: FaceSeal | None = None,
    audit_head: HeadFile | None = None,
) -> Stores:
    """Bring the database at ``url`` up to date (creating it when missing) and open everything in it.

    Without ``files`` no media can be kept, without ``face_seal`` no faces; ``journal_dir`` is where copies of journals
    lie, if any are written. Without ``audit_head`` the audit is signed by a key that nobody keeps, which only tests and
    measurements can do with. Raises StorageError naming the file and what to do.
    """
    database = await open_database(url)
    retention = retention or Retention()
    audit_key = AuditKey(secrets.token_bytes(32)) if audit_head is None else audit_head.key
    audit = SqlAuditLog(database, audit_key, audit_head)
    await audit.open()
    sessions = SqlStore(database, retention, audit)
    media = SqlMediaStore(database, files, retention)
    return Stores(
        database=database,
        audit=audit,
        audit_checks=AuditChecks(audit, audit_key.public, audit_head),
        sessions=sessions,
        keys=SqlKeyStore(database),
        mailbox=SqlMailboxStore(database),
        flows=SqlFlowStore(database),
        idempotency=SqlIdempotencyStore(database),
        endpoints=SqlEndpointStore(database),
        deliveries=SqlWebhookStore(database, sessions.outbox),
        media=media,
        recordings=SqlRecordingStore(media),
        lifecycle=SqlLifecycleStore(database, sessions.outbox, media, retention, audit, journal_dir),
        faces=SqlFaceStore(database, face_seal, retention, audit),
        staff=SqlStaffStore(database, audit),
        facts=SqlFactStore(database),
        reviews=SqlReviewStore(database, sessions.outbox, audit),
        alerts=SqlAlertStore(database),
        history=SqlHistoryStore(database),
    )
