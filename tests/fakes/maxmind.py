"""Writes tiny MaxMind databases (MaxMind DB file format 2.0, IPv4, records of 24 bits) for tests."""

import ipaddress
import struct
from collections.abc import Mapping
from typing import Any

_MARKER = b"\xab\xcd\xefMaxMind.com"
_SEPARATOR_BYTES = 16
_NOTHING = -1


def location_database(networks: Mapping[str, Any]) -> bytes:
    """A database that gives each network (``192.0.2.0/24``) its record."""
    data = b""
    tree: list[list[int]] = [[_NOTHING, _NOTHING]]
    leaves: dict[int, int] = {}
    """Negative name of a leaf → offset of its record in the data section."""
    for network, record in networks.items():
        leaves[leaf := -2 - len(leaves)] = len(data)
        data += _encode(record)
        _insert(tree, ipaddress.ip_network(network), leaf)

    def pointer(value: int) -> bytes:
        if value == _NOTHING:
            value = len(tree)
        elif value < 0:
            value = len(tree) + _SEPARATOR_BYTES + leaves[value]
        return value.to_bytes(3, "big")

    search = b"".join(pointer(left) + pointer(right) for left, right in tree)
    about = {
        "node_count": len(tree),
        "record_size": 24,
        "ip_version": 4,
        "database_type": "Test-City",
        "languages": ["en"],
        "binary_format_major_version": 2,
        "binary_format_minor_version": 0,
        "build_epoch": 1_790_000_000,
        "description": {"en": "Test"},
    }
    return search + bytes(_SEPARATOR_BYTES) + data + _MARKER + _encode(about)


def _insert(tree: list[list[int]], network: Any, leaf: int) -> None:
    bits = [int(network.network_address) >> (31 - place) & 1 for place in range(network.prefixlen)]
    node = 0
    for bit in bits[:-1]:
        if tree[node][bit] == _NOTHING:
            tree[node][bit] = len(tree)
            tree.append([_NOTHING, _NOTHING])
        node = tree[node][bit]
    tree[node][bits[-1]] = leaf


def _encode(value: Any) -> bytes:
    match value:
        case bool():
            return bytes([value, 14 - 7])
        case str():
            text = value.encode()
            return _head(2, len(text)) + text
        case float():
            return _head(3, 8) + struct.pack(">d", value)
        case int():
            return _head(6, 4) + value.to_bytes(4, "big")
        case list():
            return bytes([len(value), 11 - 7]) + b"".join(_encode(entry) for entry in value)
        case Mapping():
            return _head(7, len(value)) + b"".join(_encode(key) + _encode(entry) for key, entry in value.items())
    raise TypeError(type(value))


def _head(kind: int, size: int) -> bytes:
    return bytes([kind << 5 | size]) if size < 29 else bytes([kind << 5 | 29, size - 29])
