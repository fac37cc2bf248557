"""From readings to a document: what counts, what is missing, what is wrong."""

import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.fakes.specimens.persons import Script
from tests.fakes.specimens.zones import mrz_lines, with_wrong_digit
from tests.vision.document.pictures import (
    LABELS,
    PORTRAIT,
    card_back,
    card_front,
    european,
    licence_back,
    licence_front,
    line,
    passport,
    person,
    plan,
    printed,
    reading,
    zone,
)
from vision.document.conclude import conclude
from vision.document.document import CivilDate
from vision.document.readings import SideReading
from vision.liveness.verdict import Cue

SOMEBODY = person(3)
OTHER = person(4)


def test_a_passport_needs_one_picture() -> None:
    document = conclude([passport(SOMEBODY)], plan("passport"))
    assert (document.kind, document.country, document.mode) == ("passport", "UTO", "full-recognition")
    assert document.complete
    assert document.problems == ()
    assert document.machine_readable == "verified"
    assert document.text("documentNumber") == SOMEBODY.number
    assert document.text("dateOfBirth") == SOMEBODY.birth.isoformat()
    assert document.text("fullName") == f"{SOMEBODY.first_name} {SOMEBODY.last_name}"
    assert document.fields["documentNumber"].verified
    assert not document.fields["lastName"].verified
    assert document.portrait_side == 0


def test_a_zone_without_print_is_no_full_recognition() -> None:
    document = conclude([passport(SOMEBODY, text=())], plan())
    assert document.mode == "mrz-passport"
    assert document.complete
    assert {match.state for match in document.matches} == {"not-performed"}


def test_an_identity_card_needs_both_sides() -> None:
    front = conclude([card_front(SOMEBODY)], plan("id"))
    assert (front.sides, front.complete, front.problems) == (("front",), False, ())
    both = conclude([card_front(SOMEBODY), card_back(SOMEBODY)], plan("id"))
    assert (both.sides, both.complete, both.problems) == (("front", "back"), True, ())
    assert both.text("address") == "12 HARBOUR ROAD, ZENITH"
    assert both.fields["address"].side == 1


def test_the_back_first_is_only_a_note() -> None:
    document = conclude([card_back(SOMEBODY)], plan("id"))
    assert document.problems == ("back_first",)
    assert not document.complete
    both = conclude([card_back(SOMEBODY), card_front(SOMEBODY, 1)], plan("id"))
    assert (both.sides, both.complete, both.problems) == (("back", "front"), True, ())


def test_the_same_side_twice_is_no_second_side() -> None:
    document = conclude([card_front(SOMEBODY), card_front(SOMEBODY, 1)], plan("id"))
    assert document.sides == ("front",)
    assert not document.complete


def test_one_side_is_enough_where_that_was_asked() -> None:
    document = conclude([card_back(SOMEBODY)], plan("id", sides="single"))
    assert document.complete
    assert document.problems == ()


def test_a_licence_of_the_united_states_needs_its_bar_code() -> None:
    front = conclude([licence_front(SOMEBODY)], plan("dl"))
    assert (front.kind, front.country, front.complete, front.problems) == ("dl", "USA", False, ())
    both = conclude([licence_front(SOMEBODY), licence_back(SOMEBODY)], plan("dl"))
    assert (both.complete, both.problems, both.region) == (True, (), "virginia")
    assert both.text("documentNumber") == SOMEBODY.number
    assert both.fields["dateOfIssue"].verified
    without = conclude([licence_front(SOMEBODY), licence_back(SOMEBODY, barcodes=())], plan("dl"))
    assert without.problems[0] == "barcode_missing"
    assert not without.complete


def test_a_licence_of_canada_is_known_by_its_province() -> None:
    front = licence_front(SOMEBODY)
    title = replace(front.text[0], text="ONTARIO DRIVER LICENCE")
    assert conclude([replace(front, text=(title, *front.text[1:]))], plan("dl")).country == "CAN"
    nameless = replace(front, text=front.text[1:])
    document = conclude([nameless, replace(nameless, number=1)], plan(sides="single"))
    assert (document.country, document.problems) == ("", ("unknown_country",))


def test_a_bar_code_that_cannot_be_taken_apart_is_named() -> None:
    back = licence_back(SOMEBODY)
    broken = replace(back, barcodes=(replace(back.barcodes[0], content="@\n\x1e\rANSI nonsense"),))
    document = conclude([licence_front(SOMEBODY), broken], plan("dl"))
    assert document.problems[0] == "barcode_unreadable"
    assert document.machine_readable == "unverified"


def test_the_bar_code_of_another_person_does_not_match() -> None:
    document = conclude([licence_front(SOMEBODY), licence_back(OTHER)], plan("dl"))
    assert "data_mismatch" in document.problems


def test_the_print_of_another_person_does_not_match() -> None:
    shown = replace(SOMEBODY, last_name_printed="QUILL", birth=OTHER.birth)
    page = passport(SOMEBODY, text=printed(shown, title="PASSPORT"))
    document = conclude([page], plan())
    assert document.problems[0] == "data_mismatch"
    assert {match.field for match in document.matches if match.state == "failed"} >= {"dateOfBirth", "lastName"}


def test_two_documents_in_one_scan_do_not_belong_together() -> None:
    document = conclude([card_front(SOMEBODY), card_back(SOMEBODY), card_back(OTHER, 2)], plan())
    assert "data_mismatch" in document.problems


def test_a_wrong_check_digit_is_never_taken() -> None:
    lines = with_wrong_digit(mrz_lines("passport", SOMEBODY), 1)
    document = conclude([passport(SOMEBODY, mrz=zone(lines))], plan())
    assert document.machine_readable == "unverified"
    assert not document.complete
    assert document.problems[0].startswith("mrz_")
    assert document.mrz == ()
    assert not any(field.origin == "mrz" for field in document.fields.values())


def test_a_passport_without_its_zone_is_incomplete() -> None:
    document = conclude([passport(SOMEBODY, mrz=())], plan())
    assert document.problems == ("mrz_incomplete",)
    assert not document.complete


def test_the_wrong_type_an_expired_and_an_unknown_one_are_named() -> None:
    assert conclude([passport(SOMEBODY)], plan("dl", "id")).problems == ("wrong_type",)
    old = person(5, expired=True)
    assert conclude([passport(old)], plan()).problems == ("expired",)
    assert conclude([passport(old)], plan(allow_expired=True)).problems == ()
    stranger = person(3, country="ZQX")
    assert "unknown_country" in conclude([passport(stranger)], plan()).problems


def test_the_last_day_of_validity_counts() -> None:
    today = SOMEBODY.expiry
    until = replace(plan(), today=CivilDate(today.year, today.month, today.day))
    assert conclude([passport(SOMEBODY)], until).problems == ()


def test_dates_that_cannot_be_are_named() -> None:
    unborn = replace(SOMEBODY, birth=date(2030, 1, 5), issue=date(2020, 1, 1))
    document = conclude([licence_front(unborn), licence_back(unborn)], plan())
    assert "implausible_dates" in document.problems
    expired_before_issue = replace(SOMEBODY, issue=date(2020, 1, 1), expiry=date(2019, 1, 1))
    assert "implausible_dates" in conclude([licence_back(expired_before_issue)], plan(allow_expired=True)).problems


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"cards": 0}, "no_document"),
        ({"cards": 2, "text": (), "portrait": None}, "two_documents"),
        ({"whole": False}, "cut_off"),
        ({"sharpness": 0.05}, "blurred"),
        ({"glare": 0.2}, "glare"),
        ({}, "nothing_readable"),
    ],
)
def test_a_picture_of_no_use_says_why(changes: dict[str, Any], problem: str) -> None:
    document = conclude([replace(reading(), **changes)], plan())
    assert document.problems[0] == problem
    assert not document.complete
    assert document.sides == ()


def test_without_any_picture_there_is_no_document() -> None:
    assert conclude([], plan()).problems == ("no_document",)


EU_FRONT = (
    "FÜHRERSCHEIN  BUNDESREPUBLIK DEUTSCHLAND",
    "1. MUSTERMANN",
    "2. ERIKA",
    "3. 12.08.1974 BERLIN",
    "4a. 01.02.2020 4c. LANDRATSAMT MUSTERSTADT",
    "4b. 31.01.2035",
    "5. B072RRE2I55",
    "9. AM/B/L",
)


def eu_licence(number: int, *texts: str) -> SideReading:
    lines = tuple(line(text, 0.35, 0.05 + row * 0.1) for row, text in enumerate(texts or EU_FRONT))
    return reading(number, text=lines, portrait=PORTRAIT)


def test_print_alone_counts_when_two_pictures_read_it_the_same() -> None:
    once = conclude([eu_licence(0)], plan("dl"))
    assert once.problems == ("unconfirmed",)
    assert not once.complete
    assert "documentNumber" not in once.fields
    twice = conclude([eu_licence(0), eu_licence(1)], plan("dl"))
    assert twice.complete
    assert twice.problems == ()
    assert twice.mode == "photo-id"
    assert (twice.kind, twice.country, twice.sides) == ("dl", "DEU", ("front",))
    assert twice.text("dateOfBirth") == "1974-08-12"
    assert twice.text("documentNumber") == "B072RRE2I55"
    assert twice.text("placeOfBirth") == "BERLIN"
    assert twice.text("issuingAuthority") == "LANDRATSAMT MUSTERSTADT"
    assert not any(field.verified for field in twice.fields.values())


def test_print_that_two_pictures_read_differently_does_not_count() -> None:
    other = [text.replace("B072RRE2I55", "B072RRE2I56") for text in EU_FRONT]
    document = conclude([eu_licence(0), eu_licence(1, *other)], plan("dl"))
    assert document.problems == ("unconfirmed",)
    assert "documentNumber" not in document.fields


@pytest.mark.parametrize("script", ["cyrillic", "arabic"])
def test_print_in_another_script_never_speaks_against_the_zone(script: Script) -> None:
    somebody = person(7, script=script)
    wrong = replace(somebody, last_name_printed="ЖЖЖЖЖЖ" if script == "cyrillic" else "ططططط", birth=OTHER.birth)
    page = passport(somebody, text=printed(wrong, title="PASSPORT"), script=script)
    document = conclude([page], plan())
    assert document.problems == ()
    assert document.complete
    assert not any(match.state == "failed" for match in document.matches)


def test_cyrillic_print_is_the_original_of_a_name() -> None:
    somebody = person(7, script="cyrillic")
    document = conclude([passport(somebody, script="cyrillic")], plan())
    name = document.fields["lastName"]
    assert (name.value, name.original, name.script) == (somebody.last_name, somebody.last_name_printed, "cyrillic")


def test_names_that_the_zone_cut_are_completed_from_print() -> None:
    long = replace(
        SOMEBODY,
        last_name="PAPADOPOULOS",
        last_name_printed="PAPADOPOULOS",
        first_name="ALEXANDROS KONSTANTINOS MARIA",
        first_name_printed="ALEXANDROS KONSTANTINOS MARIA",
    )
    document = conclude([passport(long)], plan())
    assert document.text("firstName") == "ALEXANDROS KONSTANTINOS MARIA"
    alone = conclude([passport(long, text=())], plan())
    assert long.first_name.startswith(alone.text("firstName"))
    assert alone.text("firstName") != long.first_name


def test_a_printed_date_of_issue_that_cannot_be_is_left_out() -> None:
    labels = (*LABELS, ("Date of issue / Date de délivrance", "issue"))
    misread = replace(SOMEBODY, issue=date(1890, 1, 1))
    page = passport(SOMEBODY, text=printed(misread, title="PASSPORT", labels=labels))
    document = conclude([page], plan())
    assert document.problems == ()
    assert "dateOfIssue" not in document.fields
    right = conclude([passport(SOMEBODY, text=printed(SOMEBODY, title="PASSPORT", labels=labels))], plan())
    assert right.text("dateOfIssue") == SOMEBODY.issue.isoformat()


def test_recapture_refuses_only_where_that_was_asked() -> None:
    cue = Cue("document_screen", "against", 0.9, "a grid of pixels")
    page = passport(SOMEBODY, cues=(cue,))
    assert conclude([page], plan()).problems == ()
    assert conclude([page], plan()).cues == (cue,)
    assert conclude([page], replace(plan(), reject_recaptured=True)).problems == ("recaptured",)
    unchecked = passport(SOMEBODY, cues=(Cue("document_screen", "not_checked", None, "too small"),))
    assert conclude([unchecked], replace(plan(), reject_recaptured=True)).problems == ()


def test_a_misread_printed_digit_is_no_contradiction() -> None:
    born = european(SOMEBODY.birth)
    lines = [
        replace(one, text=one.text.replace(born, born.replace("8", "3", 1)))
        for one in printed(SOMEBODY, title="PASSPORT")
    ]
    document = conclude([passport(SOMEBODY, text=tuple(lines))], plan())
    assert document.problems == ()
    states = {match.field: match.state for match in document.matches}
    assert states["dateOfBirth"] == "not-performed"
    assert states["documentNumber"] == "success"


@pytest.mark.parametrize("seed", range(20, 40))
def test_print_of_the_holder_agrees_and_print_of_anybody_else_does_not(seed: int) -> None:
    holder, other = person(seed), person(seed + 500)
    assert conclude([passport(holder)], plan()).problems == ()
    mixed = passport(holder, text=printed(other, title="PASSPORT"))
    assert conclude([mixed], plan()).problems[0] == "data_mismatch"


@pytest.mark.parametrize("seed", range(40, 60))
def test_misread_print_neither_accuses_nor_changes_what_is_verified(seed: int) -> None:
    holder, chance = person(seed), random.Random(seed)
    looks_like = {"O": "0", "0": "O", "I": "1", "1": "I", "5": "S", "S": "5", "8": "B", "B": "8", "2": "Z"}
    noisy = []
    for one in printed(holder, title="PASSPORT"):
        text = "".join(looks_like.get(c, c) if chance.random() < 0.3 else c for c in one.text)
        lost = chance.random() < 0.2
        noisy.append(replace(one, text=text[:-2] if lost else text, confidence=0.8 if lost else 0.95))
    document = conclude([passport(holder, text=tuple(noisy))], plan())
    assert set(document.problems) <= {"unconfirmed"}  # at most another picture is wanted
    assert document.text("documentNumber") == holder.number
    assert document.text("dateOfBirth") == holder.birth.isoformat()
    assert document.text("lastName") == holder.last_name.replace("-", " ")


def test_a_name_that_zone_and_print_have_almost_alike_is_in_dispute() -> None:
    holder = replace(person(3), first_name="BEATRICE", first_name_printed="BEATRICE")
    worn = mrz_lines("passport", replace(holder, first_name="BEATRICL"))
    disputed = passport(holder, mrz=zone(worn))
    assert conclude([disputed], plan()).problems == ("unconfirmed",)
    assert conclude([disputed], plan()).mrz == ()
    assert conclude([passport(holder)], plan()).problems == ()


def test_one_wrong_letter_of_a_long_name_is_in_dispute_too() -> None:
    holder = replace(person(3), last_name="FITZGERALD MONTGOMERY", last_name_printed="FITZGERALD-MONTGOMERY")
    worn = mrz_lines("passport", replace(holder, last_name="FITZGEKALD MONTGOMERY"))
    assert conclude([passport(holder, mrz=zone(worn))], plan()).problems == ("unconfirmed",)
    assert conclude([passport(holder)], plan()).problems == ()
