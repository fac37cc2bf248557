"""Invented sessions for pictures of the console: thirty that run, one of which can be watched. No real people."""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from conversation.flow.journal import Header
from rtc_server.commands.demo import demo_journeys
from rtc_server.console.ports import AgentRef, Listener
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.messages import CheckChallenge, CheckHint, FromPage, State, Statistics
from rtc_server.rtc.ports import PeerPolicy, ViewerPort
from rtc_server.rtc.viewers import Viewers
from rtc_server.session.latency import TurnLatency
from rtc_server.session.live.view import LiveView
from rtc_server.session.vision.check_journal import CheckJournal
from rtc_server.storage.ports import Json
from tests.fakes.faces_seen import FACE, VIEW
from tests.scores.score import Score
from tests.session.live.watched import record
from vision.liveness import trace
from vision.liveness.events import Observed
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy

WATCHED = "s-watched"
AGENT = {"id": "stf_mara", "name": "Mara", "mode": "watching"}
CHECK_SECONDS = 14.0
FRAMES_PER_SECOND = 15
IDENTITY = demo_journeys()["identity"]["flow"]

_SPECIAL: tuple[Json, ...] = (
    {"state": "held", "nodeId": "payment", "agents": [AGENT | {"mode": "speaking"}], "risk": ("high", "duress")},
    {"state": "checking", "nodeId": "live", "nodeType": "liveness_detection", "risk": ("high", "liveness_attack")},
    {
        "state": "waiting",
        "nodeId": "code",
        "nodeType": "two_factor_email",
        "waited": 74,
        "risk": ("low", "wrong_codes"),
    },
    {"state": "listening", "nodeId": "hello", "waited": 41, "attempts": 3, "risk": ("low", "many_misunderstandings")},
    {"state": "away", "nodeId": "payment", "waited": 132, "quality": "unknown"},
    {"state": "hearing", "nodeId": "alone", "quality": "poor", "agents": [AGENT]},
    {"state": "connecting", "nodeId": "start", "nodeType": "start", "quality": "unknown"},
)
"""What differs from a session in which nothing happens; the rest of the thirty follow a pattern."""
_STATES = ("speaking", "listening", "hearing", "thinking", "speaking", "waiting", "checking")
_NODES = (
    ("hello", "conversation"), ("payment", "conversation"), ("mail", "enter_email"), ("live", "liveness_detection"),
    ("alone", "conversation"), ("paper", "document_scan"),
)  # fmt: skip
_DEVICES = (("Safari", "iOS 19", True), ("Chrome", "Android 17", True), ("Firefox", "Windows 11", False))


class InventedFloor:
    """Implements the console's ``Supervision``; ``now_ms`` is the moment of the pictures, and nothing moves."""

    def __init__(self, now_ms: int, count: int = 30) -> None:
        self.view = watched_session(now_ms)
        first = self.view.summary
        others = (_summary(first, number, now_ms) for number in range(count - 1))
        self._summaries = {summary["id"]: summary for summary in (first, *others)}
        self.holder: Json | None = None
        """Who has taken over the session that can be watched: ``id``, ``name``, ``since``."""
        self._hub = MediaHub()
        self._viewers = Viewers(PeerPolicy())
        self._viewer: ViewerPort | None = None

    def summaries(self) -> list[Json]:
        """Of all thirty."""
        return list(self._summaries.values())

    def summary(self, session_id: str) -> Json | None:
        """Of one."""
        return self._summaries.get(session_id)

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Nothing changes."""
        return lambda: None

    def watch(self, session_id: str, agent: AgentRef, listener: Listener) -> "Still":
        """The one that can be watched, whichever was asked for."""
        snapshot = self.view.snapshot() | {"agent": {"holder": self.holder}}
        if self.holder is not None:
            agents = [AGENT | self.holder | {"mode": "speaking"}]
            snapshot["summary"] = snapshot["summary"] | {"state": "held", "agents": agents}
        listener("snapshot", snapshot)
        return Still()

    async def act(self, session_id: str, agent: AgentRef, act: Json) -> None:
        """Nothing is done."""

    async def media(self, session_id: str, agent: AgentRef, sdp: str) -> Json:
        """A connection over which nothing comes, in place of the one before."""
        await self.close()
        self._viewer = self._viewers(self._hub, on_state=lambda state: None, on_voice=lambda payload: None)
        return {"viewerId": "vw_1", "sdp": await self._viewer.answer(sdp)}

    async def leave_media(self, session_id: str, agent: AgentRef, viewer_id: str) -> None:
        """With the rest."""

    async def close(self) -> None:
        """End the connection."""
        viewer, self._viewer = self._viewer, None
        if viewer is not None:
            await viewer.close()


class Still:
    """A view in which nothing changes."""

    def close(self) -> None:
        """Nothing to end."""


def watched_session(now_ms: int) -> LiveView:
    """A person in the middle of a liveness check."""
    rehearsal = Score(IDENTITY)
    talk(rehearsal)
    started_ms = now_ms - round(1000 * (rehearsal.now + CHECK_SECONDS))
    return _follow(Score(IDENTITY), replace(rehearsal.header, started_utc_ms=started_ms))


def talk(score: Score, stepped: Callable[[], None] = lambda: None) -> None:
    """Up to the liveness check."""
    for act in (
        score.join,
        score.spoken,
        lambda: score.reply("What do you need that for?", None),
        score.spoken,
        lambda: score.reply("All right. My name is Noor Whitfield.", "name"),
        score.spoken,
    ):
        before = len(score.steps)
        act()
        for _ in score.steps[before:]:
            stepped()


def _follow(score: Score, header: Header) -> LiveView:
    stored = record(
        client_reference_id="account-20417",
        flow_id="flw_northbank_identity",
        device={"browser": "Safari", "os": "iOS 19", "isMobile": True},
    )
    stored = replace(stored, id=WATCHED, tenant="northbank")
    end = {"now": 0.0}
    view = LiveView(stored, header, score.machine, lambda: end["now"], lambda: None, lambda: None)
    told = 0

    def tell() -> None:
        nonlocal told
        view.step(score.steps[told])
        told += 1

    talk(score, tell)
    end["now"] = score.now
    for number in range(24):
        view.heard(_measurement(number))
        end["now"] += 1.0
    end["now"] = score.now
    for number in range(4):
        wavy = 40 * math.sin(number)
        view.turn(TurnLatency(4.0 + 5 * number, "silence", 210, 330 + wavy, 12, 4 + number, 8))
    _check(view, score.now, end)
    view.sent(State("listening"))
    return view


def _measurement(number: int) -> FromPage:
    return Statistics(48 + 22 * math.sin(number / 2), 41 + 9 * math.cos(number / 3), number // 9, 40 * number)


def _check(view: LiveView, began: float, end: dict[str, float]) -> None:
    """A person who comes closer, then turns the head."""
    journal = CheckJournal("face", "r1", trace.Header(Plan("liveness"), LivenessPolicy(), began), view.note)
    view.sent(CheckHint("r1", "closer"))
    for number in range(round(CHECK_SECONDS * FRAMES_PER_SECOND)):
        passed = number / FRAMES_PER_SECOND
        at = end["now"] = began + passed
        closer = min(1.0, passed / 4)
        turned = 26 * math.exp(-(((passed - 9.5) / 1.4) ** 2))
        blink = 0.85 if number % 47 in (0, 1, 2) else 0.0
        face = replace(
            FACE,
            width=0.24 + 0.16 * closer,
            yaw=turned + 1.5 * math.sin(passed),
            pitch=2.0 * math.cos(passed),
            sharpness=22 + 12 * closer - turned / 3,
            brightness=0.46 + 0.05 * math.sin(passed / 3),
            eye_closure=0.08 + blink,
            smile=0.1 + 0.08 * math.sin(passed / 2),
        )
        texture = 0.9 + 0.06 * math.sin(passed * 2) - turned / 200 if number % 11 == 0 else None
        likeness = 0.93 + 0.02 * math.cos(passed) if number % 15 == 0 and passed > 3 else None
        journal.event(at, Observed(replace(VIEW, at=at, face=face, texture=texture, likeness=likeness)))
        if number == 8 * FRAMES_PER_SECOND:
            view.sent(CheckChallenge("r1", 0, 2, "turn_left", "", 6_000))
        journal.flush_when_due(at)


def _summary(first: Json, number: int, now_ms: int) -> Json:
    """One of the rest of the list."""
    special = _SPECIAL[number] if number < len(_SPECIAL) else {}
    node_id, node_type = _NODES[number % len(_NODES)]
    state = special.get("state", _STATES[number % len(_STATES)])
    level, *reasons = special.get("risk", ("none",))
    quality = special.get("quality", "fair" if number % 9 == 4 else "good")
    browser, system, mobile = _DEVICES[number % len(_DEVICES)]
    waited = special.get("waited", number * 7 % 23)
    started = now_ms - 1000 * (35 + number * 53 % 600)
    summary = {
        "id": f"s-{1000 + number}",
        "clientReferenceId": f"account-{20_418 + number * 131}",
        "tenant": ("northbank", "brightside")[number % 4 == 3],
        "sandbox": number % 11 == 10,
        "startedAt": started,
        "language": ("en", "de", "es", "fr")[number % 4],
        "state": state,
        "nodeId": special.get("nodeId", node_id),
        "nodeType": special.get("nodeType", "conversation" if special else node_type),
        "nodeSince": max(started, now_ms - 1000 * (20 + waited)),
        "waitingSince": None if state == "speaking" else now_ms - 1000 * waited,
        "attempts": special.get("attempts", 0),
        "risk": {"level": level, "reasons": reasons},
        "network": _network(quality),
        "device": {"browser": browser, "os": system, "mobile": mobile},
        "agents": [agent | {"since": now_ms - 25_000} for agent in _agents(special)],
        "recording": number % 4 == 1,
    }
    unknown = summary.keys() - first.keys()
    if unknown:
        raise ValueError(f"a summary has no {', '.join(sorted(unknown))} any more")
    return first | summary


def _agents(special: Json) -> Iterable[Json]:
    found: Iterable[Json] = special.get("agents", ())
    return found


def _network(quality: str) -> Json:
    figures = {"good": (44, 38, 0.0), "fair": (236, 92, 0.8), "poor": (468, 260, 6.1)}.get(quality, (None,) * 3)
    return {"quality": quality, **dict(zip(("roundTripMs", "jitterBufferMs", "lostPercent"), figures, strict=True))}
