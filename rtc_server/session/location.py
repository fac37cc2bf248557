"""Where an IP address is, from a MaxMind database file of the operator (contract §4.6). Off unless there is a file.

The address itself is used for the look-up and not kept. The reader holds the whole file in memory.
"""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import maxminddb

_ADDRESS_FIELDS = frozenset({"ip_address", "network"})
"""Members of ``traits`` that tell the address."""


class LocationError(ValueError):
    """A location database that cannot be used; the text names the file and what to do."""


class LocationDatabase:
    """Looks addresses up in a GeoIP2 or GeoLite2 file (City, Country, Enterprise …)."""

    def __init__(self, file: Path) -> None:
        """Raises LocationError when the file is missing or no such database."""
        try:
            self._reader = maxminddb.open_database(str(file), maxminddb.MODE_MEMORY)
        except OSError as error:
            raise LocationError(f"the location database {file} cannot be read: {error.strerror or error}") from error
        except (maxminddb.InvalidDatabaseError, ValueError) as error:
            message = f"{file} is no MaxMind database, or a damaged one; download it again"
            raise LocationError(message) from error

    def locate(self, address: str) -> dict[str, Any] | None:
        """The record of an address in camelCase; None for a private, unknown or malformed one."""
        try:
            wanted = ipaddress.ip_address(address)
            mapped = wanted.ipv4_mapped if isinstance(wanted, ipaddress.IPv6Address) else None
            record = self._reader.get(mapped or wanted)
        except (ValueError, maxminddb.InvalidDatabaseError):
            return None  # no address, or IPv6 in a file of IPv4
        return _camel_case(record) if isinstance(record, Mapping) and record else None

    def close(self) -> None:
        """Let the memory go."""
        self._reader.close()


def _camel_case(value: Any) -> Any:
    """Field names as the contract spells them; the keys of ``names`` are languages and stay."""
    if isinstance(value, list):
        return [_camel_case(entry) for entry in value]
    if not isinstance(value, Mapping):
        return value
    return {
        _name(key): entry if key == "names" else _camel_case(entry)
        for key, entry in value.items()
        if key not in _ADDRESS_FIELDS
    }


def _name(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(part.capitalize() for part in rest)
