"""Which pictures show which side."""

from dataclasses import replace

from tests.vision.document.pictures import (
    card_back,
    card_front,
    licence_back,
    licence_front,
    line,
    passport,
    person,
    reading,
)
from vision.document.sides import is_readable, sides_of

SOMEBODY = person(3)


def names(*readings: object) -> list[str]:
    return [side.name for side in sides_of(readings)]  # type: ignore[arg-type]


def test_sides_by_what_they_show() -> None:
    assert names(passport(SOMEBODY)) == ["front"]
    assert names(card_front(SOMEBODY), card_back(SOMEBODY)) == ["front", "back"]
    assert names(licence_back(SOMEBODY), licence_front(SOMEBODY)) == ["back", "front"]


def test_two_pictures_of_one_side_are_one_side() -> None:
    sides = sides_of([card_front(SOMEBODY), card_back(SOMEBODY), card_front(SOMEBODY, 2)])
    assert [[one.number for one in side.readings] for side in sides] == [[0, 2], [1]]


def test_a_side_that_is_not_known_joins_the_one_with_its_words() -> None:
    faceless = replace(card_front(SOMEBODY), portrait=None)
    assert names(faceless) == ["unknown"]
    assert names(faceless, card_front(SOMEBODY, 1)) == ["front"]
    stranger = reading(1, text=tuple(line(text, 0.1, 0.1) for text in ("LIBRARY", "OF ZENITH", "MEMBER")))
    assert names(card_front(SOMEBODY), stranger) == ["front", "unknown"]


def test_a_picture_that_says_nothing_shows_no_side() -> None:
    assert names(reading(), card_front(SOMEBODY, 1)) == ["front"]
    assert not is_readable(reading(text=(line("x", 0.1, 0.1),)))
