"""Accounts and sessions of staff in the database."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from rtc_server.audit.chain import Draft
from rtc_server.storage.audit import SqlAuditLog
from rtc_server.storage.database import Database, uninterrupted
from rtc_server.storage.ports.staff import EmailTakenError, LastAdminError, StaffRecord, StaffSession
from rtc_server.storage.schema import staff_accounts, staff_recovery_codes, staff_sessions

ADMIN = "admin"
"""The role that somebody must have who can sign in, or nobody could ever change an account from the console."""

_CHANGEABLE = frozenset({"name", "roles", "tenants", "sandbox_only", "disabled_at"})


class SqlStaffStore:
    """``StaffStore`` on a migrated database."""

    def __init__(self, database: Database, audit: SqlAuditLog) -> None:
        self.database = database
        self._audit = audit

    @uninterrupted
    async def add_staff(self, record: StaffRecord, entry: Draft) -> None:
        """Insert. Raises EmailTakenError."""
        async with self.database.write() as connection:
            try:
                await connection.execute(insert(staff_accounts).values(_storable(dataclasses.asdict(record))))
            except IntegrityError:
                raise EmailTakenError from None
            written = await self._audit.append(connection, entry)
        self._audit.committed(written)

    @uninterrupted
    async def staff(self, staff_id: str) -> StaffRecord | None:
        """By id."""
        async with self.database.read() as connection:
            return await _account(connection, staff_accounts.c.id == staff_id)

    @uninterrupted
    async def staff_by_email(self, email: str) -> StaffRecord | None:
        """By address in lower case."""
        async with self.database.read() as connection:
            return await _account(connection, staff_accounts.c.email == email)

    @uninterrupted
    async def staff_by_setup(self, setup_hash: str) -> StaffRecord | None:
        """By the token of a link, run out or not."""
        async with self.database.read() as connection:
            return await _account(connection, staff_accounts.c.setup_hash == setup_hash)

    @uninterrupted
    async def all_staff(self) -> list[StaffRecord]:
        """Everybody, oldest first."""
        query = select(staff_accounts).order_by(staff_accounts.c.created_at, staff_accounts.c.id)
        async with self.database.read() as connection:
            return [_record(row) for row in (await connection.execute(query)).all()]

    @uninterrupted
    async def change_staff(self, /, staff_id: str, entry: Draft, **changes: Any) -> StaffRecord | None:
        """Change some fields; None for an unknown account. Raises LastAdminError, and ``TypeError`` for a wrong name.

        Disabling ends its sessions.
        """
        if wrong := changes.keys() - _CHANGEABLE:
            raise TypeError(f"an account has no changeable field {', '.join(sorted(wrong))}")
        async with self.database.write() as connection:
            # All rows are locked, so that two admins cannot take each other's role away at the same moment.
            rows = (await connection.execute(select(staff_accounts).with_for_update())).all()
            records = {record.id: record for record in map(_record, rows)}
            if staff_id not in records:
                return None
            changed = dataclasses.replace(records[staff_id], **changes)
            others = (record for record in records.values() if record.id != staff_id)
            if _is_admin(records[staff_id]) and not any(map(_is_admin, (changed, *others))):
                raise LastAdminError
            where = staff_accounts.c.id == staff_id
            if changes:
                await connection.execute(update(staff_accounts).where(where).values(_storable(changes)))
            if changed.disabled_at is not None:
                await _end_sessions(connection, staff_id)
            written = await self._audit.append(connection, entry)
        self._audit.committed(written)
        return changed

    @uninterrupted
    async def set_password(
        self, staff_id: str, former_hash: str, password_hash: str, entry: Draft, keep_session: str
    ) -> bool:
        """Another password in place of the former one; False when that is not the account's. Ends other sessions."""
        table, others = staff_accounts, staff_sessions.c.id != keep_session
        good = (table.c.id == staff_id, table.c.password_hash == former_hash, table.c.disabled_at.is_(None))
        async with self.database.write() as connection:
            done = await connection.execute(update(table).where(*good).values(password_hash=password_hash))
            if not done.rowcount:
                return False
            await connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id, others))
            written = await self._audit.append(connection, entry)
        self._audit.committed(written)
        return True

    @uninterrupted
    async def begin_setup(
        self, staff_id: str, entry: Draft, setup_hash: str, setup_expires_at: int, setup_totp: str
    ) -> StaffRecord | None:
        """Take password, authenticator, recovery codes and sessions away and offer a link instead."""
        values = {
            "password_hash": "",
            "totp_secret": "",
            "setup_hash": setup_hash,
            "setup_expires_at": setup_expires_at,
            "setup_totp": setup_totp,
        }
        where = staff_accounts.c.id == staff_id
        async with self.database.write() as connection:
            await connection.execute(update(staff_accounts).where(where).values(values))
            account = await _account(connection, where)
            if account is None:
                return None
            await _forget_codes(connection, staff_id)
            await _end_sessions(connection, staff_id)
            written = await self._audit.append(connection, entry)
        self._audit.committed(written)
        return account

    @uninterrupted
    async def finish_setup(
        self, setup_hash: str, entry: Draft, password_hash: str, totp_step: int, recovery_hashes: Sequence[str]
    ) -> StaffRecord | None:
        """Use the link up, once: None when it is not good, or no longer at the time of ``entry``. Ends sessions."""
        good = (
            staff_accounts.c.setup_hash == setup_hash,
            staff_accounts.c.setup_expires_at > entry.at,
            staff_accounts.c.disabled_at.is_(None),
        )
        values = {
            "password_hash": password_hash,
            "totp_secret": staff_accounts.c.setup_totp,
            "totp_step": totp_step,
            "setup_hash": None,
            "setup_totp": "",
        }
        async with self.database.write() as connection:
            done = update(staff_accounts).where(*good).values(values).returning(staff_accounts.c.id)
            staff_id = (await connection.execute(done)).scalar()
            if staff_id is None:
                return None
            await _forget_codes(connection, staff_id)
            rows = [{"staff_id": staff_id, "code_hash": code_hash} for code_hash in recovery_hashes]
            if rows:
                await connection.execute(insert(staff_recovery_codes), rows)
            await _end_sessions(connection, staff_id)
            account = await _account(connection, staff_accounts.c.id == staff_id)
            written = await self._audit.append(connection, entry)
        self._audit.committed(written)
        return account

    @uninterrupted
    async def take_step(self, staff_id: str, step: int) -> bool:
        """Note that the code of a time step was used; False when it, or a later one, was used before."""
        where = (staff_accounts.c.id == staff_id, staff_accounts.c.totp_step < step)
        async with self.database.write() as connection:
            done = await connection.execute(update(staff_accounts).where(*where).values(totp_step=step))
        return done.rowcount == 1

    @uninterrupted
    async def take_recovery_code(self, staff_id: str, code_hash: str) -> bool:
        """Use a recovery code up; False when there is none such."""
        table = staff_recovery_codes
        where = (table.c.staff_id == staff_id, table.c.code_hash == code_hash)
        async with self.database.write() as connection:
            done = await connection.execute(delete(table).where(*where))
        return done.rowcount == 1

    @uninterrupted
    async def add_session(self, session: StaffSession) -> None:
        """Insert."""
        async with self.database.write() as connection:
            await connection.execute(insert(staff_sessions).values(dataclasses.asdict(session)))

    @uninterrupted
    async def session_by_token(self, token_hash: str) -> tuple[StaffSession, StaffRecord] | None:
        """A session, however old, with its account."""
        query = select(staff_sessions).where(staff_sessions.c.token_hash == token_hash)
        async with self.database.read() as connection:
            row = (await connection.execute(query)).first()
            if row is None:
                return None
            session = StaffSession(**row._mapping)
            account = await _account(connection, staff_accounts.c.id == session.staff_id)
        return None if account is None else (session, account)

    @uninterrupted
    async def touch_session(self, session_id: str, seen_at: int) -> None:
        """Note that somebody was there."""
        where = staff_sessions.c.id == session_id
        async with self.database.write() as connection:
            await connection.execute(update(staff_sessions).where(where).values(seen_at=seen_at))

    @uninterrupted
    async def end_session(self, session_id: str) -> bool:
        """Remove; False when there is none such."""
        async with self.database.write() as connection:
            done = await connection.execute(delete(staff_sessions).where(staff_sessions.c.id == session_id))
        return done.rowcount == 1

    @uninterrupted
    async def staff_sessions(self, staff_id: str | None = None) -> list[StaffSession]:
        """Those of an account, or all, newest first."""
        table = staff_sessions
        query = select(table).order_by(table.c.created_at.desc(), table.c.id)
        if staff_id is not None:
            query = query.where(table.c.staff_id == staff_id)
        async with self.database.read() as connection:
            return [StaffSession(**row._mapping) for row in (await connection.execute(query)).all()]

    @uninterrupted
    async def sweep_staff_sessions(self, now_ms: int, idle_before: int) -> int:
        """Remove what has run out or was last seen before; how many."""
        table = staff_sessions
        over = or_(table.c.expires_at <= now_ms, table.c.seen_at < idle_before)
        async with self.database.write() as connection:
            done = await connection.execute(delete(table).where(over))
        return done.rowcount


async def _account(connection: AsyncConnection, where: Any) -> StaffRecord | None:
    row = (await connection.execute(select(staff_accounts).where(where))).first()
    return None if row is None else _record(row)


async def _end_sessions(connection: AsyncConnection, staff_id: str) -> None:
    await connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id))


async def _forget_codes(connection: AsyncConnection, staff_id: str) -> None:
    await connection.execute(delete(staff_recovery_codes).where(staff_recovery_codes.c.staff_id == staff_id))


def _is_admin(record: StaffRecord) -> bool:
    return ADMIN in record.roles and record.disabled_at is None and bool(record.password_hash)


def _storable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _record(row: Row[Any]) -> StaffRecord:
    tuples = {name: tuple(row._mapping[name]) for name in ("roles", "tenants")}
    return StaffRecord(**dict(row._mapping) | tuples)
