"""Which IP addresses a server may be sent to by its customers (server-side request forgery, OWASP SSRF)."""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What older versions of ``ipaddress`` take for global, or what is public by number and private by use.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "192.0.0.0/24",  # IETF protocol assignments (RFC 6890); clouds keep services there
        "192.88.99.0/24",  # 6to4 relays (RFC 7526)
        "168.63.129.16/32",  # a cloud's wire server, which answers from inside every machine
    )
)
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # IETF protocol assignments (RFC 2928), Teredo among them
        "2001:db8::/32",  # documentation (RFC 3849)
        "3fff::/20",  # documentation (RFC 9637)
    )
)
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
"""All that is handed out as global unicast (IANA)."""
_UNIQUE_LOCAL = ipaddress.IPv6Network("fc00::/7")
_METADATA_V6 = ipaddress.IPv6Network("fd00:ec2::/32")
"""Metadata service of a cloud, inside the unique local range."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Well-known prefix of translators (RFC 6052): the last 32 bits are an IPv4 address."""
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")
"""Carrier-grade NAT (RFC 6598)."""
_PRIVATE_V4 = tuple(ipaddress.IPv4Network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def is_reachable(address: Address, *, allow_private: bool = False) -> bool:
    """Whether a customer may have this server connect there.

    Public addresses only; with ``allow_private`` also loopback, private networks (RFC 1918, RFC 4193) and RFC 6598.
    Link-local addresses (the metadata service of clouds), multicast and reserved ones are never allowed. An IPv4
    address inside an IPv6 one (mapped, 6to4, NAT64) is judged as the IPv4 address.
    """
    if isinstance(address, ipaddress.IPv6Address):
        embedded = _embedded(address)
        if embedded is None:
            return _is_reachable_v6(address, allow_private)
        address = embedded
    if address.is_loopback or address in _SHARED or any(address in network for network in _PRIVATE_V4):
        return allow_private
    if address.is_multicast or address.is_reserved or address.is_unspecified:
        return False
    return address.is_global and not any(address in network for network in _CLOSED_V4)


def _is_reachable_v6(address: ipaddress.IPv6Address, allow_private: bool) -> bool:
    if address.scope_id is not None:
        return False
    if address.is_loopback or address in _UNIQUE_LOCAL:
        return allow_private and address not in _METADATA_V6
    if any(address in network for network in _CLOSED_V6):
        return False
    return address in _PUBLIC_V6 and address.is_global


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
