"""What about a session deserves a second look (pure). It decides nothing: it puts a session where people see it."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from conversation.flow.journal import Step
from conversation.flow.record import Record
from rtc_server.storage.ports import Json

Level = Literal["none", "low", "high"]

HIGH = frozenset({"liveness_attack", "injection", "face_changed", "duress"})
"""Reasons that mean an attack, or a person in distress, when they are right."""

WRONG_CODES = 2
MISUNDERSTANDINGS = 3
"""From how many on they are a reason. Judgement: one of each happens to everybody."""

_FLAGS = {"injection": "prompt_injection", "doubt": "answer_in_doubt"}
_CUES = {"identity_change": "face_changed", "track_change": "face_changed"}
_CHECKED = frozenset({"LivenessJudged", "FaceScanned", "FaceEnrolled", "DocumentScanned"})


class Risk:
    """Gathers reasons; none goes away before the session ends."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._reasons: dict[str, None] = {}
        self._wrong_codes = 0
        self._misunderstandings = 0
        self._flags_read = 0
        self._recall()

    def to_json(self) -> Json:
        """``level`` and ``reasons``, in the order in which they came up."""
        level: Level = "none" if not self._reasons else "high" if HIGH & self._reasons.keys() else "low"
        return {"level": level, "reasons": list(self._reasons)}

    def step(self, step: Step) -> None:
        """A step of the flow."""
        event = step.event
        kind = event.get("type")
        if kind in _CHECKED:
            self._add_of_check(kind, event)
        elif kind == "CodeChecked" and not event.get("matches"):
            self._wrong_codes += 1
        elif kind == "Evaluated" and event.get("outcome") is None:
            self._misunderstandings += 1
        if self._wrong_codes >= WRONG_CODES:
            self._add("wrong_codes")
        if self._misunderstandings >= MISUNDERSTANDINGS:
            self._add("many_misunderstandings")
        self._read_flags()

    def _recall(self) -> None:
        """What was recorded before somebody looked, as when a session is taken up again."""
        for report in self._record.node_reports:
            self._add_cues(report.evidence)
            if report.outcome in ("deepfakeDetected", "deepfaceDetected"):
                self._add("liveness_attack")
            if report.outcome == "documentRejected":
                self._add("document_rejected")
        self._read_flags()

    def _add_of_check(self, kind: str, event: Mapping[str, Any]) -> None:
        if kind == "LivenessJudged" and event.get("outcome") == "attack":
            self._add("liveness_attack")
        if kind == "DocumentScanned" and event.get("outcome") == "rejected":
            self._add("document_rejected")
        if event.get("error") == "person_changed":
            self._add("face_changed")
        self._add_cues(event.get("evidence") or {})

    def _add_cues(self, evidence: Mapping[str, Any]) -> None:
        for name in _against(evidence.get("cues") or ()):
            if name.startswith("injection_"):
                self._add("injection")
            elif name in _CUES:
                self._add(_CUES[name])

    def _read_flags(self) -> None:
        flags = self._record.flags
        for _, _, flag in flags[self._flags_read :]:
            self._add(_FLAGS.get(flag, flag))
        self._flags_read = len(flags)

    def _add(self, reason: str) -> None:
        self._reasons[reason] = None


def _against(cues: Iterable[Any]) -> Iterable[str]:
    """Names of the cues that speak against the person."""
    return (str(cue.get("name")) for cue in cues if isinstance(cue, Mapping) and cue.get("state") == "against")
