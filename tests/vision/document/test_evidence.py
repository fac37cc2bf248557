"""What a node's report shows beside the DocumentScanReport."""

import json
from collections.abc import Sequence

import pytest

from tests.vision.document.pictures import card_back, card_front, passport, person, plan, reading
from vision.document.conclude import conclude
from vision.document.evidence import document_evidence, verdict_of
from vision.document.readings import SideReading

SOMEBODY = person(3)


@pytest.mark.parametrize(
    ("readings", "kinds", "verdict"),
    [
        ([passport(SOMEBODY)], (), "read"),
        ([passport(SOMEBODY)], ("dl",), "failed"),
        ([passport(person(5, expired=True))], (), "failed"),
        ([card_back(SOMEBODY)], (), "unread"),
        ([card_back(SOMEBODY), card_front(SOMEBODY, 1)], (), "read"),
        ([passport(SOMEBODY, mrz=())], (), "unread"),
        ([reading()], (), "unread"),
        ([], (), "unread"),
    ],
)
def test_what_was_not_read_never_counts_as_failed(
    readings: Sequence[SideReading], kinds: tuple[str, ...], verdict: str
) -> None:
    assert verdict_of(conclude(readings, plan(*kinds))) == verdict


def test_the_evidence_is_json_and_names_everything() -> None:
    found = document_evidence(conclude([passport(SOMEBODY)], plan()), {"text": "PP-OCRv6"})
    assert json.loads(json.dumps(found)) == found
    assert (found["verdict"], found["machineReadable"], found["complete"]) == ("read", "verified", True)
    assert "documentNumber" in found["verifiedFields"]
    assert found["fieldOrigins"]["lastName"] == "mrz"
    assert {"field": "sex", "state": "success", "values": {"mrz": SOMEBODY.sex, "printed": SOMEBODY.sex}} in found[
        "matches"
    ]
    assert found["engines"] == {"text": "PP-OCRv6"}
