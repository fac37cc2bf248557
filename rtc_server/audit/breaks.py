"""Finding where the chain does not hold: entry after entry, with what is known of its head from elsewhere."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rtc_server.audit.chain import CUT_OFF, GENESIS, Entry, Head, Json, entry_hash, head_of
from rtc_server.audit.signing import PublicKey

BreakKind = Literal["edited", "missing", "reordered", "cut_off", "foreign_signature", "head"]

MAX_BREAKS = 1_000
"""More are only counted."""

_WORDS: Mapping[BreakKind, str] = {
    "edited": "was changed after it was written",
    "missing": "is not there",
    "reordered": "stands where another one stood",
    "cut_off": "was there once, and is not any more",
    "foreign_signature": "was not signed by this server's key, or its signature was changed",
    "head": "the head that is kept outside the database counts for nothing",
}


@dataclass(frozen=True, slots=True)
class Break:
    """A place, or several in a row, where the chain does not hold."""

    kind: BreakKind
    sequence: int
    until: int
    """The last of several; the same for a single one."""
    shift: int = 0
    """Of ``reordered``: how many places further down it stood when it was signed."""
    note: str = ""
    """Of ``head``, which has no place: why."""

    @property
    def sentence(self) -> str:
        """For people."""
        if self.note:
            return f"{_WORDS[self.kind]}: {self.note}"
        place = f"entry {self.sequence}" if self.until == self.sequence else f"entries {self.sequence} to {self.until}"
        stood = f" (it stood {abs(self.shift)} {'later' if self.shift > 0 else 'earlier'})" if self.shift else ""
        return f"{place}: {_WORDS[self.kind]}{stood}"

    def json(self) -> Json:
        """For programs."""
        return {"kind": self.kind, "sequence": self.sequence, "until": self.until, "message": self.sentence}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a whole walk found."""

    entries: int
    head: Head
    """The newest entry that is there."""
    breaks: Sequence[Break]
    """In the order of their places, ``MAX_BREAKS`` at most."""
    uncounted: int = 0
    """Further breaks."""

    @property
    def whole(self) -> bool:
        """Whether the chain holds."""
        return not self.breaks


class ChainCheck:
    """Takes all entries in the order of their numbers, a few at a time, and says what is wrong with them."""

    def __init__(self, keys: Sequence[PublicKey], heads: Iterable[Head], *, every_signature: bool = True) -> None:
        """``heads``: what is known from elsewhere; each must be an entry of the chain.

        Without ``every_signature`` only the newest entry's is checked, and those of entries with something wrong. The
        newest one's covers the content of all before it, so no less is found, but a place may be named less well.
        """
        self._keys = keys
        self._heads = [head for head in heads if head.sequence > 0]
        self._known = {head.sequence for head in self._heads}
        self._every_signature = every_signature
        self._breaks: list[Break] = []
        self._displaced: list[Entry] = []
        self._found: dict[int, frozenset[str]] = {}
        """Hashes of the entries that a head names: as stored, and as computed."""
        self._next = 1
        self._last: Entry | None = None
        self._sound = True
        """Whether the last entry is as it was signed."""
        self.entries = 0

    def add(self, entries: Iterable[Entry]) -> None:
        """The next entries."""
        for entry in entries:
            self._add(entry)

    def wanted(self) -> list[str]:
        """Hashes whose places ``finish`` must know: what entries follow that are not where they were."""
        return sorted({entry.previous for entry in self._displaced})

    def finish(self, positions: Mapping[str, int]) -> Verdict:
        """``positions``: by hash, where the entries of ``wanted`` stand."""
        shift = 0
        for entry in self._displaced:
            shift = self._judge_displaced(entry, positions, shift)
        if self._last is not None and self._sound and not self._every_signature and not self._signed(self._last):
            self._report("foreign_signature", self._last.sequence)
        head = head_of(self._last) if self._last is not None else Head()
        for known in self._heads:
            if known.sequence > head.sequence:
                self._report("cut_off", head.sequence + 1, known.sequence)
            elif known.hash not in self._found.get(known.sequence, frozenset((known.hash,))):
                self._report("cut_off", known.sequence)
        breaks = _merged(self._breaks)
        return Verdict(self.entries, head, breaks[:MAX_BREAKS], max(0, len(breaks) - MAX_BREAKS))

    def _add(self, entry: Entry) -> None:
        self.entries += 1
        computed = _computed(entry)
        fits = computed == entry.hash
        gap = entry.sequence > self._next
        sound = fits and (not self._every_signature or self._signed(entry))
        if sound and entry.action == CUT_OFF and self._signed(entry):
            # The server noticed: what is gone is what lies between, or else what it names.
            self._report("cut_off", *((self._next, entry.sequence - 1) if gap else (int(entry.details["sequence"]),)))
        elif gap:
            self._report("missing", self._next, entry.sequence - 1)
        if not fits:
            self._judge_misfit(entry)
        elif not sound:
            self._report("foreign_signature", entry.sequence)
        elif not gap and self._sound:
            self._judge_link(entry)
        if entry.sequence in self._known:
            self._found[entry.sequence] = frozenset((entry.hash, computed))
        self._last, self._sound = entry, sound
        self._next = max(self._next, entry.sequence + 1)

    def _judge_misfit(self, entry: Entry) -> None:
        """Content and hash do not fit. When the hash is ours, the entry may be another one's, in its place."""
        if self._signed(entry):
            self._displaced.append(entry)
        else:
            self._report("edited", entry.sequence)

    def _judge_link(self, entry: Entry) -> None:
        expected = self._last.hash if self._last is not None else GENESIS
        if entry.previous == expected:
            return
        if self._last is not None and not self._signed(self._last):
            self._report("foreign_signature", self._last.sequence)
        else:
            self._report("missing", entry.sequence - 1)

    def _judge_displaced(self, entry: Entry, positions: Mapping[str, int], shift: int) -> int:
        """Whether only its number is wrong; the shift that was found, or the one before."""
        candidates = {entry.sequence + shift, entry.sequence - 1, entry.sequence + 1}
        if entry.previous == GENESIS:
            candidates.add(1)
        elif entry.previous in positions:
            candidates.add(positions[entry.previous] + 1)
        for candidate in candidates:
            if _computed(dataclasses.replace(entry, sequence=candidate)) == entry.hash:
                shift = candidate - entry.sequence
                self._breaks.append(Break("reordered", entry.sequence, entry.sequence, shift))
                return shift
        self._report("edited", entry.sequence)
        return shift

    def _signed(self, entry: Entry) -> bool:
        try:
            message = bytes.fromhex(entry.hash)
        except ValueError:
            return False
        return any(key.signed("audit-entry/1", message, entry.signature) for key in self._keys)

    def _report(self, kind: BreakKind, sequence: int, until: int | None = None) -> None:
        self._breaks.append(Break(kind, sequence, sequence if until is None else until))


def _computed(entry: Entry) -> str:
    """The hash that the content has; empty when somebody wrote what has none."""
    try:
        return entry_hash(entry)
    except (TypeError, ValueError):
        return ""


def _merged(breaks: Iterable[Break]) -> list[Break]:
    """In the order of their places; those of one kind in a row become one, twins too."""
    merged: list[Break] = []
    for found in sorted(breaks, key=lambda one: (one.kind, one.shift, one.sequence)):
        last = merged[-1] if merged else None
        if last and (last.kind, last.shift) == (found.kind, found.shift) and found.sequence <= last.until + 1:
            merged[-1] = dataclasses.replace(last, until=max(last.until, found.until))
        else:
            merged.append(found)
    return sorted(merged, key=lambda one: (one.sequence, one.kind))
