"""The ways out of a node."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class OutcomeKey:
    """One key that a node's ``outcomes`` must have."""

    name: str
    aliases: tuple[str, ...] = ()
    """Other spellings of the contract's sources; a report uses the one that the flow uses."""
    required: bool = True


def required_keys(*names: str) -> tuple[OutcomeKey, ...]:
    """Keys that have one spelling and must be there."""
    return tuple(OutcomeKey(name) for name in names)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way out of a node whose outcomes are conditions."""

    id: str
    target: str
    """Id of the next node."""
    condition: str
    """When it applies; empty or ``true`` = always."""

    @property
    def unconditional(self) -> bool:
        """Whether it applies whatever is said."""
        return self.condition.strip().lower() in ("", "true")


class FixedOutcomes:
    """A node whose outcome keys are given by its type."""

    __slots__ = ()
    OUTCOMES: ClassVar[tuple[OutcomeKey, ...]] = ()
    outcomes: Mapping[str, str]
    """Key as the author spelled it → id of the next node."""

    @property
    def targets(self) -> tuple[tuple[str, str], ...]:
        """(outcome key, target id) pairs."""
        return tuple(self.outcomes.items())

    def way(self, name: str) -> tuple[str, str]:
        """(key as the author spelled it, target id) of an outcome by its canonical name. Raises KeyError."""
        key = next((key for key in self.OUTCOMES if key.name == name), OutcomeKey(name))
        for spelling in (key.name, *key.aliases):
            if spelling in self.outcomes:
                return spelling, self.outcomes[spelling]
        raise KeyError(name)
