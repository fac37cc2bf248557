"""Erasing a session inside a transaction: what goes with it, and the proof that stays."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.audit.chain import Actor, Draft, Entry
from rtc_server.audit.proof import signed_proof
from rtc_server.crypto.ids import new_id
from rtc_server.storage.audit import SqlAuditLog
from rtc_server.storage.face_rows import remove_faces
from rtc_server.storage.facts import redact_facts
from rtc_server.storage.outbox import write_event
from rtc_server.storage.owned import owned_by
from rtc_server.storage.ports import Json, SessionRecord
from rtc_server.storage.redaction import redacted_fields, report_sha256
from rtc_server.storage.reviews import redact_review
from rtc_server.storage.schema import (
    deliveries,
    delivery_attempts,
    erasures,
    events,
    faces,
    idempotency,
    journal,
    mailbox,
    media,
    session_search,
    sessions,
)
from rtc_server.webhooks.payload import REDACTED_EVENT

RETENTION = "retention"
"""Cause of what time erases, as opposed to somebody's wish."""

_TRACES: Sequence[Table] = (journal, mailbox, media)
"""Tables whose rows hold personal data of one session."""


REDACTED = "session.redacted"
DELETED = "session.deleted"
"""What the audit calls them."""


class Warrant(NamedTuple):
    """Why something is erased."""

    at_ms: int
    cause: str
    """``api``, ``subject`` or ``retention``."""
    actor: Actor
    """Who asked for it."""


async def redact_session(
    connection: AsyncConnection, session: SessionRecord, media_count: int, warrant: Warrant, audit: SqlAuditLog
) -> tuple[SessionRecord, Entry]:
    """Leave of a locked session what ``redaction`` names, and write the event and the proof.

    The audit comes last: until the transaction ends, nobody else can add to it.
    """
    counts = await _erase_traces(connection, session, media_count, warrant.cause)
    await connection.execute(
        update(session_search).where(session_search.c.session_id == session.id).values(text=session.id.lower())
    )
    # What an integrator's server replied to a webhook may repeat what it had just read about the person.
    attempts = select(deliveries.c.id).join(events, events.c.id == deliveries.c.event_id)
    await connection.execute(
        update(delivery_attempts)
        .where(delivery_attempts.c.delivery_id.in_(attempts.where(events.c.session_id == session.id)))
        .values(response_excerpt="")
    )
    await redact_facts(connection, session.id)
    await redact_review(connection, session.id)
    changes = redacted_fields(session) | {"redacted_at": warrant.at_ms}
    await connection.execute(update(sessions).where(sessions.c.id == session.id).values(changes))
    await write_event(connection, session, REDACTED_EVENT, {}, warrant.at_ms)
    entry = await audit.append(connection, _draft(session, REDACTED, counts, warrant))
    await _write_proof(connection, entry, audit)
    return session.with_(**changes), entry


async def delete_session(
    connection: AsyncConnection, session: SessionRecord, media_count: int, warrant: Warrant, audit: SqlAuditLog
) -> Entry:
    """Remove a locked session with its journal, events, deliveries, messages and media; in production keep a proof.

    The audit comes last: until the transaction ends, nobody else can add to it.
    """
    counts = await _erase_traces(connection, session, media_count, warrant.cause)
    of_session = select(events.c.id).where(events.c.session_id == session.id)
    await connection.execute(delete(deliveries).where(deliveries.c.event_id.in_(of_session)))
    await connection.execute(delete(events).where(events.c.session_id == session.id))
    await connection.execute(delete(sessions).where(sessions.c.id == session.id))
    entry = await audit.append(connection, _draft(session, DELETED, counts, warrant))
    if not session.sandbox:
        await _write_proof(connection, entry, audit)
    return entry


async def _erase_traces(connection: AsyncConnection, session: SessionRecord, media_count: int, cause: str) -> Json:
    """Remove what hangs on the session; how much there was of each."""
    counts: Json = {"phrases": len(session.report.get("transcript", ()))}
    for table in _TRACES:
        mine = table.c.session_id == session.id
        counts[table.name] = int(await connection.scalar(select(func.count()).select_from(table).where(mine)) or 0)
        await connection.execute(delete(table).where(mine))
    counts[media.name] += media_count
    if cause != RETENTION:  # a face that was enrolled to be recognised later has a time of its own
        counts[faces.name] = await remove_faces(connection, faces.c.session_id == session.id)
    # The answer to the create call repeats its settings. It is sealed; before the seal stands whose answer it is.
    await connection.execute(
        delete(idempotency).where(
            *owned_by(session.owner, idempotency),
            idempotency.c.body.startswith(f"{session.id}:", autoescape=True),
        )
    )
    return counts


def _draft(session: SessionRecord, action: str, counts: Json, warrant: Warrant) -> Draft:
    details = {"cause": warrant.cause, "counts": counts, "reportSha256": report_sha256(session.report)}
    return Draft(
        at=warrant.at_ms,
        actor=warrant.actor,
        action=action,
        tenant=session.tenant,
        sandbox=session.sandbox,
        session_id=session.id,
        details=details,
    )


async def _write_proof(connection: AsyncConnection, entry: Entry, audit: SqlAuditLog) -> None:
    await connection.execute(
        insert(erasures).values(
            id=new_id("era_"),
            tenant=entry.tenant,
            sandbox=entry.sandbox,
            session_id=entry.session_id,
            erased_at=entry.at,
            cause=entry.details["cause"],
            report_sha256=entry.details["reportSha256"],
            counts=entry.details["counts"],
            proof=signed_proof(entry, audit.key),
        )
    )
