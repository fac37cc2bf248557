"""Bar codes by the AAMVA standard: every version's way of saying it, issuers' mistakes, and anything at all."""

import json
from dataclasses import asdict
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.specimens.persons import draw_person
from tests.fakes.specimens.zones import aamva_text
from vision.document.aamva.licence import Licence
from vision.document.aamva.parse import AamvaError, parse_aamva
from vision.document.document import CivilDate

TODAY = date(2026, 11, 1)
HEAD = "@\n\x1e\rANSI 636014100001DL00310200"
BODY = ("DAQD1234567", "DCSSAMPLE", "DACANNA", "DBB06121980")


def bar_code(*elements: str, head: str = HEAD, kind: str = "DL", end: str = "\n") -> str:
    """A bar code of California with these elements."""
    return head + kind + end.join(elements) + end + "\r"


def civil(day: date) -> CivilDate:
    return CivilDate(day.year, day.month, day.day)


@pytest.mark.parametrize("seed", range(12))
def test_a_licence_says_who_holds_it(seed: int) -> None:
    person = draw_person(seed, today=TODAY)
    found = parse_aamva(aamva_text(person))
    assert (found.kind, found.version, found.country, found.jurisdiction) == ("dl", 10, "USA", "virginia")
    assert found.last_name == person.last_name
    assert f"{found.first_name} {found.middle_name}".strip() == person.first_name
    assert (found.document_number, found.sex) == (person.number, person.sex)
    days = (found.date_of_birth, found.date_of_issue, found.date_of_expiry)
    assert days == (civil(person.birth), civil(person.issue), civil(person.expiry))
    assert found.address == f"{person.street}, {person.city}, VA {person.postcode}"
    assert (found.height_cm, found.vehicle_class, found.restrictions) == (178, "D", "")
    assert found.problems == ()
    assert not found.names_truncated


@pytest.mark.parametrize(
    ("header", "kind", "version"),
    [
        ("@\n\x1e\rANSI 6360140101DL00310200", "dl", 1),
        ("@\n\x1c\rANSI 6360140101DL00310200", "dl", 1),
        ("@\r\n\x1e\r\nAAMVA6360140201DL00310200", "dl", 2),
        ("@\n\x1e\rAAMVA 636014030001ID00310200", "id", 3),
        ("ANSI 636014080102DL00410278ZC03190008", "dl", 8),
        ("@\n\x1e\rANSI 636014110001ID00310200", "id", 11),
    ],
)
def test_headers_as_issuers_write_them(header: str, kind: str, version: int) -> None:
    found = parse_aamva(bar_code(*BODY, head=header, kind=kind.upper()))
    assert (found.kind, found.version, found.issuer, found.jurisdiction) == (kind, version, "636014", "california")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\n", " \n", "\x1e"])
def test_line_ends_as_issuers_write_them(end: str) -> None:
    assert parse_aamva(bar_code(*BODY, end=end)).elements == {"DAQ": "D1234567", "DCS": "SAMPLE",
                                                             "DAC": "ANNA", "DBB": "06121980"}  # fmt: skip


def test_a_state_s_own_sub_file_is_not_mixed_in() -> None:
    head = "@\n\x1e\rANSI 636014100002ZC00410010DL00510200"
    found = parse_aamva(f"{head}ZCZCAX\nZCBY\rDL" + "\n".join(BODY) + "\r")
    assert [element for element, _ in found.entries] == ["DAQ", "DCS", "DAC", "DBB"]
    after = bar_code(*BODY, head="@\n\x1e\rANSI 636014100002DL00410278ZC03190008")
    assert parse_aamva(after + "ZCZCA01\nZCBDAQ\r").entries == found.entries


@pytest.mark.parametrize(
    ("elements", "names"),
    [
        (("DCSVAN DER BERG", "DACANNA", "DADMARIA", "DCUJR"), ("VAN DER BERG", "ANNA", "MARIA", "JR")),
        (("DCSSAMPLE", "DACANNA", "DADMARIA,LOUISE"), ("SAMPLE", "ANNA", "MARIA LOUISE", "")),
        (("DCSSAMPLE", "DCTANNA,MARIA"), ("SAMPLE", "ANNA", "MARIA", "")),
        (("DCSSAMPLE", "DCTANNA MARIA"), ("SAMPLE", "ANNA MARIA", "", "")),
        (("DAASAMPLE,ANNA,MARIA,JR",), ("SAMPLE", "ANNA", "MARIA", "JR")),
        (("DAASAMPLE, ANNA",), ("SAMPLE", "ANNA", "", "")),
        (("DABSAMPLE", "DACANNA", "DADMARIA", "DAESR"), ("SAMPLE", "ANNA", "MARIA", "SR")),
        (("DCSSAMPLE", "DACNONE", "DADunavl"), ("SAMPLE", "", "", "")),
        (("DCSM\xdcLLER", "DACREN\xc9E"), ("MÜLLER", "RENÉE", "", "")),
        (("DCSC\xc3\x94T\xc3\x89", "DACLUC"), ("CÔTÉ", "LUC", "", "")),
    ],
)
def test_names_of_every_version(elements: tuple[str, ...], names: tuple[str, str, str, str]) -> None:
    found = parse_aamva(bar_code("DAQ1", "DBB06121980", *elements))
    assert (found.last_name, found.first_name, found.middle_name, found.suffix) == names


@pytest.mark.parametrize(
    ("elements", "truncated"),
    [
        (("DDEN", "DDFN", "DDGN"), False),
        (("DDEU",), False),
        (("DDFT",), True),
        (("DADMAXIMILIANA WILHELMINA ALEXANDRA JOSEP", "DDGU"), True),
        (("DADMAXIMILIANA WILHELMINA ALEXANDRA JOSEP", "DDGN"), False),
    ],
)
def test_names_that_were_cut(elements: tuple[str, ...], truncated: bool) -> None:
    assert parse_aamva(bar_code(*BODY, *elements)).names_truncated is truncated


@pytest.mark.parametrize(
    ("number", "country", "jurisdiction"),
    [
        ("636015", "USA", "texas"),
        ("604431", "USA", "puerto-rico"),
        ("636012", "CAN", "ontario"),
        ("604434", "CAN", "northwest-territories"),
        ("636056", "MEX", "coahuila"),
        ("999999", "", ""),
    ],
)
def test_issuers(number: str, country: str, jurisdiction: str) -> None:
    found = parse_aamva(bar_code(*BODY, head=HEAD.replace("636014", number)))
    assert (found.country, found.jurisdiction) == (country, jurisdiction)
    assert bool(found.problems) is (country == "")


def test_the_issuer_outweighs_the_country_element() -> None:
    found = parse_aamva(bar_code(*BODY, "DCGCAN"))
    assert (found.country, found.problems) == ("USA", ("country (DCG): is not that of the issuer",))
    assert parse_aamva(bar_code(*BODY, "DCGCAN", head=HEAD.replace("636014", "999999"))).country == "CAN"


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (("DBD02302020",), "date of issue (DBD): neither MMDDCCYY nor CCYYMMDD"),
        (("DBC7",), "sex (DBC): none of the standard's codes"),
        (("DAG12 MAIN", "street"), "street (DAG): torn by a line end"),
        (("DCFA1", "DCFA2"), "document discriminator (DCF): stands there twice with different values"),
        (("DAIZEN\x07ITH",), "city (DAI): has characters that are no text"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_named(wrong: tuple[str, ...], problem: str) -> None:
    found = parse_aamva(bar_code(*BODY, *wrong))
    assert found.problems == (problem,)
    assert (found.date_of_issue, found.sex, found.discriminator, found.address) == (None, "", "", "")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("", "at character 0"),
        ("https://example.test/", "at character 0"),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "at character 0"),
        ("@\n\x1e\rANSI 636014100001ZC00310200ZCZCA1\r", "no sub-file DL or ID"),
        (HEAD, "has no elements"),
        ("@" * 5000, "5000 characters"),
        (bar_code(*BODY[1:]), r"document number \(DAQ\)"),
        (bar_code(BODY[0], *BODY[2:]), r"family name \(DCS\)"),
        (bar_code(*BODY[:3]), r"date of birth \(DBB\)"),
        (bar_code(*BODY, "DBB06121981"), r"date of birth \(DBB\)"),
        (bar_code("".join(BODY)), r"family name \(DCS\)"),
        (bar_code("DAQ" + "1" * 26, *BODY[1:]), "26 characters, at most 25"),
    ],
)
def test_what_is_no_licence_is_refused_with_the_place(content: str, place: str) -> None:
    with pytest.raises(AamvaError, match=place) as refused:
        parse_aamva(content)
    assert "SAMPLE" not in str(refused.value)


def test_the_same_bar_code_is_the_same_licence_and_json() -> None:
    text = aamva_text(draw_person(3, today=TODAY))
    first, second = parse_aamva(text), parse_aamva(text)
    assert len({first, second}) == 1
    assert json.loads(json.dumps(asdict(first)))["document_number"] == first.document_number


@given(st.binary(max_size=300))
def test_any_bytes_are_a_licence_or_refused(content: bytes) -> None:
    with pytest.raises(AamvaError):
        parse_aamva(content.decode("latin-1"))


@given(st.data())
def test_damaged_bar_codes_are_refused_or_read(data: st.DataObject) -> None:
    text = aamva_text(draw_person(data.draw(st.integers(0, 9)), today=TODAY))
    start = data.draw(st.integers(0, len(text)))
    damage = data.draw(st.text(st.characters(max_codepoint=255), max_size=6))
    damaged = text[:start] + damage + text[start + data.draw(st.integers(0, 20)) :]
    try:
        found = parse_aamva(damaged)
    except AamvaError:
        return
    assert isinstance(found, Licence)
    assert found.last_name
    assert found.document_number in damaged


WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ' -", min_size=1, max_size=30).map(str.strip).filter(
    lambda word: word and word not in {"NONE", "UNK", "UNAVL", "UNAVAIL"}
)  # fmt: skip


@given(WORD, WORD, st.from_regex(r"[A-Z0-9]{1,25}", fullmatch=True), st.dates(date(1900, 1, 1), date(2090, 1, 1)))
def test_what_was_written_is_read(last: str, first: str, number: str, birth: date) -> None:
    for written in (f"{birth:%m%d%Y}", f"{birth:%Y%m%d}"):
        found = parse_aamva(bar_code(f"DAQ{number}", f"DCS{last}", f"DAC{first}", f"DBB{written}"))
        assert found.date_of_birth == civil(birth)
        assert (found.last_name, found.first_name) == (" ".join(last.split()), " ".join(first.split()))
        assert found.document_number == number
