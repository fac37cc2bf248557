"""Who has guessed too often has to wait, longer each time. Time is told by the caller, in seconds."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field

WINDOW_SECONDS = 15 * 60.0
"""How long a failure counts, and how long it has to be quiet before waits are short again."""

ACCOUNT_FAILURES = 5
ADDRESS_FAILURES = 20
"""More than one account's, because an office may share an address."""

FIRST_WAIT_SECONDS = 30.0
LONGEST_WAIT_SECONDS = WINDOW_SECONDS

MAX_REMEMBERED = 10_000
"""Accounts and addresses that are remembered, of each kind; who is forgotten has not tried for longest."""

_IPV6_NETWORK_BITS = 64
"""What one household is given (RFC 6177); single addresses of it cost nothing."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What becomes of a try."""

    wait_seconds: float = 0.0
    """How long to wait before the next one; above 0 this one may not be made."""
    last_free: bool = False
    """Whether the next one has to wait if this one fails, for the first time in a while."""


@dataclass(slots=True)
class _Failures:
    at: list[float] = field(default_factory=list)
    waits: int = 0
    """How many waits there were without a quiet quarter of an hour between them."""
    wait_until: float = 0.0


class _Table:
    def __init__(self, free: int) -> None:
        self._free = free
        self._failures: OrderedDict[str, _Failures] = OrderedDict()

    def wait(self, name: str, now: float) -> float:
        known = self._failures.get(name)
        return 0.0 if known is None else max(0.0, known.wait_until - now)

    def count(self, name: str, now: float) -> bool:
        """Count a failure; whether it is the last one that is free."""
        failures = self._failures.setdefault(name, _Failures())
        self._failures.move_to_end(name)
        if len(self._failures) > MAX_REMEMBERED:
            self._failures.popitem(last=False)
        failures.at = [at for at in failures.at if now - at < WINDOW_SECONDS] + [now]
        if now - failures.wait_until >= WINDOW_SECONDS:
            failures.waits = 0
        if failures.waits == 0 and len(failures.at) < self._free:
            return False
        failures.wait_until = now + min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2**failures.waits)
        failures.waits += 1
        return failures.waits == 1

    def take_back(self, name: str, now: float) -> None:
        """The newest failure was none."""
        if (known := self._failures.get(name)) is not None and known.at:
            known.at.pop()
            known.waits = max(0, known.waits - 1)
            known.wait_until = min(known.wait_until, now)

    def forget(self, name: str) -> None:
        self._failures.pop(name, None)


class Lockout:
    """Failures by account and by address, kept in the process.

    A try counts as a failure from its beginning, so that many at once are not taken for the first one. Accounts that do
    not exist are treated alike, or their names could be told from the answers.
    """

    def __init__(self) -> None:
        self._accounts = _Table(ACCOUNT_FAILURES)
        self._addresses = _Table(ADDRESS_FAILURES)

    def attempt(self, account: str, address: str, now: float) -> Attempt:
        """Before a try. With a wait it must not be made, and is not counted."""
        network = network_of(address)
        wait = max(self._accounts.wait(account, now), self._addresses.wait(network, now))
        if wait > 0:
            return Attempt(wait)
        last_of_account = self._accounts.count(account, now)
        last_of_address = self._addresses.count(network, now)
        return Attempt(last_free=last_of_account or last_of_address)

    def succeeded(self, account: str, address: str, now: float) -> None:
        """The try was right. The address keeps its other failures: else an own account would wash guesses clean."""
        self._accounts.forget(account)
        self._addresses.take_back(network_of(address), now)


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the network of an IPv6 address; other text as it is."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((int(known), _IPV6_NETWORK_BITS), strict=False))
