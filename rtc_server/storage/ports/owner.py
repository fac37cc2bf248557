"""Whose something is, who may see it, and the type of what is stored as JSON."""

from typing import Any, NamedTuple

Json = dict[str, Any]


class Owner(NamedTuple):
    """Whose something is: a tenant, in the sandbox or in production. The two never see each other's data."""

    tenant: str
    sandbox: bool


EVERY_TENANT = "*"


class Scope(NamedTuple):
    """Whose sessions somebody of the staff may see."""

    tenants: tuple[str, ...]
    """Names; ``*`` among them = all tenants."""
    sandbox: bool | None = None
    """Only the sandbox, or only production; None = both."""

    def holds(self, owner: Owner) -> bool:
        """Whether it holds what belongs to an owner."""
        tenant = EVERY_TENANT in self.tenants or owner.tenant in self.tenants
        return tenant and self.sandbox in (None, owner.sandbox)
