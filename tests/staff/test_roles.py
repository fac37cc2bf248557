"""Who may what, and who sees whom."""

import pytest

from rtc_server.staff.roles import GRANTS, Permission, Role, Staff


def staff(*roles: Role, tenants: tuple[str, ...] = ("*",), sandbox_only: bool = False, disabled: bool = False) -> Staff:
    return Staff("stf_1", "a@example.org", "A", frozenset(roles), tenants, sandbox_only, 0, 1 if disabled else None)


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        (Role.VIEWER, "list_live fleet", "watch listen open_report see_contact manage_staff"),
        (Role.AGENT, "list_live watch listen whisper take_over decide", "open_report open_images see_contact review"),
        (Role.REVIEWER, "list_live open_report review open_images see_contact", "watch listen whisper take_over"),
        (Role.SUPERVISOR, "watch take_over decide review open_images see_contact alerts", "manage_staff read_audit"),
        (Role.AUDITOR, "read_audit fleet open_report", "see_contact open_images watch list_live review"),
        (Role.ADMIN, "manage_staff alerts read_audit", "list_live watch open_report see_contact open_images fleet"),
    ],
)
def test_each_role(role: Role, allowed: str, refused: str) -> None:
    assert all(staff(role).may(Permission(name)) for name in allowed.split())
    assert not any(staff(role).may(Permission(name)) for name in refused.split())


def test_roles_add_up() -> None:
    both = staff(Role.ADMIN, Role.VIEWER)
    assert both.permissions == GRANTS[Role.ADMIN] | GRANTS[Role.VIEWER]


def test_without_a_role_or_disabled_nothing_is_allowed() -> None:
    assert staff().permissions == frozenset()
    assert staff(*Role, disabled=True).permissions == frozenset()


def test_every_permission_is_somebodys() -> None:
    assert frozenset().union(*GRANTS.values()) == frozenset(Permission)


@pytest.mark.parametrize(
    ("tenants", "sandbox_only", "tenant", "sandbox", "seen"),
    [
        (("acme",), False, "acme", False, True),
        (("acme",), False, "bank", False, False),
        (("acme", "bank"), False, "bank", True, True),
        (("*",), False, "anybody", False, True),
        (("*",), True, "anybody", False, False),
        (("acme",), True, "acme", True, True),
        (("acme",), True, "bank", True, False),
        ((), False, "acme", False, False),
    ],
)
def test_tenants_and_modes(
    tenants: tuple[str, ...], sandbox_only: bool, tenant: str, sandbox: bool, seen: bool
) -> None:
    assert staff(tenants=tenants, sandbox_only=sandbox_only).sees(tenant, sandbox) is seen


@pytest.mark.parametrize(
    ("own", "own_sandbox_only", "tenants", "sandbox_only", "covered"),
    [
        (("*",), False, ("*",), False, True),
        (("*",), True, ("acme",), False, False),
        (("*",), True, ("acme",), True, True),
        (("acme", "bank"), False, ("bank",), False, True),
        (("acme",), False, ("acme", "bank"), False, False),
        (("acme",), False, ("*",), True, False),
    ],
)
def test_who_sees_all_that_another_sees(
    own: tuple[str, ...], own_sandbox_only: bool, tenants: tuple[str, ...], sandbox_only: bool, covered: bool
) -> None:
    assert staff(tenants=own, sandbox_only=own_sandbox_only).covers(tenants, sandbox_only) is covered
