"""The one filter that keeps tenants, and sandbox and production, apart."""

from sqlalchemy import ColumnElement, Table

from rtc_server.storage.ports import Owner


def owned_by(owner: Owner, table: Table) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions on the rows of one owner, for ``where(*owned_by(…))``."""
    return table.c.tenant == owner.tenant, table.c.sandbox == owner.sandbox
