"""Where everything stands in a zone."""

import pytest

from tests.vision.document.mrz.readers import CARD, LONG_NUMBER, PASSPORT
from vision.document.mrz.layouts import FILLER, LAYOUTS, MrzFormat, Span, variant_of


@pytest.mark.parametrize(
    ("name", "height", "width", "checks"),
    [
        ("TD1", 3, 30, 4),
        ("TD2", 2, 36, 4),
        ("TD3", 2, 44, 5),
        ("MRV-A", 2, 44, 3),
        ("MRV-B", 2, 36, 3),
    ],
)
def test_formats_of_the_standard(name: MrzFormat, height: int, width: int, checks: int) -> None:
    layout = LAYOUTS[name]
    assert (layout.height, layout.width, len(layout.checks)) == (height, width, checks)
    assert all(len(row) == width and all(row) for row in layout.alphabets)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_every_place_is_of_one_field_or_a_check_digit(name: MrzFormat) -> None:
    layout = LAYOUTS[name]
    places = [place for span in layout.fields.values() for place in span.places()]
    places += [place for check in layout.checks for place in check.digit.places()]
    every = {place for line in range(layout.height) for place in Span(line, 0, layout.width).places()}
    assert len(places) == len(set(places))
    assert set(places) == every


def test_a_long_number_moves_its_check_digit() -> None:
    layout = variant_of(LAYOUTS["TD1"], LONG_NUMBER)
    check = layout.check("document_number")
    assert "".join(span.of(LONG_NUMBER) for span in check.covers) == "D23145890734"
    assert check.digit.of(LONG_NUMBER) == "9"
    assert layout.fields["optional_1"] == Span(0, 20, 30)


@pytest.mark.parametrize(("name", "lines"), [("TD1", CARD), ("TD3", PASSPORT)])
def test_other_numbers_do_not(name: MrzFormat, lines: tuple[str, ...]) -> None:
    assert variant_of(LAYOUTS[name], lines) is LAYOUTS[name]


def test_without_a_long_number_there_is_no_filler_for_a_check_digit() -> None:
    assert FILLER in LAYOUTS["TD1"].alphabets[0][14]
    assert FILLER not in LAYOUTS["TD1"].without_overflow().alphabets[0][14]
    assert LAYOUTS["TD3"].without_overflow() is LAYOUTS["TD3"]
