"""Entries of the audit, and how each is tied to the one before.

The hash of an entry covers all its members and the hash of the entry before. So whoever knows the newest hash knows
that nothing before it was changed, taken out, put in or moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rtc_server.audit.canonical import canonical_sha256

Json = dict[str, Any]

GENESIS = "0" * 64
"""What the first entry names as the hash before it."""

CUT_OFF = "audit.cut_off"
"""Action of the entry that the server writes when it finds that entries behind a known head are gone."""


class Actor(NamedTuple):
    """Who did it."""

    id: str
    """``staff:stf_…``, ``key:key_…`` or ``system``."""
    name: str = ""
    """A member of staff's name as it was then; empty for keys and the system."""

    @classmethod
    def staff(cls, staff_id: str, name: str) -> "Actor":
        """A person with an account."""
        return cls(f"staff:{staff_id}", name)

    @classmethod
    def key(cls, key_id: str) -> "Actor":
        """An integrator's API key."""
        return cls(f"key:{key_id}")


SYSTEM = Actor("system")
"""The server by itself, and commands on its machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be recorded. Speech, biometrics and values of a person's data never belong in here."""

    at: int
    """Unix milliseconds."""
    actor: Actor
    action: str
    """Dotted, such as ``session.redacted``."""
    tenant: str = ""
    """Empty for what concerns no tenant."""
    sandbox: bool = False
    session_id: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    """JSON that ``canonical`` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Draft):
    """A link of the chain."""

    sequence: int
    """1, 2, 3 … without gaps."""
    previous: str
    """Hash of the entry before, hexadecimal; ``GENESIS`` for the first."""
    hash: str = ""
    """``entry_hash`` of it."""
    signature: str = ""
    """Ed25519 over the hash, see ``signing``; hexadecimal."""

    def content(self) -> Json:
        """All that the hash covers."""
        return {
            "sequence": self.sequence,
            "at": self.at,
            "actor": self.actor.id,
            "actorName": self.actor.name,
            "action": self.action,
            "tenant": self.tenant,
            "sandbox": self.sandbox,
            "sessionId": self.session_id,
            "details": dict(self.details),
            "previous": self.previous,
        }

    def json(self) -> Json:
        """The entry as it is exported and shown."""
        return {**self.content(), "hash": self.hash, "signature": self.signature}


class Head(NamedTuple):
    """The newest entry: who keeps it elsewhere can tell later whether the chain still leads there."""

    sequence: int = 0
    hash: str = GENESIS
    at: int = 0
    """Unix milliseconds of the entry; 0 before the first."""


def entry_hash(entry: Entry) -> str:
    """SHA-256 over the canonical JSON of the content, hexadecimal. Raises TypeError when that has none."""
    return canonical_sha256(entry.content())


def head_of(entry: Entry) -> Head:
    """The head that a chain has whose newest entry this is."""
    return Head(entry.sequence, entry.hash, entry.at)
