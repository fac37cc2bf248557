"""The adapter for older clients: who is one, and what they read."""

import copy
from typing import Any

import pytest
from facesign.models.sessions import Session
from multidict import CIMultiDict

from rtc_server.api.resources.legacy import NEW_STATUSES, Caller, caller_of, list_for, session_for
from tests.api.flows import APPENDIX_B, GRAPH

PYTHON = Caller(python_sdk=True, vendor=True)
ORIGINAL = Caller(vendor=True, original=True)
SESSION: dict[str, Any] = {
    "id": "s1",
    "createdAt": 1,
    "startedAt": 2,
    "status": "inProgress",
    "settings": APPENDIX_B,
    "version": "2024-12-18",
    "report": {
        "transcript": [{"id": "p1", "createdAt": 3, "text": "Hi", "isAvatar": True}],
        "lang": "en",
        "nodeReports": [],
        "extractedData": {"agreed": True, "amount": 12.5, "name": "Robin", "gone": None},
        "isVerified": True,
        "livenessDetected": True,
    },
}


@pytest.mark.parametrize(
    ("headers", "caller"),
    [
        ({}, Caller()),
        ({"User-Agent": "node-fetch/1.0", "Facesign-Version": "2024-12-18"}, Caller()),
        ({"user-agent": "facesign-python-sdk/1.0.19"}, PYTHON),
        ({"User-Agent": "my facesign-python-sdk/1.0.19"}, Caller()),
        ({"X-Facesign-API-Version": "1.0.47", "Facesign-Version": "2024-12-18"}, Caller(vendor=True)),
        ({"x-facesign-api-version": "1.0.2", "facesign-version": "2024-10-11"}, ORIGINAL),
    ],
)
def test_callers_are_told_by_their_headers(headers: dict[str, str], caller: Caller) -> None:
    assert caller_of(CIMultiDict(headers)) == caller


def test_a_new_client_gets_the_session_as_it_is() -> None:
    assert session_for(Caller(vendor=True), SESSION) == SESSION


@pytest.mark.parametrize(
    ("new", "old"),
    [("created", "requiresInput"), ("inProgress", "processing"), ("complete", "complete"), ("incomplete", "canceled")],
)
@pytest.mark.parametrize("caller", [PYTHON, ORIGINAL])
def test_old_clients_get_old_statuses(caller: Caller, new: str, old: str) -> None:
    assert session_for(caller, SESSION | {"status": new})["status"] == old
    assert NEW_STATUSES[old] == NEW_STATUSES[new] == new


def test_the_original_client_gets_transcript_and_data_beside_the_report() -> None:
    shown = session_for(ORIGINAL, SESSION)
    assert shown["transcript"] == SESSION["report"]["transcript"]
    assert shown["data"] == {"agreed": "true", "amount": "12.5", "name": "Robin"}
    assert shown["report"] == SESSION["report"]


def test_the_python_client_reads_what_it_gets() -> None:
    shown = session_for(PYTHON, SESSION)
    read = Session(**shown)
    assert (read.created_at, read.started_at, read.finished_at) == (1, 2, None)
    assert read.report is not None
    assert read.report.is_verified is True
    assert read.report.extracted_data == {"agreed": "true", "amount": "12.5", "name": "Robin"}
    assert read.report.transcript[0].is_avatar is True
    new_names = [name for name in SESSION if name not in ("status", "settings")]
    assert {name: shown[name] for name in new_names if name != "report"} == {
        name: SESSION[name] for name in new_names if name != "report"
    }


def test_an_analysis_and_media_have_their_old_forms() -> None:
    url = "https://verify.example.org/media/m_1"
    report = SESSION["report"] | {
        "aiAnalysis": {
            "ageMin": 30,
            "ageMax": 40,
            "sex": "female",
            "realPersonOrVirtual": "real",
            "overallSummary": "Fine.",
            "analysis": [{"title": "a", "shortDescription": "b", "longDescription": "c"}],
        },
        "media": {"screenshots": [{"id": "m_1", "createdAt": 1, "url": url}], "userVideo": {"url": url}},
    }
    read = Session(**session_for(PYTHON, SESSION | {"report": report})).report
    assert read is not None
    assert read.ai_analysis is not None
    assert read.ai_analysis.analysis[0].long_description == "c"
    assert read.screenshots == [url]
    assert read.videos == {"userVideoUrl": url}


@pytest.mark.parametrize(
    ("settings", "flow", "zone", "reference"),
    [
        (APPENDIX_B, False, "eu", "order-77"),
        ({"flow": GRAPH, "zone": "us"}, True, "es", ""),
        ({"flow": {"nodes": [{"id": "m", "type": "two_factor_email"}], "edges": []}}, False, None, ""),
        ({"flow": {"nodes": [], "edges": [{"source": "a"}]}}, False, None, ""),
        ({"client_reference_id": "u-1", "flow": None, "zone": None}, False, None, "u-1"),
        ({}, False, None, ""),
    ],
)
def test_settings_are_readable_for_the_python_client(
    settings: dict[str, Any], flow: bool, zone: str | None, reference: str
) -> None:
    read = Session(**session_for(PYTHON, SESSION | {"settings": settings})).settings
    assert read is not None
    assert (read.flow is not None) is flow
    assert (read.zone.value if read.zone else None) == zone
    assert read.client_reference_id == reference


def test_a_list_has_both_spellings() -> None:
    page = {"sessions": [SESSION], "hasMore": True, "nextCursor": "s1", "totalCount": 9}
    shown = list_for(PYTHON, page)
    assert (shown["has_more"], shown["next_cursor"], shown["total_count"]) == (True, "s1", 9)
    assert shown["hasMore"] is True
    assert shown["sessions"][0]["status"] == "processing"
    assert list_for(Caller(), page) == page


def test_nothing_that_is_kept_is_changed() -> None:
    before = copy.deepcopy(SESSION)
    for caller in (PYTHON, ORIGINAL):
        session_for(caller, SESSION)
    assert before == SESSION
