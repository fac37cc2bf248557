"""What a document is."""

import pytest

from tests.fakes.specimens.zones import mrz_lines
from tests.vision.document.pictures import TODAY, person
from vision.document.classify import has_two_sides, kind_of_print, kind_of_zone, zone_type
from vision.document.mrz.zone import parse

TD1 = (
    "{code}{issuer}D231458907<<<<<<<<<<<<<<<",
    "7408122F1204159{issuer}<<<<<<<<<<<6",
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)


@pytest.mark.parametrize(
    ("code", "issuer", "kind", "zone"),
    [
        ("I<", "UTO", "id", "identity-card"),
        ("ID", "UTO", "id", "identity-card"),
        ("AR", "UTO", "residence-permit", "identity-card"),
        ("C1", "USA", "green-card", "green-card"),
        ("IP", "USA", "passport-card", "identity-card"),
    ],
)
def test_cards_by_their_code(code: str, issuer: str, kind: str, zone: str) -> None:
    mrz = parse([line.format(code=code, issuer=issuer) for line in TD1], TODAY)
    assert (kind_of_zone(mrz), zone_type(mrz)) == (kind, zone)


def test_passports_and_visas_by_their_code() -> None:
    for name in ("passport", "visa"):
        mrz = parse(mrz_lines(name, person(1)), TODAY)
        assert (kind_of_zone(mrz), zone_type(mrz)) == (name, name)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("PASSPORT / PASSEPORT", "passport"), ("REISEPASS", "passport"), ("Führerschein", "dl"),
        ("DRIVER'S LICENSE", "dl"),
        ("CARTE NATIONALE D'IDENTITÉ", "id"), ("TITRE DE SÉJOUR / RESIDENCE PERMIT", "residence-permit"),
        ("ВОДИТЕЛЬСКОЕ УДОСТОВЕРЕНИЕ", "dl"), ("VISA", "visa"), ("LIBRARY CARD", ""), ("VISAGE", ""),
    ],
)  # fmt: skip
def test_kinds_by_their_words(text: str, kind: str) -> None:
    assert kind_of_print(["UTOPIA", text]) == kind


def test_which_documents_have_a_back() -> None:
    assert has_two_sides("id", "TD1")
    assert not has_two_sides("id", "TD2")
    assert not has_two_sides("passport", "")
    assert not has_two_sides("dl", "")
    assert has_two_sides("", "")
