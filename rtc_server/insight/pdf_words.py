"""What a report says on paper, in words and values (pure). English: it is for those who look after sessions."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rtc_server.storage.ports import Json

MAX_VALUE_CHARACTERS = 400
MAX_DOCUMENT_FIELDS = 60
MAX_REASONS = 12
"""The verdict and its reasons stand together on the first page."""

_NOT_FIELDS = {
    "mode",
    "subResults",
    "dataMatchResult",
    "documentClassInfo",
    "inputImagesScanningSide",
    "documentImagesScanningSide",
    "faceImageScanningSide",
    "barcodeInputImageScanningSide",
    "signatureImageScanningSide",
}
_SIGNS = {"supports": "+ in favour", "against": "− against", "neutral": "says nothing", "not_checked": "not checked"}
_DECISIONS = {"approve": "Approved", "decline": "Declined", "again": "To come once more"}


def verdict_of(session: Json, report: Json) -> tuple[str, str]:
    """The verdict as a headline, and the kind by which it is coloured: ``good``, ``bad``, ``open``."""
    if session.get("status") != "complete":
        return "– Not completed", "open"
    if report.get("isVerified"):
        simulated = report.get("verdict", {}).get("simulated")
        return ("✓ Verified (simulated in the sandbox)" if simulated else "✓ Verified"), "open" if simulated else "good"
    return "✕ Not verified", "bad"


def reasons_of(session: Json, report: Json) -> list[str]:
    """Why it is not verified, what nobody checked, and whether an agent had a hand in it, a sentence each."""
    sentences = ["An agent decided at least one outcome."] if report.get("verdict", {}).get("byAgent") else []
    for reason in report.get("verdict", {}).get("reasons", ()):
        node, _, outcome = str(reason).rpartition(":")
        if node:
            sentences.append(f"Node “{shown(node)}” came to “{shown(outcome)}”.")
        elif reason == "session_incomplete":
            sentences.append(f"The session ended before its end: {words(session.get('reason'))}.")
        else:
            sentences.append("Nothing was checked." if reason == "nothing_checked" else f"{words(reason)}.")
    sentences += [
        f"Not checked: “{shown(entry.get('nodeId'))}” ({words(entry.get('type'))}), "
        f"because {words(entry.get('reason'))}."
        for entry in report.get("notChecked", ())
        if entry.get("reason") != "not_reached"
    ]
    rest = len(sentences) - MAX_REASONS
    return sentences[:MAX_REASONS] + ([f"And {rest} more; see the way through the flow."] if rest > 0 else [])


def facts_of_session(session: Json, report: Json) -> list[tuple[str, str]]:
    """Name and value of what is known of the session as a whole."""
    device = session.get("device") or {}
    consent = session.get("consent") or {}
    started, finished = session.get("startedAt"), session.get("finishedAt")
    rows = [
        ("Session", session.get("id")),
        ("Tenant", f"{session.get('tenant')} ({'sandbox' if session.get('sandbox') else 'production'})"),
        ("Client reference", session.get("clientReferenceId")),
        ("Flow", session.get("flowId") or "given with the call"),
        ("Created", moment(session.get("createdAt"))),
        ("Started", moment(started)),
        ("Ended", moment(finished)),
        ("Duration", duration((finished - started) / 1000) if started and finished else ""),
        ("End", words(session.get("reason"))),
        ("Language", report.get("lang")),
        ("Browser", " ".join(str(device[name]) for name in ("browser", "version", "os") if device.get(name))),
        ("Consent", f"{moment(consent.get('acceptedAt'))}, version {consent.get('version')}" if consent else ""),
        ("Redacted", moment(session.get("redactedAt"))),
    ]
    return [(name, shown(value)) for name, value in rows if value]


def cue_rows(node: Json) -> list[tuple[str, str, str]]:
    """Name, what it says, and its value or reason, of each cue of a check."""
    rows = []
    for cue in node.get("evidence", {}).get("cues") or ():
        value = cue.get("value")
        detail = str(cue.get("reason") or (f"{value:.2f}" if isinstance(value, int | float) else ""))
        name = words(str(cue.get("name")).removeprefix("pad_")).capitalize()
        rows.append((name, _SIGNS.get(cue.get("state"), str(cue.get("state"))), words(detail)))
    return rows


def why(node: Json) -> str:
    """Why a node was left as it was."""
    evidence = node.get("evidence") or {}
    parts = []
    if evidence.get("by"):
        parts.append(f"decided by {words(evidence['by'])}")
    if evidence.get("verdict"):
        parts.append(words(evidence["verdict"]))
    if evidence.get("reason"):
        parts.append(words(evidence["reason"]))
    if isinstance(evidence.get("score"), int | float):
        parts.append(f"score {evidence['score']:.2f}")
    if evidence.get("quote"):
        parts.append(f"“{shown(evidence['quote'])}”")
    return shown(", ".join(parts))


def document_rows(report: Json) -> list[tuple[str, str]]:
    """Name and value of each field that was read of a document (contract §4.5)."""
    found = report.get("documentClassInfo") or {}
    kind = " ".join(words(found[name]) for name in ("countryName", "region", "type") if found.get(name))
    rows = [("Kind", kind)] if kind else []
    for name, value in report.items():
        if name not in _NOT_FIELDS and (text := field_text(value)):
            rows.append((title(name), text))
    match = (report.get("dataMatchResult") or {}).get("overallState")
    if match:
        rows.append(("Comparison of its parts", words(match)))
    return rows[:MAX_DOCUMENT_FIELDS]


def field_text(value: Any) -> str:
    """The value of a field of a document: its Latin text, its date, or its scalars."""
    if isinstance(value, Mapping):
        if isinstance(value.get("latin"), Mapping):
            return shown(value["latin"].get("value", ""))
        if {"year", "month", "day"} & value.keys():
            date = "-".join(f"{value[part]:02}" for part in ("year", "month", "day") if value.get(part))
            return date or field_text(value.get("originalString") or "")
        inner = (f"{title(key)} {text}" for key, item in value.items() if (text := field_text(item)))
        return shown(", ".join(inner))
    if isinstance(value, list):
        return shown(", ".join(filter(None, map(field_text, value))))
    return "" if value is None else shown(value)


def review_lines(member: Json) -> Iterator[str]:
    """What reviewers decided, the judgement that counts first."""
    yield _judgement(member)
    if "second" in member:
        yield f"Second person: {_judgement(member['second'])}"
    for judgement in member.get("disputed", ()):
        yield f"Before that: {_judgement(judgement)}"


def moment(at_ms: Any) -> str:
    """Date and time in UTC; empty without one."""
    if not isinstance(at_ms, int | float):
        return ""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def duration(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def clock(seconds: float) -> str:
    """``m:ss`` from the beginning of the session."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes}:{rest:02}"


def words(key: Any) -> str:
    """A key such as ``near_limit`` as words."""
    return shown(str(key if key is not None else "").replace("_", " "))


def title(name: str) -> str:
    """``dateOfBirth`` as ``Date of birth``."""
    spaced = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name)
    return shown(spaced[:1].upper() + spaced[1:])


def shown(value: Any) -> str:
    """A value as one line that fits on the page and holds no control characters."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in str(value)).split())
    return text if len(text) <= MAX_VALUE_CHARACTERS else text[: MAX_VALUE_CHARACTERS - 1] + "…"


def _judgement(judgement: Json) -> str:
    decision = _DECISIONS.get(judgement.get("decision", ""), str(judgement.get("decision")))
    reason = f" “{shown(judgement['reason'])}”" if judgement.get("reason") else ""
    return f"{decision} by {shown(judgement.get('by', ''))}, {moment(judgement.get('decidedAt'))}.{reason}"
