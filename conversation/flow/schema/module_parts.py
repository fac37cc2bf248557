"""The nodes that stand for each legacy module (contract §2.7), and the sentences that are spoken there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conversation.flow.schema.document_types import COMMON_NAMES

Json = dict[str, Any]

_LOOK = (
    "I cannot see your face clearly yet. Please sit so that light falls on your face, "
    "and look straight into the camera."
)
_UNCLEAR = "This check gave no clear answer, so a person may look at it again later."
_SCAN_AGAIN = "Let us try it once more. Please hold the document flat and uncovered, in good light."
_OTHER_DOCUMENT = "If you have another document that is valid, please show me that one now."
_UNREAD = "So a person may ask you for a document later."
_AGE_DOCUMENT = "I cannot tell your age surely enough from your face, so please show me an identity document."
_SORRY = "I am sorry, but we cannot finish this check today. Please contact the company that sent you here. Goodbye!"
EMAIL_CODE_SECONDS = 600
"""How long a code sent by the module ``emailVerification`` is valid."""


@dataclass(frozen=True, slots=True)
class RequestedItem:
    """One thing to ask for."""

    key: str
    description: str
    required: bool


class Draft:
    """A flow in the making, built from its end towards its beginning; ids are kept unique."""

    def __init__(self) -> None:
        self._nodes: list[Json] = []
        self._ids: set[str] = set()
        self._failed = ""

    def nodes(self) -> list[Json]:
        """All nodes, the first one first and the ends last."""
        ends = [node for node in self._nodes if node["type"] == "end"]
        return [*(node for node in reversed(self._nodes) if node["type"] != "end"), *ends]

    def id(self, name: str, suffix: str = "") -> str:
        """An id that is still free: the name, a number when it is taken, and the suffix last."""
        number = 1
        while (found := f"{name}{number if number > 1 else ''}{suffix}") in self._ids:
            number += 1
        self._ids.add(found)
        return found

    def add(self, node: Json) -> str:
        """Put a node before those that are there; its id."""
        self._nodes.append(node)
        return str(node["id"])

    def say(self, name: str, words: str, next_id: str) -> str:
        """A node that speaks and goes on."""
        outcome = {"id": "next", "targetNodeId": next_id, "condition": ""}
        return self.add(
            {
                "id": self.id(name),
                "type": "conversation",
                "prompt": f"Say: {words}",
                "doesNotRequireReply": True,
                "outcomes": [outcome],
            }
        )

    def end(self, name: str) -> str:
        """An end node."""
        return self.add({"id": self.id(name), "type": "end"})

    def failed(self) -> str:
        """The farewell after a failure, made when it is first needed."""
        if not self._failed:
            self._failed = self.say("farewell_unfinished", _SORRY, self.end("end_unfinished"))
        return self._failed

    def branch(self, node_id: str, prompt: str, outcomes: Sequence[tuple[str, str, str]]) -> str:
        """A conversation; outcomes are (id, target, condition)."""
        return self.add({"id": node_id, "type": "conversation", "prompt": prompt, "outcomes": _conditions(outcomes)})

    def fixed(self, node_id: str, node_type: str, outcomes: Mapping[str, str], **settings: Any) -> str:
        """A node with a map of outcomes."""
        return self.add({"id": node_id, "type": node_type, **settings, "outcomes": dict(outcomes)})


def _conditions(outcomes: Sequence[tuple[str, str, str]]) -> list[Json]:
    return [{"id": key, "targetNodeId": target, "condition": text} for key, target, text in outcomes]


def identity_nodes(draft: Draft, next_id: str) -> str:
    """Liveness with one retry. Without a verdict the flow goes on: that is neither passed nor failed."""
    unclear = draft.say("identity_unclear", _UNCLEAR, next_id)
    again = _liveness(draft, "identity_liveness_again", next_id, unclear, unclear)
    look = draft.say("identity_look", _LOOK, again)
    return _liveness(draft, "identity_liveness", next_id, look, unclear)


def _liveness(draft: Draft, name: str, live: str, no_face: str, unclear: str) -> str:
    outcomes = {
        "livenessDetected": live,
        "deepfakeDetected": draft.failed(),
        "noFace": no_face,
        "inconclusive": unclear,
    }
    return draft.fixed(draft.id(name), "liveness_detection", outcomes)


def document_nodes(draft: Draft, next_id: str, *, compare_face: bool) -> str:
    """A scan with one retry and, together with an identity check, the comparison of the two faces.

    What was wrong the scan itself says; the sentence after it says how to go on. A document that could not be read is
    neither passed nor failed, and one that may not be taken leads to another try, with another document.
    """
    scanned = next_id
    if compare_face:
        unclear = draft.say("document_face_unclear", _UNCLEAR, next_id)
        outcomes = {"match": next_id, "noMatch": draft.failed(), "imageUnavailable": unclear}
        sources = {"sourceA": {"source": "documentPhoto"}, "sourceB": {"source": "sessionVideo"}}
        scanned = draft.fixed(draft.id("document_face"), "face_compare", outcomes, **sources)
    unread = draft.say("document_unread", _UNREAD, next_id)
    again = _scan(draft, "document_scan_again", scanned, timed_out=unread, rejected=draft.failed())
    other = draft.say("document_other", _OTHER_DOCUMENT, again)
    return _scan(
        draft, "document_scan", scanned, timed_out=draft.say("document_help", _SCAN_AGAIN, again), rejected=other
    )


def _scan(draft: Draft, name: str, scanned: str, *, timed_out: str, rejected: str) -> str:
    outcomes = {
        "scanSuccess": scanned,
        "userCancelled": draft.failed(),
        "scanTimeout": timed_out,
        "documentRejected": rejected,
    }
    settings = {"scanningMode": "automatic", "allowedDocumentTypes": list(COMMON_NAMES)}
    return draft.fixed(draft.id(name), "document_scan", outcomes, **settings)


def age_estimation_nodes(draft: Draft, next_id: str, age: int) -> str:
    """The apparent age; near the limit, or without an estimate, the age on a document. Without either the flow goes on:
    that is neither passed nor failed."""
    unclear = draft.say("age_unclear", _UNCLEAR, next_id)
    ways = (
        ("old_enough", next_id, f"age >= {age}"),
        ("too_young", draft.failed(), f"age < {age}"),
        ("unknown", unclear, "age is missing"),
    )
    check = draft.add(
        {
            "id": draft.id("age_check"),
            "type": "data_validation",
            "validation": {"field": "age", "action": "greater_or_equal", "value": age},
            "outcomes": _conditions(ways),
        }
    )
    scan = _scan(draft, "age_document", check, timed_out=unclear, rejected=unclear)
    ask = draft.say("age_document_help", _AGE_DOCUMENT, scan)
    outcomes = {"success": next_id, "failure": draft.failed(), "unclear": ask}
    return draft.fixed(draft.id("age_estimation"), "age_estimation", outcomes, age=age)


def code_nodes(draft: Draft, next_id: str, channel: str) -> str:
    """A one-time code by e-mail or SMS."""
    failed = draft.failed()
    outcomes = {
        "verified": next_id,
        "delivery_failed": failed,
        "failed_unverified": failed,
        "cancelled": failed,
        "error": failed,
    }
    settings = {"expirySeconds": EMAIL_CODE_SECONDS} if channel == "email" else {}
    return draft.fixed(draft.id(f"{channel}_code"), f"two_factor_{channel}", outcomes, **settings)


def intent_nodes(draft: Draft, next_id: str, items: Sequence[RequestedItem]) -> str:
    """One question for each statement. Yes and no are both answers; silence ends a required one."""
    for item in reversed(items):
        statement = item.description.strip() or _words(item.key)
        question = statement if statement.endswith("?") else f"Do you confirm this: {statement.rstrip('.!')}?"
        outcomes = (
            ("yes", next_id, "The user says yes"),
            ("no", next_id, "The user says no"),
            (
                "no_answer",
                draft.failed() if item.required else next_id,
                "No answer after several attempts, or a refusal",
            ),
        )
        node_id = draft.id("intent", f"_{item.key}")
        next_id = draft.branch(node_id, f"Say: Please answer with yes or no. {question}", outcomes)
    return next_id


def knowledge_nodes(draft: Draft, next_id: str) -> str:
    """Questions about the person, recorded; nothing here judges the answers."""
    outcomes = (
        ("answered", next_id, "The user gave their full name and their date of birth"),
        ("no_answer", draft.failed(), "No answer after several attempts, or a refusal"),
    )
    prompt = "Ask the user for their full name and their date of birth."
    return draft.branch(draft.id("knowledge_questions"), prompt, outcomes)


def requested_nodes(draft: Draft, next_id: str, items: Sequence[RequestedItem]) -> str:
    """One question for each field of the oldest contract's ``requestedData``."""
    for item in reversed(items):
        words = _words(item.key)
        wanted = item.description.strip() or f"their {words}"
        prompt = f"Say: {wanted}" if wanted.endswith("?") else f"Ask the user for {wanted.rstrip('.!')}."
        outcomes = (
            ("given", next_id, f"The user provided their {words}"),
            (
                "no_answer",
                draft.failed() if item.required else next_id,
                f"The user did not provide their {words} after several attempts, or refuses",
            ),
        )
        next_id = draft.branch(draft.id("ask", f"_{item.key}"), prompt, outcomes)
    return next_id


def _words(key: str) -> str:
    """A key such as ``firstName`` or ``first_name`` in words."""
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in key)
    return " ".join(spaced.replace("_", " ").replace("-", " ").split()).lower()
