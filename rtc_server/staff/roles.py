"""Roles, what each may do, and an account as the rest of the server sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

ALL_TENANTS = "*"
"""As the one entry of ``Staff.tenants``: every tenant there is and will be."""


class Permission(StrEnum):
    """One thing that somebody may do or see."""

    LIST_LIVE = "list_live"
    """See which sessions run."""
    WATCH = "watch"
    """See one of them: transcript, flow, cues, numbers, video."""
    LISTEN = "listen"
    """Hear both voices."""
    WHISPER = "whisper"
    """Have the avatar say a line."""
    TAKE_OVER = "take_over"
    """Speak to the person in the avatar's place."""
    DECIDE = "decide"
    """Skip a node, force an outcome, end the session."""
    REVIEW = "review"
    OPEN_REPORT = "open_report"
    OPEN_IMAGES = "open_images"
    """Open pictures of faces and documents, and recordings, each with a reason."""
    SEE_CONTACT = "see_contact"
    """Client references, and what was said or read of e-mail addresses, phone and document numbers."""
    FLEET = "fleet"
    ALERTS = "alerts"
    READ_AUDIT = "read_audit"
    MANAGE_STAFF = "manage_staff"


class Role(StrEnum):
    """What somebody is here for. An account has a set of them and may what any of them may."""

    VIEWER = "viewer"
    AGENT = "agent"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


_VIEWER = frozenset({Permission.LIST_LIVE, Permission.FLEET})
_AGENT = _VIEWER | {
    Permission.WATCH,
    Permission.LISTEN,
    Permission.WHISPER,
    Permission.TAKE_OVER,
    Permission.DECIDE,
}
_REVIEWER = _VIEWER | {
    Permission.OPEN_REPORT,
    Permission.REVIEW,
    Permission.OPEN_IMAGES,
    Permission.SEE_CONTACT,
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.AGENT: _AGENT,
    Role.REVIEWER: _REVIEWER,
    Role.SUPERVISOR: _AGENT | _REVIEWER | {Permission.ALERTS},
    Role.AUDITOR: frozenset({Permission.READ_AUDIT, Permission.FLEET, Permission.OPEN_REPORT}),
    # Whoever hands out roles sees nobody by that alone.
    Role.ADMIN: frozenset({Permission.MANAGE_STAFF, Permission.ALERTS, Permission.READ_AUDIT}),
}
"""What each role may do."""


@dataclass(frozen=True, slots=True)
class Staff:
    """An account, without anything that it signs in by."""

    id: str
    """``stf_…``"""
    email: str
    name: str
    roles: frozenset[Role]
    tenants: tuple[str, ...]
    """Whose sessions it sees; ``("*",)`` = everybody's."""
    sandbox_only: bool
    """Whether it sees nothing of production."""
    created_at: int
    """Unix milliseconds, as all times here."""
    disabled_at: int | None = None
    totp_set: bool = False
    """Whether it has a password and an authenticator, that is, can sign in."""

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything that one of its roles grants; nothing once it is disabled."""
        if self.disabled_at is not None:
            return frozenset()
        return frozenset[Permission]().union(*(GRANTS[role] for role in self.roles))

    def may(self, permission: Permission) -> bool:
        """Whether one of its roles grants this."""
        return permission in self.permissions

    def sees(self, tenant: str, sandbox: bool) -> bool:
        """Whether it may know of what belongs to this tenant and mode; what it may not know of is *not found*."""
        return (ALL_TENANTS in self.tenants or tenant in self.tenants) and (sandbox or not self.sandbox_only)

    def covers(self, tenants: Sequence[str], sandbox_only: bool) -> bool:
        """Whether it sees everything that an account with these would see."""
        whole = ALL_TENANTS in self.tenants or set(tenants) <= set(self.tenants)
        return whole and (sandbox_only or not self.sandbox_only)
