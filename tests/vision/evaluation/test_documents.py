"""Documents through the harness: readings that are given, so that every figure is known."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.specimens.persons import Person
from tests.fakes.specimens.zones import aamva_text, mrz_lines
from tests.vision.document.pictures import (
    TODAY,
    licence_back,
    licence_front,
    passport,
    person,
    reading,
    zone,
)
from vision.document.conclude import conclude
from vision.document.document import Document, Field
from vision.document.readings import SideReading
from vision.evaluation.document_samples import DocumentSample, read_document_samples
from vision.evaluation.documents import (
    DocumentResult,
    DocumentsReport,
    encoded_fields,
    evaluate_documents,
    evaluation_plan,
)
from vision.evaluation.manifest import ManifestError

ANN, BEN = person(1), person(2)


def sample(somebody: Person = ANN, group: str = "passport", **changes: Any) -> DocumentSample:
    zone_of = mrz_lines("passport", somebody)
    return replace(DocumentSample((Path("page.jpg"),), group, zone_of, "", {}), **changes)


def document(*readings: SideReading) -> Document:
    return conclude(readings, evaluation_plan(TODAY))


def result(of: DocumentSample, found: Document | None) -> DocumentResult:
    return DocumentResult(of, found, encoded_fields(of, TODAY), 1.0)


def changed(found: Document, **fields: Field) -> Document:
    return replace(found, fields={**found.fields, **fields})


def test_a_zone_says_what_is_true() -> None:
    known = encoded_fields(sample(), TODAY)
    assert known["documentNumber"] == ANN.number
    assert known["dateOfBirth"] == ANN.birth.isoformat()
    assert (known["lastName"], known["nationality"]) == (ANN.last_name.replace("-", " "), "UTO")


def test_a_bar_code_says_what_is_true() -> None:
    known = encoded_fields(sample(mrz=(), barcode=aamva_text(ANN)), TODAY)
    assert (known["documentNumber"], known["dateOfIssue"]) == (ANN.number, ANN.issue.isoformat())


def test_all_that_the_zone_holds_is_exact() -> None:
    judged = result(sample(), document(passport(ANN)))
    assert {judged.state(name) for name in judged.names} == {"exact"}
    assert judged.result == "exact"


def test_both_sides_of_a_licence() -> None:
    of = sample(mrz=(), barcode=aamva_text(ANN))
    assert result(of, document(licence_front(ANN), licence_back(ANN))).result == "exact"


@pytest.mark.parametrize("found", [None, document(reading(text=())), document(passport(ANN, mrz=()))])
def test_what_is_not_sure_is_refused(found: Document | None) -> None:
    assert result(sample(), found).result == "refused"


def test_what_was_read_right_and_may_not_be_taken_is_told_apart() -> None:
    judged = result(sample(), replace(document(passport(ANN)), problems=("data_mismatch",)))
    assert (judged.result, judged.whole) == ("refused", True)


def test_a_value_of_somebody_else_is_wrong() -> None:
    judged = result(sample(), document(passport(BEN)))
    assert judged.result == "wrong"
    assert judged.state("documentNumber") == "wrong"


def test_a_vouched_value_is_wrong_even_in_a_document_that_is_not_taken() -> None:
    found = document(passport(BEN))
    assert result(sample(), replace(found, problems=("data_mismatch",))).result == "wrong"


def test_a_name_counts_as_wrong_where_it_would_be_taken() -> None:
    found = document(passport(ANN))
    wrong = changed(found, lastName=replace(found.fields["lastName"], value="ERIKSEN"))
    assert result(sample(), wrong).state("lastName") == "wrong"
    refused = replace(wrong, problems=("data_mismatch",))
    assert result(sample(), refused).state("lastName") == "misread"
    assert result(sample(), refused).result == "refused"


def test_print_beside_a_zone_decides_nothing() -> None:
    of = sample(fields={"dateOfIssue": ANN.issue.isoformat()})
    found = document(passport(ANN))
    printed = Field("2001-01-01", "01 JAN 2001", "latin", "printed", False, 0)
    judged = result(of, changed(found, dateOfIssue=printed))
    assert (judged.state("dateOfIssue"), judged.result) == ("misread", "exact")


def test_print_alone_decides_where_there_is_nothing_else() -> None:
    of = sample(mrz=(), fields={"lastName": ANN.last_name})
    printed = Field(ANN.last_name, ANN.last_name, "latin", "printed", False, 0)
    taken = replace(document(passport(ANN)), mrz=(), fields={"lastName": printed})
    assert result(of, taken).result == "exact"
    assert result(of, changed(taken, lastName=replace(printed, value="ERIKSEN"))).result == "wrong"


def test_a_zone_with_another_name_line_is_wrong() -> None:
    found = document(passport(ANN))
    other = (found.mrz[0].replace("<<<<", "K<<<", 1), found.mrz[1])
    assert result(sample(), replace(found, mrz=other)).result == "wrong"


def report() -> DocumentsReport:
    readings: Mapping[Path, tuple[SideReading, ...]] = {
        Path("good.jpg"): (passport(ANN),),
        Path("other.jpg"): (passport(BEN),),
        Path("blank.jpg"): (),
        Path("back.jpg"): (licence_back(ANN),),
    }
    samples = [sample(pictures=(Path(name),)) for name in ("good.jpg", "other.jpg", "blank.jpg", "broken.jpg")]
    samples.append(sample(group="licence", mrz=(), barcode=aamva_text(ANN), pictures=(Path("back.jpg"),)))
    told: list[tuple[int, int]] = []

    def read(one: DocumentSample) -> tuple[Document | None, float]:
        found = readings.get(one.pictures[0])
        return (None, 0.0) if found is None else (document(*found), 2.0)

    made = evaluate_documents(samples, read, TODAY, {"text": "given"}, lambda done, total: told.append((done, total)))
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    return made


def test_shares_by_group() -> None:
    made = report()
    shares = (made.share("exact"), made.share("refused"), made.share("wrong"))
    assert [(share.count, share.cases) for share in shares] == [(2, 5), (2, 5), (1, 5)]
    assert (made.share("exact", "licence").count, made.share("exact", "passport").cases) == (1, 4)
    assert (made.read.count, made.read.cases) == (2, 5)
    assert made.problems() == {"no_document": 1, "unreadable_file": 1}


def test_fields_and_time() -> None:
    made = report()
    assert made.field_states()["documentNumber"] == {"exact": 2, "missing": 2, "misread": 0, "wrong": 1}
    assert made.cpu_seconds(0.5) == 2.0, "a file that nobody could open took no time"
    assert DocumentsReport({}, ()).cpu_seconds(0.5) is None


def test_the_report_for_machines_and_for_people() -> None:
    made = report()
    data = json.loads(json.dumps(made.to_json()))
    assert data["documents"]["wrong"]["count"] == 1
    assert data["groups"]["licence"]["exact"]["share"] == 1.0
    assert data["cpuSecondsPerPicture"] == {"median": 2.0, "p95": 2.0}
    assert "refused: no_document" in made.to_text()
    assert "misread print" in made.to_html()


def manifest(folder: Path, *rows: object) -> Path:
    file = folder / "manifest.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


def test_rows_of_a_manifest(tmp_path: Path) -> None:
    samples = read_document_samples(
        manifest(
            tmp_path,
            {"path": "a.jpg", "label": "passport", "mrz": ["P<UTO", "X"]},
            {"paths": ["f.jpg", "b.jpg"], "group": "licences", "text": "@", "label": "x"},
            {"path": "c.jpg", "fields": {"lastName": "SAMPLE"}},
            {"path": "unknown.jpg", "label": "mrz document"},
        )
    )
    assert [one.group for one in samples] == ["passport", "licences", "document"]
    assert samples[1].pictures == (tmp_path / "f.jpg", tmp_path / "b.jpg")
    assert samples[2].fields == {"lastName": "SAMPLE"}


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"mrz": ["A"]}, "line 1: 'path' must be a text"),
        ({"paths": [], "mrz": ["A"]}, "line 1: 'path' must be a text"),
        ({"path": "a.jpg", "mrz": "A"}, "line 1: 'mrz' must be a list"),
        ({"path": "a.jpg", "text": 1}, "line 1: 'text' must be"),
        ({"path": "a.jpg", "fields": {"lastName": 1}}, "line 1: 'fields' must map"),
        ({"path": "a.jpg"}, "add 'mrz', 'text' or 'fields'"),
    ],
)
def test_rows_that_cannot_be_used(tmp_path: Path, row: object, told: str) -> None:
    with pytest.raises(ManifestError, match=told):
        read_document_samples(manifest(tmp_path, row))


def test_a_zone_of_a_card_that_was_read_wrongly_by_one_reader_is_refused_not_wrong() -> None:
    """The text reader and the check digits disagree, and nothing else was seen."""
    lines = mrz_lines("passport", ANN)
    digit = lines[1][13]
    damaged = (lines[0], lines[1][:13] + ("7" if digit != "7" else "4") + lines[1][14:])
    blind = tuple(replace(line, glyphs=(), confidence=0.6) for line in zone(damaged))
    assert result(sample(), document(passport(ANN, mrz=blind, text=()))).result == "refused"
