"""Checks before the camera, as they run: what is asked of the person, what is measured, what it came to (pure)."""

from collections import deque
from collections.abc import Mapping
from typing import Any

from rtc_server.rtc.messages import CheckChallenge, CheckHint, FromServer
from rtc_server.session.live.series import MEASURES, Series
from rtc_server.session.report import Moment
from rtc_server.session.vision.check_journal import Kind
from rtc_server.storage.ports import Json

MOST_CHECKS = 6
"""With their charts; the oldest are let go beyond that."""

MOST_HINTS = 60

_FRAME_EVENTS = {"Observed": "observation", "FrameMeasured": "frame"}
"""Events that hold what was measured in a frame, and where."""

Delta = tuple[str, Json]
"""Name of an event and its data."""


class Check:
    """One of them."""

    def __init__(self, request_id: str, kind: Kind, node_id: str, now: float, policy: Json, moment: Moment) -> None:
        self._described = {"requestId": request_id, "kind": kind, "nodeId": node_id, "startedAt": moment(now)}
        self._moment = moment
        self._ended_at: int | None = None
        self._verdict: Json | None = None
        self._hints: deque[Json] = deque(maxlen=MOST_HINTS)
        self._cues: list[Json] = []
        self._series = [Series(measure, policy, moment) for measure in MEASURES[kind]]

    @property
    def open(self) -> bool:
        """Whether it goes on."""
        return self._ended_at is None

    def to_json(self) -> Json:
        """Without its charts."""
        return {
            **self._described,
            "endedAt": self._ended_at,
            "verdict": self._verdict,
            "hints": list(self._hints),
            "cues": self._cues,
        }

    def with_series(self) -> Json:
        """With them."""
        return {**self.to_json(), "series": [series.to_json() for series in self._series]}

    def hint(self, key: str, now: float) -> None:
        """The person is asked for something."""
        self._hints.append({"at": self._moment(now), "key": key})

    def frames(self, rows: list[Any]) -> list[Delta]:
        """What the check was given lately: (time, event) pairs."""
        frames = [event[_FRAME_EVENTS[event["type"]]] for _, event in rows if event.get("type") in _FRAME_EVENTS]
        added = [series.take(frames) for series in self._series]
        return [("points", {"requestId": self._described["requestId"], **points}) for points in added if points]

    def end(self, verdict: Mapping[str, Any] | None, now: float) -> None:
        """It is over, with a verdict or without one."""
        self._ended_at = self._moment(now)
        if verdict is None:
            return
        document = verdict.get("document") or {}
        self._verdict = {
            "outcome": verdict.get("outcome"),
            "reason": verdict.get("inconclusiveReason") or verdict.get("reason") or "",
            "score": verdict.get("score"),
            "reasons": list(verdict.get("reasons") or document.get("problems") or ()),
        }
        cues = verdict.get("cues") or document.get("cues") or ()
        self._cues = [{"key": cue["name"], "state": cue["state"], "value": cue["value"]} for cue in cues]


class Checks:
    """Those of a session."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._checks: dict[str, Check] = {}

    @property
    def running(self) -> bool:
        """Whether one goes on."""
        return any(check.open for check in self._checks.values())

    @property
    def entries(self) -> list[Json]:
        """The newest last, with their charts."""
        return [check.with_series() for check in self._checks.values()]

    def note(self, now: float, entry: Mapping[str, Any], node_id: str) -> list[Delta]:
        """A line of a check's journal, while the flow stands at ``node_id``; what it changes."""
        request_id = str(entry.get("request_id"))
        if entry.get("part") == "began":
            check = self._begin(request_id, entry, now, node_id)
            return [("check", check.to_json())]
        known = self._checks.get(request_id)
        if known is None:
            return []
        if entry.get("part") == "events":
            return known.frames(entry["events"])
        known.end(entry.get("verdict"), now)
        return [("check", known.to_json())]

    def sent(self, message: FromServer, now: float) -> list[Delta]:
        """The page was told something; what it changes."""
        if isinstance(message, CheckHint):
            key = message.key
        elif isinstance(message, CheckChallenge):
            key = message.kind
        else:
            return []
        check = self._checks.get(message.request_id)
        if check is None or not key:
            return []
        check.hint(key, now)
        return [("check", check.to_json())]

    def _begin(self, request_id: str, entry: Mapping[str, Any], now: float, node_id: str) -> Check:
        policy = dict((entry.get("header") or {}).get("policy") or {})
        kind: Kind = "document" if entry.get("kind") == "document" else "face"
        self._checks[request_id] = check = Check(request_id, kind, node_id, now, policy, self._moment)
        if len(self._checks) > MOST_CHECKS:
            del self._checks[next(iter(self._checks))]
        return check
