"""Specimens: documents of nobody, with what a perfect reader would find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal

from tests.fakes.person import render_person
from tests.fakes.specimens import layouts
from tests.fakes.specimens.persons import UNKNOWN_COUNTRY, Person, Script, draw_person
from tests.fakes.specimens.zones import Kind, aamva_text, mrz_lines, with_wrong_digit
from vision.ports import RgbImage

Side = Literal["front", "back"]
Fault = Literal["wrong_mrz_digit", "expired", "other_barcode", "printed_differs", "unknown_country"]
"""``other_barcode``: of another person, on a licence; ``printed_differs``: surname and birthday of another person are
printed beside the right zone or bar code."""
Shares = tuple[float, float, float, float]

TODAY = date(2026, 11, 1)
"""The day by which ages and expiry are drawn unless a test says another."""


@dataclass(frozen=True, eq=False)
class Specimen:
    """One document. Boxes are (x, y, width, height) in shares of a side."""

    kind: Kind
    sides: Mapping[Side, RgbImage]
    """Straight and upright at 400 dots an inch. A document with one page has only a front."""
    truth: Mapping[str, str]
    """What the machine-readable part says, by the names of the contract: ``lastName``, ``dateOfBirth`` (ISO 8601) …
    A field that it does not hold is not there."""
    printed: Mapping[str, str]
    """What is printed, in its own script; dates as in ``truth``."""
    mrz: tuple[str, ...]
    """As printed, with any wrong digit."""
    mrz_boxes: tuple[Shares, ...]
    mrz_side: Side | None
    barcode: str
    """Empty when there is none."""
    portrait: RgbImage
    """As it was given."""
    portrait_box: Shares
    """On the front."""


def draw(
    kind: Kind,
    seed: int,
    *,
    faults: Sequence[Fault] = (),
    portrait: RgbImage | None = None,
    script: Script = "latin",
    country: str | None = None,
    today: date = TODAY,
) -> Specimen:
    """The specimen of this seed; the same arguments make the same pixels.

    ``portrait`` is any picture with a face, without it that of a person who is nobody (needs the face model's file);
    ``country`` as a machine-readable zone writes it, without it one by the seed.
    """
    if "unknown_country" in faults:
        country = UNKNOWN_COUNTRY
    person = draw_person(
        seed,
        today=today,
        script="latin" if kind == "licence" else script,
        country="USA" if kind == "licence" else country,
        expired="expired" in faults,
    )
    other = draw_person(seed + 1_000_003, today=today, script=person.script, country=person.country)
    shown = _with_other_print(person, other) if "printed_differs" in faults else person
    lines = mrz_lines(kind, person)
    if lines and "wrong_mrz_digit" in faults:
        lines = with_wrong_digit(lines, seed)
    barcode = aamva_text(other if "other_barcode" in faults else person) if kind == "licence" else ""
    face = portrait if portrait is not None else _somebody(seed % 3)
    pages = _pages(kind, shown, lines, barcode, face, seed)
    mrz_side = next((side for side, page in pages.items() if page.mrz), None)
    box = pages["front"].portrait
    assert box is not None, "every front shows its holder"
    return Specimen(
        kind=kind,
        sides={side: page.image for side, page in pages.items()},
        truth=_truth(kind, other if "other_barcode" in faults and kind == "licence" else person),
        printed=_printed(shown),
        mrz=lines,
        mrz_boxes=pages[mrz_side].mrz if mrz_side is not None else (),
        mrz_side=mrz_side,
        barcode=barcode,
        portrait=face,
        portrait_box=box,
    )


def _pages(
    kind: Kind, shown: Person, lines: tuple[str, ...], barcode: str, face: RgbImage, seed: int
) -> dict[Side, layouts.Page]:
    if kind == "licence":
        return {"front": layouts.licence_front(shown, face, seed), "back": layouts.licence_back(barcode, seed)}
    if kind == "id-card":
        return {"front": layouts.card_front(shown, face, seed), "back": layouts.card_back(shown, lines, seed)}
    return {"front": layouts.booklet(kind, shown, lines, face, seed)}


def _with_other_print(person: Person, other: Person) -> Person:
    last = (
        other if other.last_name != person.last_name else replace(other, last_name="QUILL", last_name_printed="QUILL")
    )
    return replace(person, last_name=last.last_name, last_name_printed=last.last_name_printed, birth=other.birth)


def _truth(kind: Kind, person: Person) -> dict[str, str]:
    spelt = {"lastName": person.last_name, "firstName": person.first_name}
    if kind != "licence":
        spelt = {name: value.replace("-", " ") for name, value in spelt.items()}
    common = {
        **spelt,
        "documentNumber": person.number,
        "dateOfBirth": person.birth.isoformat(),
        "dateOfExpiry": person.expiry.isoformat(),
        "sex": person.sex,
    }
    if kind == "licence":
        return {**common, "dateOfIssue": person.issue.isoformat()}
    return {**common, "nationality": "DEU" if person.country == "D<<" else person.country}


def _printed(person: Person) -> dict[str, str]:
    return {
        "lastName": person.last_name_printed,
        "firstName": person.first_name_printed,
        "documentNumber": person.number,
        "dateOfBirth": person.birth.isoformat(),
        "dateOfIssue": person.issue.isoformat(),
        "dateOfExpiry": person.expiry.isoformat(),
        "sex": person.sex,
    }


@cache
def _somebody(who: int) -> RgbImage:
    grey = (206, 210, 214)
    return render_person(width=360, height=480, size=0.55, centre=(0.5, 0.47), background=grey, seed=who * 1000)
