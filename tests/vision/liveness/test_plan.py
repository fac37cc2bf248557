"""Plans: repeatable, unpredictable enough, safe to look at."""

from collections import Counter
from itertools import pairwise
from typing import get_args

import pytest

from vision.liveness.chance import Chance
from vision.liveness.commands import ChallengeKind
from vision.liveness.flash import linear
from vision.liveness.phrases import LANGUAGES, draw_phrase
from vision.liveness.plan import FLASH_COLOURS, UNPROMPTED, Plan, Purpose, draw_plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.reading import words

POLICY = LivenessPolicy()
KINDS: tuple[ChallengeKind, ...] = get_args(ChallengeKind)


def draw(seed: int, purpose: Purpose = "liveness", count: int = 2, flash: bool = True, language: str = "en") -> Plan:
    return draw_plan(
        purpose,
        seed,
        POLICY,
        kinds=KINDS,
        count=count,
        flash=flash,
        portrait_frames=3,
        limit_seconds=60,
        language=language,
    )


def test_splitmix_gives_the_published_numbers() -> None:
    # First outputs for the seed 1234567, from the reference implementation in C by Sebastiano Vigna.
    chance = Chance(1234567)

    assert [chance.bits() for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_the_same_seed_gives_the_same_plan_in_any_order_of_kinds() -> None:
    again = draw_plan(
        "liveness",
        7,
        POLICY,
        kinds=KINDS[::-1],
        count=2,
        flash=True,
        portrait_frames=3,
        limit_seconds=60,
        language="en",
    )

    assert draw(7) == again
    assert draw(7) != draw(8)


def test_every_kind_is_drawn_about_as_often() -> None:
    counts = Counter(kind for seed in range(600) for kind in draw(seed).challenges)

    assert set(counts) == set(KINDS)
    assert min(counts.values()) > 120
    assert max(counts.values()) < 300


def test_no_kind_comes_twice_and_the_spare_is_another_one() -> None:
    for seed in range(300):
        plan = draw(seed, count=3)
        asked = (*plan.challenges, plan.spare)

        assert len(set(asked)) == 4
        assert all(one != other for one, other in pairwise(asked))


def test_one_challenge_at_least_does_not_happen_by_itself() -> None:
    for seed in range(300):
        assert set(draw(seed).challenges) - UNPROMPTED


def test_few_kinds_make_a_short_plan() -> None:
    plan = draw_plan("liveness", 1, POLICY, kinds=["blink"], count=3, flash=False, portrait_frames=0, limit_seconds=30)

    assert plan.challenges == ("blink",)
    assert plan.spare is None
    assert plan.flash == ()


def test_a_portrait_asks_for_nothing_and_only_liveness_shows_colours() -> None:
    portrait, scan = draw(5, "portrait"), draw(5, "scan")

    assert portrait.challenges == portrait.flash == ()
    assert portrait.spare is None
    assert portrait.phrase == ""
    assert portrait.minimum_seconds == 0
    assert scan.challenges
    assert scan.flash == ()


@pytest.mark.parametrize("language", [*LANGUAGES, "de-AT", "pt", ""])
def test_phrases_are_three_or_four_different_words(language: str) -> None:
    for seed in range(100):
        phrase = words(draw_phrase(Chance(seed), language))

        assert len(phrase) in (3, 4)
        assert len(set(phrase)) == len(phrase)


def test_a_phrase_is_in_the_language_of_the_call() -> None:
    assert draw_phrase(Chance(3), "de-DE") == draw_phrase(Chance(3), "de")
    assert draw_phrase(Chance(3), "de") != draw_phrase(Chance(3), "en")
    assert draw_phrase(Chance(3), "pt") == draw_phrase(Chance(3), "en")


def test_colours_are_balanced_and_shuffled() -> None:
    plan = draw(11)

    assert len(plan.flash) >= 8
    assert set(Counter(plan.flash).values()) == {len(plan.flash) // 4}
    assert len({draw(seed).flash for seed in range(50)}) == 50


def test_colours_are_safe_for_photosensitive_people() -> None:
    """WCAG 2.3.1: a flash is a pair of opposing changes of relative luminance by 10 % and more; at most three a second.
    A saturated red has R / (R + G + B) of 0.8 and more."""
    light = {colour: [linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5)] for colour in FLASH_COLOURS}
    luminance = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in light.values()]

    assert max(luminance) - min(luminance) < 0.02
    assert all(red / (red + green + blue) < 0.8 for red, green, blue in light.values())
    assert 1000 / POLICY.flash_symbol_ms / 2 <= 3
