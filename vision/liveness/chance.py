"""Chance that can be repeated: SplitMix64 (Steele, Lea and Flood, 2014), seeded by the server and recorded in the plan.

The pure rooms may not import ``random``; a plan must also come out the same in every version of Python.
"""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_MASK = 2**64 - 1
_GOLDEN = 0x9E3779B97F4A7C15


class Chance:
    """A stream of draws from one seed. Not for secrets: the seed itself must come from a secure source."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def bits(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + _GOLDEN) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit - 1``, each as likely. ``limit`` must be positive."""
        unbiased = (_MASK + 1) // limit * limit
        while (drawn := self.bits()) >= unbiased:
            pass
        return drawn % limit

    def one_of(self, items: Sequence[T]) -> T:
        """One of them."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All of them in random order (Fisher and Yates)."""
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
