"""Settings of the calls to addresses that customers name."""

import re
from dataclasses import dataclass

from rtc_server.outbound.policy import OutboundPolicy

_HOST = re.compile(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:]+")
"""A name (IDNA names in their ``xn--`` form), a pattern, or an IP address."""


@dataclass(frozen=True, slots=True)
class OutboundSettings:
    """What addresses may be like."""

    allow_private: bool = False
    """Whether addresses in private networks and on this machine may be called too. Cloud metadata never may."""
    allow_http: bool = False
    """Whether addresses without TLS may be called too."""

    def policy(
        self, *, timeout_seconds: float, max_response_bytes: int, allowed_hosts: tuple[str, ...] = ()
    ) -> OutboundPolicy:
        """Limits for one kind of calls."""
        return OutboundPolicy(allowed_hosts, self.allow_private, self.allow_http, timeout_seconds, max_response_bytes)


@dataclass(frozen=True, slots=True)
class ExternalSettings:
    """Calls of flows to integrators' servers."""

    allowed_hosts: str = ""
    """Hosts that flows may call, separated by commas, such as ``api.example.org, *.shop.example``; empty = none."""
    timeout_seconds: float = 5.0
    """Longest time that one attempt may take."""

    def hosts(self) -> tuple[str, ...]:
        """The list as patterns."""
        return tuple(part.strip().lower() for part in self.allowed_hosts.split(",") if part.strip())

    def problem(self) -> tuple[str, str] | None:
        """(field, what is wrong with it), or None."""
        wrong = next((host for host in self.hosts() if not _HOST.fullmatch(host)), None)
        if wrong is None:
            return None
        return "allowed_hosts", f"has '{wrong}'; write host names such as api.example.org or *.example.org, no URLs"
