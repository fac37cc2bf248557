"""What a customer's address must look like before anything is resolved or connected."""

import ipaddress
import re
from dataclasses import dataclass

from yarl import URL

from rtc_server.outbound.addresses import is_reachable

MAX_URL_CHARACTERS = 2_048

_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)
"""A last label of this form makes a host an IPv4 address for browsers and resolvers (WHATWG URL, "ends in a
number"), in spellings such as ``2130706433`` and ``0x7f.1``."""


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """Limits of the calls to one kind of address."""

    allowed_hosts: tuple[str, ...] = ()
    """``api.example.org`` or ``*.example.org`` (names below it, not itself); empty = any public host."""
    allow_private: bool = False
    """Loopback and private networks too."""
    allow_http: bool = False
    """Without TLS too."""
    timeout_seconds: float = 10.0
    """For one call as a whole."""
    max_response_bytes: int = 65_536
    """After decompression."""


def judge_url(url: str, policy: OutboundPolicy) -> str:
    """Empty when the URL may be called, as far as can be said without resolving its host; else the reason.

    ``not_a_url``, ``scheme_not_allowed``, ``credentials_in_url``, ``host_not_allowed`` or ``address_not_allowed``.
    """
    if len(url) > MAX_URL_CHARACTERS or any(c.isspace() or not c.isprintable() for c in url) or "\\" in url:
        return "not_a_url"
    try:
        parsed = URL(url)
        host, port = parsed.raw_host, parsed.port
    except (ValueError, UnicodeError):
        return "not_a_url"
    if parsed.scheme not in ("http", "https"):
        return "scheme_not_allowed" if parsed.scheme and host else "not_a_url"
    if parsed.scheme == "http" and not policy.allow_http:
        return "scheme_not_allowed"
    if not host or not port or "%" in host:
        return "not_a_url"
    if parsed.raw_user is not None or parsed.raw_password is not None:
        return "credentials_in_url"
    return _judge_host(host.rstrip(".").lower(), policy)


def _judge_host(host: str, policy: OutboundPolicy) -> str:
    if policy.allowed_hosts and not any(_fits(host, pattern) for pattern in policy.allowed_hosts):
        return "host_not_allowed"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "address_not_allowed" if _NUMBER.fullmatch(host.rpartition(".")[2]) else ""
    return "" if is_reachable(address, allow_private=policy.allow_private) else "address_not_allowed"


def _fits(host: str, pattern: str) -> bool:
    wanted = pattern.strip().rstrip(".").lower()
    if wanted.startswith("*."):
        return host.endswith(wanted[1:]) and len(host) > len(wanted) - 1
    return host == wanted
