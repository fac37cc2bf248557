"""Erasing a session inside a transaction: what goes with it, and the proof that stays."""

from collections.abc import Sequence

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.crypto.ids import new_id
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


async def redact_session(
    connection: AsyncConnection, session: SessionRecord, media_count: int, now_ms: int, cause: str
) -> SessionRecord:
    """Leave of a locked session what ``redaction`` names, and write the event and the proof."""
    counts = await _erase_traces(connection, session, media_count, cause)
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
    changes = redacted_fields(session) | {"redacted_at": now_ms}
    await connection.execute(update(sessions).where(sessions.c.id == session.id).values(changes))
    await _write_proof(connection, session, counts, now_ms, cause)
    await write_event(connection, session, REDACTED_EVENT, {}, now_ms)
    return session.with_(**changes)


async def delete_session(
    connection: AsyncConnection, session: SessionRecord, media_count: int, now_ms: int, cause: str
) -> None:
    """Remove a locked session with its journal, events, deliveries, messages and media; in production keep a proof."""
    counts = await _erase_traces(connection, session, media_count, cause)
    of_session = select(events.c.id).where(events.c.session_id == session.id)
    await connection.execute(delete(deliveries).where(deliveries.c.event_id.in_(of_session)))
    await connection.execute(delete(events).where(events.c.session_id == session.id))
    await connection.execute(delete(sessions).where(sessions.c.id == session.id))
    if not session.sandbox:
        await _write_proof(connection, session, counts, now_ms, cause)


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


async def _write_proof(
    connection: AsyncConnection, session: SessionRecord, counts: Json, now_ms: int, cause: str
) -> None:
    await connection.execute(
        insert(erasures).values(
            id=new_id("era_"),
            tenant=session.tenant,
            sandbox=session.sandbox,
            session_id=session.id,
            erased_at=now_ms,
            cause=cause,
            report_sha256=report_sha256(session.report),
            counts=counts,
        )
    )
