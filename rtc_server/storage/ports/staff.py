"""Accounts of staff, and where they are signed in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from rtc_server.audit.chain import Draft


class LastAdminError(Exception):
    """The change would leave nobody who can manage accounts."""


class EmailTakenError(Exception):
    """There is an account with this address."""


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """An account as it is stored. Nothing in it opens anything by itself: secrets are hashed or sealed."""

    id: str
    email: str
    """In lower case; no two accounts share one."""
    name: str
    roles: tuple[str, ...]
    tenants: tuple[str, ...]
    sandbox_only: bool
    created_at: int
    disabled_at: int | None = None
    password_hash: str = field(default="", repr=False)
    """Argon2id in PHC form; empty = not set up."""
    totp_secret: str = field(default="", repr=False)
    """Sealed; empty = not set up."""
    totp_step: int = 0
    """The time step of the last code that was taken; only later ones count (RFC 6238 §5.2)."""
    setup_hash: str | None = field(default=None, repr=False)
    """SHA-256 of the token of the link by which the account is set up; None = there is no such link."""
    setup_expires_at: int = 0
    setup_totp: str = field(default="", repr=False)
    """The sealed secret that the link offers."""


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A browser in which somebody is signed in."""

    id: str
    """``sts_…``"""
    token_hash: str = field(repr=False)
    """SHA-256 of the cookie's value, hex."""
    staff_id: str
    created_at: int
    seen_at: int
    expires_at: int
    """The end however busy it is."""
    address: str = ""
    user_agent: str = ""


class StaffStore(Protocol):
    """Accounts and sessions of staff. An account whose ``disabled_at`` is set keeps its row and loses its sessions.

    ``entry`` goes into the audit in the transaction of the change that it tells about; without a change there is none.
    """

    async def add_staff(self, record: StaffRecord, entry: Draft) -> None:
        """Insert. Raises EmailTakenError."""

    async def staff(self, staff_id: str) -> StaffRecord | None:
        """By id."""

    async def staff_by_email(self, email: str) -> StaffRecord | None:
        """By address in lower case."""

    async def staff_by_setup(self, setup_hash: str) -> StaffRecord | None:
        """By the token of a link, run out or not."""

    async def all_staff(self) -> list[StaffRecord]:
        """Everybody, oldest first."""

    async def change_staff(self, staff_id: str, entry: Draft, **changes: Any) -> StaffRecord | None:
        """Change ``name``, ``roles``, ``tenants``, ``sandbox_only`` or ``disabled_at``; None for an unknown account.

        Disabling ends its sessions. Raises LastAdminError, and ``TypeError`` for a name that cannot be changed.
        """

    async def set_password(
        self, staff_id: str, former_hash: str, password_hash: str, entry: Draft, keep_session: str
    ) -> bool:
        """Another password in place of the former one, and the end of all sessions but one; False when the former one
        is not the account's, or the account is disabled."""

    async def begin_setup(
        self, staff_id: str, entry: Draft, setup_hash: str, setup_expires_at: int, setup_totp: str
    ) -> StaffRecord | None:
        """Take password, authenticator, recovery codes and sessions away and offer a link instead."""

    async def finish_setup(
        self, setup_hash: str, entry: Draft, password_hash: str, totp_step: int, recovery_hashes: Sequence[str]
    ) -> StaffRecord | None:
        """Use the link up, once: None when it is not good, or no longer at the time of ``entry``. Ends sessions."""

    async def take_step(self, staff_id: str, step: int) -> bool:
        """Note that the code of a time step was used; False when it, or a later one, was used before."""

    async def take_recovery_code(self, staff_id: str, code_hash: str) -> bool:
        """Use a recovery code up; False when there is none such."""

    async def add_session(self, session: StaffSession) -> None:
        """Insert."""

    async def session_by_token(self, token_hash: str) -> tuple[StaffSession, StaffRecord] | None:
        """A session, however old, with its account."""

    async def touch_session(self, session_id: str, seen_at: int) -> None:
        """Note that somebody was there."""

    async def end_session(self, session_id: str) -> bool:
        """Remove; False when there is none such."""

    async def staff_sessions(self, staff_id: str | None = None) -> list[StaffSession]:
        """Those of an account, or all, newest first."""

    async def sweep_staff_sessions(self, now_ms: int, idle_before: int) -> int:
        """Remove what has run out or was last seen before; how many."""
