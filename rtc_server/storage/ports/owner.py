"""Whose something is, and the type of what is stored as JSON."""

from typing import Any, NamedTuple

Json = dict[str, Any]


class Owner(NamedTuple):
    """Whose something is: a tenant, in the sandbox or in production. The two never see each other's data."""

    tenant: str
    sandbox: bool
