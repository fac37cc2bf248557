"""What a check shall ask of the person: drawn from a seed, unknown in advance and repeatable afterwards."""

from dataclasses import dataclass
from typing import Literal

from vision.liveness.commands import ChallengeKind

Purpose = Literal["liveness", "scan", "portrait"]
"""``liveness``: is it a live person? ``scan``: capture the face well, with a challenge where one is asked for.
``portrait``: only enough good frames of whoever is there."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One check."""

    purpose: Purpose
    challenges: tuple[ChallengeKind, ...] = ()
    """In order."""
    phrase: str = ""
    """What ``read`` asks to be read."""
    flash: tuple[str, ...] = ()
    """Colours of the flash challenge; empty = none."""
    minimum_seconds: float = 5.0
    """Feed of a usable face that must exist before anything is decided (contract §3.5, rule 4)."""
    portrait_frames: int = 0
    """Good frontal frames that are needed."""
    limit_seconds: float = 45.0
    """From the start to a verdict, whatever happens."""
