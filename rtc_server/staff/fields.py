"""What may stand in the fields of an account."""

from collections.abc import Sequence

from conversation.text.contacts import normal_email
from rtc_server.staff.errors import StaffError
from rtc_server.staff.roles import ALL_TENANTS, Role

MAX_NAME_CHARACTERS = 200
MAX_TENANTS = 100
MAX_TENANT_CHARACTERS = 64


def checked_email(email: str) -> str:
    """In its normal form, all in lower case. Raises StaffError."""
    address = normal_email(email)
    if address is None:
        raise StaffError("invalid_value", "This is no e-mail address; write one like mia@example.org.", "email")
    return address.lower()


def checked_name(name: str) -> str:
    """Without spaces around it. Raises StaffError."""
    plain = name.strip()
    if not 0 < len(plain) <= MAX_NAME_CHARACTERS or not plain.isprintable():
        message = f"The name takes 1 to {MAX_NAME_CHARACTERS} printable characters."
        raise StaffError("invalid_value", message, "name")
    return plain


def checked_roles(roles: Sequence[str]) -> tuple[str, ...]:
    """Each once, in the order of ``Role``. Raises StaffError."""
    if unknown := [role for role in roles if role not in frozenset(Role)]:
        message = f"There is no role '{unknown[0][:60]}'; choose among {', '.join(Role)}."
        raise StaffError("invalid_value", message, "roles")
    if not roles:
        raise StaffError("invalid_value", f"An account needs a role; choose among {', '.join(Role)}.", "roles")
    return tuple(role for role in Role if role in roles)


def checked_tenants(tenants: Sequence[str]) -> tuple[str, ...]:
    """Each once; ``*`` stands alone. Raises StaffError."""
    if not 0 < len(tenants) <= MAX_TENANTS:
        message = f"An account sees 1 to {MAX_TENANTS} tenants, or '{ALL_TENANTS}' for all."
        raise StaffError("invalid_value", message, "tenants")
    if any(not 0 < len(tenant) <= MAX_TENANT_CHARACTERS or not tenant.isprintable() for tenant in tenants):
        message = f"The name of a tenant has 1 to {MAX_TENANT_CHARACTERS} printable characters."
        raise StaffError("invalid_value", message, "tenants")
    return (ALL_TENANTS,) if ALL_TENANTS in tenants else tuple(dict.fromkeys(tenants))
