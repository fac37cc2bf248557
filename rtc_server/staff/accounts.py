"""Accounts of staff: who there is, who may what, and the links by which they are set up."""

import dataclasses
import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rtc_server.audit.chain import SYSTEM, Actor, Draft
from rtc_server.crypto.ids import new_id
from rtc_server.crypto.seal import Seal
from rtc_server.staff import totp
from rtc_server.staff.errors import StaffError
from rtc_server.staff.fields import checked_email, checked_name, checked_roles, checked_tenants
from rtc_server.staff.passwords import Passwords
from rtc_server.staff.roles import Role, Staff
from rtc_server.storage.ports import EmailTakenError, Json, LastAdminError, StaffRecord, StaffStore

SETUP_SECONDS = 24 * 3600
"""How long a link works."""

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of an account; None leaves it as it is."""

    name: str | None = None
    roles: Sequence[str] | None = None
    tenants: Sequence[str] | None = None
    disabled: bool | None = None


class StaffAccounts:
    """Every change is in the audit, with who made it."""

    def __init__(self, store: StaffStore, seal: Seal, passwords: Passwords, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._seal = seal
        self._passwords = passwords
        self._now_ms = now_ms

    async def everybody(self) -> list[Staff]:
        """All accounts, oldest first."""
        return [staff_of(record) for record in await self._store.all_staff()]

    async def find(self, name: str) -> Staff | None:
        """By id or e-mail address."""
        record = await self._store.staff(name) or await self._store.staff_by_email(name.strip().lower())
        return None if record is None else staff_of(record)

    async def invite(
        self,
        email: str,
        name: str,
        roles: Sequence[str],
        tenants: Sequence[str],
        *,
        sandbox_only: bool = False,
        by: Actor = SYSTEM,
    ) -> tuple[Staff, str]:
        """A new account, and the token of the link by which its owner sets it up. Raises StaffError."""
        record = self._new_record(email, name, roles, tenants, sandbox_only)
        token, offer = self._offer(record.id)
        await self._add(dataclasses.replace(record, **offer), by)
        return staff_of(record), token

    async def create_ready(
        self,
        email: str,
        name: str,
        roles: Sequence[str],
        tenants: Sequence[str],
        password: str,
        *,
        by: Actor = SYSTEM,
    ) -> tuple[Staff, str]:
        """A new account that can sign in at once, and the secret for its authenticator. Raises StaffError.

        For demos and tests: whoever calls this knows both factors. The password is not judged.
        """
        record = self._new_record(email, name, roles, tenants, sandbox_only=False)
        secret = totp.new_secret()
        sealed = self._seal.close_text(secret, record.id)
        password_hash = await self._passwords.hash(password)
        record = dataclasses.replace(record, password_hash=password_hash, totp_secret=sealed)
        await self._add(record, by)
        return staff_of(record), secret

    async def change(self, staff_id: str, change: Change, by: Actor = SYSTEM) -> Staff | None:
        """The account afterwards; None for an unknown one. Disabling ends its sessions. Raises StaffError.

        Nobody changes their own roles or tenants or disables themselves, and one admin who can sign in always remains.
        """
        if _own(staff_id, by) and (change.roles is not None or change.tenants is not None or change.disabled):
            message = "Nobody changes their own roles or tenants, or disables themselves; ask another admin."
            raise StaffError("own_account", message)
        values: dict[str, Any] = {}
        if change.name is not None:
            values["name"] = checked_name(change.name)
        if change.roles is not None:
            values["roles"] = checked_roles(change.roles)
        if change.tenants is not None:
            values["tenants"] = checked_tenants(change.tenants)
        if change.disabled is not None:
            values["disabled_at"] = self._now_ms() if change.disabled else None
        details: Json = {name: list(value) for name, value in values.items() if name in ("roles", "tenants")}
        if change.disabled is not None:
            details["disabled"] = change.disabled
        details |= {"staff": staff_id, "fields": sorted(values)}
        try:
            record = await self._store.change_staff(staff_id, self._entry(by, "staff.changed", details), **values)
        except LastAdminError:
            message = "This is the last admin who can sign in; make another one first."
            raise StaffError("last_admin", message) from None
        return None if record is None else staff_of(record)

    async def reset(self, staff_id: str, by: Actor = SYSTEM) -> str | None:
        """Take password, authenticator and sessions away; the token of a new link, None for an unknown account.

        Raises StaffError for one's own account, and for one that is disabled.
        """
        if _own(staff_id, by):
            raise StaffError("own_account", "Nobody resets their own account; ask another admin.")
        record = await self._store.staff(staff_id)
        if record is None:
            return None
        if record.disabled_at is not None:
            raise StaffError("staff_disabled", "This account is disabled; enable it first.")
        token, offer = self._offer(staff_id)
        entry = self._entry(by, "staff.reset", {"staff": staff_id})
        return token if await self._store.begin_setup(staff_id, entry, **offer) is not None else None

    def _new_record(
        self, email: str, name: str, roles: Sequence[str], tenants: Sequence[str], sandbox_only: bool
    ) -> StaffRecord:
        return StaffRecord(
            id=new_id("stf_"),
            email=checked_email(email),
            name=checked_name(name),
            roles=checked_roles(roles),
            tenants=checked_tenants(tenants),
            sandbox_only=sandbox_only,
            created_at=self._now_ms(),
        )

    async def _add(self, record: StaffRecord, by: Actor) -> None:
        details: Json = {"staff": record.id, "roles": list(record.roles), "tenants": list(record.tenants)}
        entry = self._entry(by, "staff.created", details | {"sandboxOnly": record.sandbox_only})
        try:
            await self._store.add_staff(record, entry)
        except EmailTakenError:
            raise StaffError("email_taken", "There is an account with this e-mail address already.", "email") from None

    def _entry(self, by: Actor, action: str, details: Json) -> Draft:
        return Draft(at=self._now_ms(), actor=by, action=action, details=details)

    def _offer(self, staff_id: str) -> tuple[str, dict[str, Any]]:
        """A token, and what is stored of its link."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        return token, {
            "setup_hash": token_hash(token),
            "setup_expires_at": self._now_ms() + SETUP_SECONDS * 1000,
            "setup_totp": self._seal.close_text(totp.new_secret(), staff_id),
        }


def staff_of(record: StaffRecord) -> Staff:
    """The account without its secrets. A role that this version does not know grants nothing."""
    known = frozenset(Role)
    return Staff(
        id=record.id,
        email=record.email,
        name=record.name,
        roles=frozenset(Role(role) for role in record.roles if role in known),
        tenants=record.tenants,
        sandbox_only=record.sandbox_only,
        created_at=record.created_at,
        disabled_at=record.disabled_at,
        totp_set=bool(record.password_hash and record.totp_secret),
    )


def _own(staff_id: str, by: Actor) -> bool:
    return by.id == Actor.staff(staff_id, "").id


def token_hash(token: str) -> str:
    """SHA-256, hex: what is stored and looked up. No salt: tokens are random, so they cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
