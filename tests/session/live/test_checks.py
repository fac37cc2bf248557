"""Checks as they run: what is measured becomes lines of few points, and the verdict its cues."""

from dataclasses import replace
from typing import Any

from rtc_server.rtc.messages import CheckChallenge, CheckHint, ShowCheck
from rtc_server.session.live.checks import MOST_CHECKS, MOST_HINTS, Checks
from rtc_server.session.live.series import POINTS, SPACING_SECONDS
from rtc_server.session.vision.check_journal import CheckJournal, Kind
from tests.fakes.faces_seen import FACE, VIEW
from tests.session.live.watched import Watcher
from vision.document.capture import trace as document_trace
from vision.document.capture.events import FrameMeasured
from vision.document.capture.frame import DocumentFrame
from vision.document.capture.plan import Plan as DocumentPlan
from vision.document.capture.policy import CapturePolicy
from vision.document.document import CivilDate
from vision.liveness import trace as face_trace
from vision.liveness.events import Observed
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy

FRAME = DocumentFrame(
    at=0.0, corners=(), cards=1, whole=True, coverage=0.3, aspect=1.5, sharpness=0.7, glare=0.01, brightness=0.5,
    shadow=0.1, motion=0.02, fingerprint=0,
)  # fmt: skip


class Room:
    """The checks of a session, fed as the session feeds them: by their journals."""

    def __init__(self) -> None:
        self.checks = Checks(lambda at: round(1000 * at))
        self.watcher = Watcher()
        self.watcher("snapshot", {"checks": []})

    def begin(self, kind: Kind = "face", request_id: str = "r1", at: float = 0.0) -> CheckJournal:
        header: Any = face_trace.Header(Plan("liveness"), LivenessPolicy(), at)
        if kind == "document":
            plan = DocumentPlan("single", ("any",), False, CivilDate(2026, 11, 22), 60.0, False)
            header = document_trace.Header(plan, CapturePolicy(), at)
        return CheckJournal(kind, request_id, header, self.note)

    def note(self, now: float, entry: dict[str, object]) -> None:
        for name, data in self.checks.note(now, entry, "live"):
            self.watcher(name, data)

    def send(self, message: Any, now: float) -> None:
        for name, data in self.checks.sent(message, now):
            self.watcher(name, data)

    @property
    def seen(self) -> list[dict[str, Any]]:
        seen: list[dict[str, Any]] = self.watcher.state["checks"]
        return seen

    def line(self, key: str) -> dict[str, Any]:
        """A chart of the newest check, as it is kept."""
        return next(series for series in self.checks.entries[-1]["series"] if series["key"] == key)


def look(journal: CheckJournal, at: float, yaw: float = 0.0) -> None:
    journal.event(at, Observed(replace(VIEW, at=at, face=replace(FACE, yaw=yaw))))


def test_a_check_is_told_from_its_beginning_to_its_verdict() -> None:
    room = Room()
    journal = room.begin(at=1.0)
    (check,) = room.seen
    assert (check["requestId"], check["kind"], check["nodeId"]) == ("r1", "face", "live")
    assert (check["startedAt"], check["endedAt"], check["verdict"]) == (1_000, None, None)
    assert room.checks.running
    room.send(CheckHint("r1", "closer"), 1.5)
    room.send(CheckHint("r1", ""), 1.6)
    room.send(CheckChallenge("r1", 0, 1, "turn_left", "", 6_000), 2.0)
    cue = {"name": "pad_texture", "state": "supports", "value": 0.93, "reason": "median 0.93 over 21 frames"}
    journal.end(9.0, {"outcome": "bona_fide", "score": 0.9, "reasons": ["pad_texture"], "cues": [cue]})
    (check,) = room.seen
    assert check["hints"] == [{"at": 1_500, "key": "closer"}, {"at": 2_000, "key": "turn_left"}]
    assert check["endedAt"] == 9_000
    assert check["verdict"] == {"outcome": "bona_fide", "reason": "", "score": 0.9, "reasons": ["pad_texture"]}
    assert check["cues"] == [{"key": "pad_texture", "state": "supports", "value": 0.93}]
    assert not room.checks.running


def test_a_check_that_was_broken_off_has_no_verdict() -> None:
    room = Room()
    room.begin().end(3.0, None)
    (check,) = room.seen
    assert (check["endedAt"], check["verdict"], check["cues"]) == (3_000, None, [])


def test_fifteen_frames_a_second_are_five_points() -> None:
    room = Room()
    journal = room.begin()
    for number in range(30):
        look(journal, number / 15, float(number))
    journal.flush_when_due(2.0)
    yaw = room.line("yaw")
    assert (yaw["unit"], yaw["threshold"]) == ("°", LivenessPolicy().turn_degrees)
    assert len(yaw["points"]) == 10
    assert yaw["points"][:3] == [[0, 0.0], [200, 3.0], [400, 6.0]]
    (seen,) = room.seen
    assert next(line for line in seen["series"] if line["key"] == "yaw") == yaw


def test_what_was_not_measured_has_no_points() -> None:
    room = Room()
    journal = room.begin()
    journal.event(0.0, Observed(replace(VIEW, at=0.0, face=None, texture=0.9)))
    look(journal, 1.0)
    journal.flush_when_due(1.0)
    assert [len(room.line(key)["points"]) for key in ("yaw", "texture", "similarity")] == [1, 1, 0]
    assert {data["key"] for data in room.watcher.all("points")} >= {"yaw", "texture"}
    assert "similarity" not in {data["key"] for data in room.watcher.all("points")}


def test_a_document_has_lines_of_its_own() -> None:
    room = Room()
    journal = room.begin("document")
    journal.event(0.4, FrameMeasured(replace(FRAME, at=0.4)))
    journal.flush_when_due(1.0)
    assert room.line("glare") == {"key": "glare", "unit": "share", "threshold": 0.04, "points": [[400, 0.01]]}
    journal.end(5.0, {"outcome": "rejected", "reason": "expired", "document": {"problems": ["expired"], "cues": []}})
    (check,) = room.seen
    assert check["verdict"] == {"outcome": "rejected", "reason": "expired", "score": None, "reasons": ["expired"]}


def test_what_is_kept_of_checks_is_bounded() -> None:
    room = Room()
    for number in range(MOST_CHECKS + 3):
        room.begin(request_id=f"r{number}")
    assert len(room.checks.entries) == MOST_CHECKS
    journal = room.begin(request_id="long")
    for number in range(POINTS + 50):
        look(journal, number * SPACING_SECONDS)
        journal.flush_when_due(number * SPACING_SECONDS)
    journal.end(1_000.0, None)
    for number in range(MOST_HINTS + 5):
        room.send(CheckHint("long", "closer"), float(number))
    check = room.checks.entries[-1]
    assert (len(room.line("yaw")["points"]), len(check["hints"])) == (POINTS, MOST_HINTS)


def test_messages_of_other_things_mean_nothing() -> None:
    room = Room()
    room.send(CheckHint("unknown", "closer"), 1.0)
    room.send(ShowCheck("r1", "liveness", "", False, False, True), 1.0)
    room.note(1.0, {"type": "Check", "request_id": "unknown", "part": "ended", "verdict": None})
    assert room.seen == []
