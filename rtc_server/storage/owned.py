"""The filters that keep tenants, and sandbox and production, apart."""

from sqlalchemy import ColumnElement, Table

from rtc_server.storage.ports import Owner, Scope
from rtc_server.storage.ports.owner import EVERY_TENANT


def owned_by(owner: Owner, table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions on the rows of one owner, for ``where(*owned_by(…))``."""
    return table.c.tenant == owner.tenant, table.c.sandbox == owner.sandbox


def seen_by(scope: Scope, table: Table) -> list[ColumnElement[bool]]:
    """Conditions on the rows that a scope holds, for ``where(*seen_by(…))``."""
    conditions: list[ColumnElement[bool]] = []
    if EVERY_TENANT not in scope.tenants:
        conditions.append(table.c.tenant.in_(scope.tenants))
    if scope.sandbox is not None:
        conditions.append(table.c.sandbox == scope.sandbox)
    return conditions
