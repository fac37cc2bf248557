"""Older clients of the vendor: who is calling, and answers in the words that they understand (contract §11.2, §2.1).

Three callers need something else than the newest form: the Python SDK (its models read snake_case and the four old
statuses), the JavaScript SDK of 2024 (old statuses; transcript and data beside the report), and any SDK of the vendor
when it sends fields that only a later version knows.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rtc_server.storage.ports import Json, Status

PYTHON_SDK = "facesign-python-sdk/"
"""Beginning of the ``User-Agent`` of PyPI ``facesign-api``."""

ORIGINAL_VERSION = "2024-10-11"
"""``Facesign-Version`` of the JavaScript SDK that has no report."""

NEW_STATUSES: Mapping[str, Status] = {
    "created": "created",
    "requiresInput": "created",
    "inProgress": "inProgress",
    "processing": "inProgress",
    "complete": "complete",
    "incomplete": "incomplete",
    "canceled": "incomplete",
}
"""Both vocabularies, for what comes in."""

_OLD_STATUSES = {"created": "requiresInput", "inProgress": "processing", "incomplete": "canceled"}
_OLD_NODE_TYPES = frozenset({
    "start", "end", "conversation", "liveness_detection", "enter_email", "data_validation", "document_scan",
    "recognition", "face_scan", "two_factor",
})  # fmt: skip
_ANALYSIS = {
    "ageMin": "age_min",
    "ageMax": "age_max",
    "sex": "sex",
    "realPersonOrVirtual": "real_person_or_virtual",
    "overallSummary": "overall_summary",
    "analysis": "analysis",
}
_SECTION = {"title": "title", "shortDescription": "short_description", "longDescription": "long_description"}


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request's headers tell about the client."""

    python_sdk: bool = False
    vendor: bool = False
    """Any SDK of the vendor: unknown fields are warnings, snake_case and ``null`` are understood."""
    original: bool = False
    """The JavaScript SDK of 2024."""

    @property
    def old_statuses(self) -> bool:
        """Whether it knows only the four statuses of the first generations."""
        return self.python_sdk or self.original


def caller_of(headers: Mapping[str, str]) -> Caller:
    """Who sent these headers (a mapping that does not care about case)."""
    python_sdk = headers.get("User-Agent", "").startswith(PYTHON_SDK)
    original = headers.get("Facesign-Version") == ORIGINAL_VERSION
    return Caller(python_sdk, python_sdk or original or "x-facesign-api-version" in headers, original)


def session_for(caller: Caller, session: Json) -> Json:
    """A session in the caller's words; every key of the newest form stays, but for settings that its models refuse."""
    shown = dict(session)
    if caller.old_statuses:
        shown["status"] = _OLD_STATUSES.get(session["status"], session["status"])
    if caller.original:
        report = session["report"]
        shown["transcript"] = report["transcript"]
        shown["data"] = _texts(report.get("extractedData") or {})
    if caller.python_sdk:
        times = {"createdAt": "created_at", "startedAt": "started_at", "finishedAt": "finished_at"}
        shown |= _twins(session, times)
        shown["settings"] = _settings(session["settings"])
        shown["report"] = _report(session["report"])
    return shown


def list_for(caller: Caller, page: Json) -> Json:
    """A page of sessions in the caller's words."""
    shown = page | {"sessions": [session_for(caller, session) for session in page["sessions"]]}
    if caller.python_sdk:
        names = {"hasMore": "has_more", "nextCursor": "next_cursor", "totalCount": "total_count"}
        shown |= _twins(page, names)
    return shown


def _settings(settings: Json) -> Json:
    shown = {name: value for name, value in settings.items() if name != "flow" or _is_old_graph(value)}
    reference = settings.get("client_reference_id") or settings.get("clientReferenceId")
    shown["client_reference_id"] = str(reference or "")
    provided = settings.get("provided_data") or settings.get("providedData")
    if provided:
        shown["provided_data"] = _texts(provided)
    for new, old in {"avatarId": "avatar_id", "defaultLang": "default_lang"}.items():
        if shown.get(old) is None and isinstance(settings.get(new), str):
            shown[old] = settings[new]
    if shown.get("zone") == "us":
        shown["zone"] = "es"
    return shown


def _report(report: Json) -> Json:
    shown = report | _twins(report, {"isVerified": "is_verified", "livenessDetected": "liveness_detected"})
    phrase = {"createdAt": "created_at", "isAvatar": "is_avatar"}
    shown["transcript"] = [entry | _twins(entry, phrase) for entry in report.get("transcript", [])]
    if "extractedData" in report:
        shown["extracted_data"] = _texts(report["extractedData"])
    analysis = report.get("aiAnalysis")
    if isinstance(analysis, Mapping) and _ANALYSIS.keys() <= analysis.keys():
        sections = [_twins(section, _SECTION) for section in analysis["analysis"]]
        shown["ai_analysis"] = _twins(analysis, _ANALYSIS) | {"analysis": sections}
    media = report.get("media") or {}
    if "screenshots" in media:
        shown["screenshots"] = [file["url"] for file in media["screenshots"]]
    videos = {"userVideo": "userVideoUrl", "avatarVideo": "avatarVideoUrl"}
    if urls := {old: media[new]["url"] for new, old in videos.items() if new in media}:
        shown["videos"] = urls
    return shown


def _twins(data: Mapping[str, Any], names: Mapping[str, str]) -> Json:
    return {old: data[new] for new, old in names.items() if new in data}


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Every value as text, the absent ones left out: the old form knows nothing but strings."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if value is not None
    }


def _is_old_graph(flow: Any) -> bool:
    """Whether the Python SDK's models can read a flow: nodes of the ten old types, and edges."""
    if flow is None:
        return True
    if not isinstance(flow, Mapping):
        return False
    nodes, edges = flow.get("nodes"), flow.get("edges")
    return (
        isinstance(nodes, list)
        and isinstance(edges, list)
        and all(_has_texts(node, "id", "type") and node["type"] in _OLD_NODE_TYPES for node in nodes)
        and all(_has_texts(edge, "id", "source", "target") for edge in edges)
    )


def _has_texts(entry: Any, *names: str) -> bool:
    return isinstance(entry, Mapping) and all(isinstance(entry.get(name), str) for name in names)
