"""``aiAnalysis`` of the report, written by rules from evidence only (contract §4.3; ``docs/report.md``).

English, whatever the session's language: it is for the integrator's people. What was not checked is named as such, and
what the sandbox decided is no evidence of anything.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conversation.evaluate.ports import Summarizer
from conversation.flow.record import NodeReport
from rtc_server.session.document_words import document_details, document_sentence, document_was_looked_at

Json = dict[str, Any]

_TITLES = {
    "liveness_detection": "Liveness",
    "age_estimation": "Liveness and age",
    "face_scan": "Face scan",
    "face_compare": "Face comparison",
    "recognition": "Recognition",
    "document_scan": "Document",
}
_CUES = {
    "pad_texture": "Skin texture",
    "pad_challenge": "Challenges",
    "pad_lips": "Lips and voice",
    "pad_flash": "Reflection of colours",
    "pad_parallax": "Depth of the head",
    "pad_motion": "Small movements",
    "pad_static": "Still picture",
    "pad_loop": "Repeated clip",
    "identity_change": "Same person throughout",
    "track_change": "Face followed without a break",
    "more_than_one_face": "One person only",
    "injection_camera": "Kind of camera",
    "injection_timing": "Timing of frames",
    "injection_repeats": "Repeated frames",
    "document_screen": "Document shown on a screen",
    "document_bezel": "Edge of a screen",
    "document_print": "Printed copy of a document",
    "document_portrait": "Portrait of the document",
}
_STATES = {"supports": "in favour", "against": "against", "neutral": "says nothing", "not_checked": "not checked"}
_VERDICTS = {
    "bona_fide": "A live person was before the camera.",
    "attack": "What the camera showed was no live person.",
    "no_face": "No face was seen.",
    "inconclusive": "There was a picture, and it gave no verdict.",
    "not_checked": "Nobody could look, so nothing was checked.",
}
_CAPTURES = {
    "captured": "The face was captured.",
    "cancelled": "The person closed the camera view.",
    "timeout": "The face could not be captured in time.",
    "no_face": "No face was seen.",
    "not_checked": "Nobody could look, so nothing was checked.",
    "error": "The face could not be captured.",
}


def analyse(reports: Sequence[NodeReport]) -> Json | None:
    """The member of the report; None when nothing was looked at.

    ``realPersonOrVirtual`` is left out when there is no verdict, the ages and ``sex`` when they were not estimated.
    """
    seen = [report for report in reports if report.node_type in _TITLES and not report.evidence.get("forced")]
    if not any(_looked_at(report) for report in seen):
        return None
    sections = [_section(report) for report in seen]
    attributes = _attributes(seen)
    if attributes:
        sections.append(_age_and_sex(attributes))
    found: Json = {}
    if attributes:
        found |= {"ageMin": attributes["ageMin"], "ageMax": attributes["ageMax"]}
        found |= {"sex": attributes["sex"]} if attributes["sex"] else {}
    if kind := _real_or_virtual(seen):
        found["realPersonOrVirtual"] = kind
    return found | {"overallSummary": _summary(seen, attributes), "analysis": sections}


async def put_into_words(analysis: Json, summarizer: Summarizer | None) -> Json:
    """The analysis with a model's words after the rules' summary, which always stands first; as it is without any."""
    facts = [section["longDescription"] for section in analysis["analysis"]]
    words = await summarizer.summarize(facts) if summarizer is not None else ""
    if not words:
        return analysis
    return analysis | {"overallSummary": f"{analysis['overallSummary']} {words}", "summaryWordedBy": "model"}


def _looked_at(report: NodeReport) -> bool:
    """Whether there was a picture to judge; a scan that was cancelled had none."""
    if report.node_type == "document_scan":
        return document_was_looked_at(report)
    state = report.evidence.get("verdict") or report.evidence.get("capture") or report.evidence.get("identification")
    return (state or "not_checked") != "not_checked" or _similarity(report) is not None


def _real_or_virtual(reports: Sequence[NodeReport]) -> str:
    faces = (report for report in reports if report.node_type != "document_scan")
    verdicts = [verdict for report in faces if (verdict := report.evidence.get("verdict")) is not None]
    if "attack" in verdicts:
        return "virtual"
    if "bona_fide" in verdicts:
        return "real"
    return "noface" if "no_face" in verdicts and set(verdicts) <= {"no_face", "not_checked"} else ""


def _attributes(reports: Sequence[NodeReport]) -> Json:
    """The estimate that most frames stand behind; empty when there is none."""
    found: list[Json] = [attributes for report in reports if (attributes := report.evidence.get("attributes"))]
    return max(found, key=lambda attributes: int(attributes["frames"]), default={})


# ---- words


def _summary(reports: Sequence[NodeReport], attributes: Json) -> str:
    sentences = [_short(report) for report in reports]
    if attributes:
        sentences.append(f"The face looks {_range(attributes)}.")
    unchecked = dict.fromkeys(
        _cue_title(cue) for report in reports for cue in _cues(report) if cue["state"] == "not_checked"
    )
    if unchecked:
        sentences.append(f"Not checked: {', '.join(unchecked)}.")
    return " ".join(dict.fromkeys(sentences))


def _section(report: NodeReport) -> Json:
    return {
        "title": _TITLES[report.node_type],
        "shortDescription": _short(report),
        "longDescription": " ".join([f"Node '{report.node_id}' ended as '{report.outcome}'.", *_details(report)]),
    }


def _short(report: NodeReport) -> str:
    evidence = report.evidence
    if report.node_type == "recognition":
        return _identified(evidence.get("identification"))
    if report.node_type == "face_compare":
        return _compared(report)
    if report.node_type == "document_scan":
        return document_sentence(report)
    if report.node_type == "face_scan":
        sentence = _CAPTURES.get(str(evidence.get("capture")), "The face was not captured.")
        return f"{sentence} {_compared(report)}" if "compareFacesReport" in _members(report) else sentence
    return _VERDICTS.get(str(evidence.get("verdict")), "The check came to no verdict.")


def _identified(identification: object) -> str:
    if identification == "recognized":
        return "The person is one of the enrolled."
    return "The person is none of the enrolled." if identification == "new" else "Nobody was looked up."


def _compared(report: NodeReport) -> str:
    similarity, members = _similarity(report), _members(report)
    if similarity is None:
        return "The faces were not compared."
    found = members.get("compareFacesReport", members)
    return f"The faces {'match' if found['isMatch'] else 'do not match'} (similarity {similarity:.2f})."


def _details(report: NodeReport) -> Iterator[str]:
    evidence = report.evidence
    if isinstance(evidence.get("score"), int | float):
        yield f"Score {evidence['score']:.2f}."
    for cue in _cues(report):
        reason = f": {cue['reason']}" if cue.get("reason") else ""
        yield f"{_cue_title(cue)} – {_STATES.get(cue['state'], cue['state'])}{reason}."
    if report.node_type == "document_scan":
        yield from document_details(report)
    for challenge in evidence.get("challenges") or ():
        name = str(challenge["kind"]).replace("_", " ")
        yield f"Asked to {name}: {'done' if challenge['passed'] else 'not done'}."
    if evidence.get("reason"):
        yield f"Reason: {str(evidence['reason']).replace('_', ' ')}."


def _age_and_sex(attributes: Json) -> Json:
    return {
        "title": "Age and sex",
        "shortDescription": f"The face looks {_range(attributes)}.",
        "longDescription": f"An estimate from {attributes['frames']} pictures. It is a tendency of faces, no fact "
        "about a person, and must not decide anything alone.",
    }


def _range(attributes: Json) -> str:
    years = f"{attributes['ageMin']} to {attributes['ageMax']} years old"
    return f"{years} and {attributes['sex']}" if attributes["sex"] else years


# ---- looking into evidence


def _cues(report: NodeReport) -> Sequence[Mapping[str, Any]]:
    return report.evidence.get("cues") or ()


def _cue_title(cue: Mapping[str, Any]) -> str:
    return _CUES.get(cue["name"], str(cue["name"]).replace("_", " "))


def _members(report: NodeReport) -> Mapping[str, Any]:
    found: Mapping[str, Any] = report.members.get("report") or {}
    return found


def _similarity(report: NodeReport) -> float | None:
    members = _members(report)
    similarity = members.get("compareFacesReport", members).get("similarity")
    return similarity if isinstance(similarity, int | float) else None
