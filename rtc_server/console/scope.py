"""Whose sessions an account of the staff sees."""

from rtc_server.staff.roles import Staff
from rtc_server.storage.ports import Scope


def scope_of(staff: Staff) -> Scope:
    """For the stores."""
    return Scope(staff.tenants, True if staff.sandbox_only else None)
