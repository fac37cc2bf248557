"""What a check shall ask of the person: drawn from a seed, unknown in advance and repeatable afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from vision.liveness.chance import Chance
from vision.liveness.commands import ChallengeKind
from vision.liveness.phrases import draw_phrase
from vision.liveness.policy import LivenessPolicy

Purpose = Literal["liveness", "scan", "portrait"]
"""``liveness``: is it a live person? ``scan``: capture the face well, with a challenge where one is asked for.
``portrait``: only enough good frames of whoever is there."""

FLASH_COLOURS = ("#ff9090", "#00c3c3", "#a6a6ff", "#b6b600")
"""Rose, teal, blue, yellow: opposite pairs in R-G and B-G, of the same relative luminance within 2 %, none of them a
saturated red, so that no change of colour is a flash in the sense of WCAG 2.3.1."""

UNPROMPTED: frozenset[ChallengeKind] = frozenset({"blink", "smile"})
"""What people also do when nobody asks, so that a recording may do it at the right time by chance."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One check."""

    purpose: Purpose
    challenges: tuple[ChallengeKind, ...] = ()
    """In order."""
    spare: ChallengeKind | None = None
    """Takes the place of the first challenge that fails; another kind than all of them."""
    phrase: str = ""
    """What ``read`` asks to be read."""
    flash: tuple[str, ...] = ()
    """Colours of the flash challenge; empty = none."""
    minimum_seconds: float = 10.0
    """Feed of a usable face that must exist before anything is decided, the seconds before the check included."""
    portrait_frames: int = 0
    """Good frontal frames that are needed."""
    limit_seconds: float = 45.0
    """From the start to a verdict, whatever happens."""
    seed: int = 0
    """What all of it was drawn from."""


def draw_plan(
    purpose: Purpose,
    seed: int,
    policy: LivenessPolicy,
    *,
    kinds: Collection[ChallengeKind],
    count: int,
    flash: bool,
    portrait_frames: int,
    limit_seconds: float,
    language: str = "en",
) -> Plan:
    """Draw a check of ``count`` challenges among the allowed kinds, fewer when there are not enough different ones.

    The same arguments give the same plan. ``portrait`` never asks for anything; only ``liveness`` shows colours.
    """
    chance = Chance(seed)
    active = purpose != "portrait"
    drawn = _draw_kinds(chance, tuple(sorted(set(kinds))), count) if active else ()
    challenges = drawn[:count]
    spare = drawn[count] if len(drawn) > count else None
    phrase = draw_phrase(chance, language) if "read" in drawn else ""
    colours = _draw_colours(chance, policy.flash_symbols) if flash and purpose == "liveness" else ()
    minimum = policy.minimum_seconds if purpose == "liveness" else 0.0
    return Plan(purpose, challenges, spare, phrase, colours, minimum, portrait_frames, limit_seconds, seed)


def _draw_kinds(chance: Chance, kinds: tuple[ChallengeKind, ...], count: int) -> tuple[ChallengeKind, ...]:
    """``count`` different kinds and one to spare; at least one of the first ``count`` does not happen by itself."""
    if count <= 0:
        return ()
    order = chance.shuffled(kinds)
    if order and all(kind in UNPROMPTED for kind in order[:count]):
        prompted = next((kind for kind in order if kind not in UNPROMPTED), None)
        if prompted is not None:
            order.remove(prompted)
            order.insert(chance.below(count), prompted)
    return tuple(order[: count + 1])


def _draw_colours(chance: Chance, symbols: int) -> tuple[str, ...]:
    """Every colour equally often, in random order."""
    rounds = -(-symbols // len(FLASH_COLOURS))
    return tuple(chance.shuffled(FLASH_COLOURS * rounds))
