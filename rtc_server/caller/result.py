"""What came of a call (pure): turns, transcript, path, and whether that is what the script expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rtc_server.caller.measurement import Spread, spread
from rtc_server.caller.script import Expectation

Json = dict[str, Any]

STAGES = ("endpointMs", "evaluateMs", "synthesizeMs", "playoutMs", "totalMs")
"""Of a server's turn, in order of time; ``totalMs`` is their sum."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One answer of the caller and what it heard then."""

    node: str
    kind: str
    text: str
    ended_utc_ms: int
    """When the caller's last audible sample, or its typed text, was sent."""
    reply_ms: float | None
    """From there to the first audible sample of the avatar; None when nothing came or it did not wait."""
    interrupted_by_avatar: bool = False
    """The avatar began to speak before the caller had ended, though the caller had not barged in."""
    barge_in_stop_ms: float | None = None
    """After a barge-in: from the caller's first sample to the avatar's silence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript, as captioned."""

    speaker: str
    text: str
    typed: bool = False


@dataclass(slots=True)
class CallResult:
    """A finished call."""

    session_id: str = ""
    status: str = ""
    """``complete``, ``incomplete``, or empty when the call broke off."""
    reason: str = ""
    failure: str = ""
    """Why the call broke off, a sentence; empty when it ran to its end."""
    seconds: float = 0.0
    reconnects: int = 0
    lines: list[Line] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    """Ids of the nodes that the server announced, in order."""
    turns: list[Turn] = field(default_factory=list)
    expected_outcomes: dict[str, str] = field(default_factory=dict)
    """By node, from the answers that were given."""
    report: Json | None = None
    """The server's report; None without an API key."""

    @property
    def path(self) -> list[str]:
        """Nodes in the order in which they were left."""
        if self.report is None:
            return self.nodes[:-1]
        return [node["nodeId"] for node in self.report.get("nodeReports", [])]

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """(node, next node), in order."""
        if self.report is None:
            return list(zip(self.nodes, self.nodes[1:], strict=False))
        return [(node["nodeId"], node["outcome"]) for node in self.report.get("nodeReports", [])]

    def reply_times(self) -> Spread | None:
        """Of the turns that were answered."""
        return spread([turn.reply_ms for turn in self.turns if turn.reply_ms is not None])

    def stages(self) -> dict[str, Spread]:
        """The server's own times, by stage."""
        turns = (self.report or {}).get("turns", [])
        spreads = {stage: spread([turn[stage] for turn in turns if stage in turn]) for stage in STAGES}
        return {stage: found for stage, found in spreads.items() if found is not None}

    def server_turn(self, turn: Turn) -> Json | None:
        """The server's record of a turn: the one decided between the end of the answer and the reply."""
        latest = turn.ended_utc_ms + (turn.reply_ms or 0.0)
        turns = (self.report or {}).get("turns", [])
        return next((t for t in turns if turn.ended_utc_ms - 500 <= t["createdAt"] <= latest), None)

    def to_json(self) -> Json:
        """Everything, for machines."""
        times = self.reply_times()
        return {
            "sessionId": self.session_id,
            "status": self.status,
            "reason": self.reason,
            "failure": self.failure,
            "seconds": round(self.seconds, 1),
            "reconnects": self.reconnects,
            "transcript": [{"speaker": x.speaker, "text": x.text, "isTyped": x.typed} for x in self.lines],
            "path": self.path,
            "outcomes": [{"node": node, "next": target} for node, target in self.outcomes],
            "turns": [
                {
                    "node": turn.node,
                    "kind": turn.kind,
                    "text": turn.text,
                    "endedAt": turn.ended_utc_ms,
                    "replyMs": None if turn.reply_ms is None else round(turn.reply_ms, 1),
                    "interruptedByAvatar": turn.interrupted_by_avatar,
                    "bargeInStopMs": turn.barge_in_stop_ms,
                    "server": self.server_turn(turn),
                }
                for turn in self.turns
            ],
            "replyMs": times.to_json() if times else None,
            "stages": {stage: found.to_json() for stage, found in self.stages().items()},
            "report": self.report,
        }


def disappointments(result: CallResult, expect: Expectation) -> list[str]:
    """What was not as expected, a sentence each; empty when the call succeeded."""
    if result.failure:
        return [result.failure]
    found: list[str] = []
    if result.status != expect.status:
        found.append(f"the session ended {result.status} ({result.reason}), expected {expect.status}")
    if expect.path and tuple(result.path) != expect.path:
        found.append(f"the path was {_arrows(result.path)}, expected {_arrows(expect.path)}")
    outcomes: Mapping[str, str] = {**result.expected_outcomes, **expect.outcomes}
    reached = dict(result.outcomes)
    for node, target in outcomes.items():
        if node not in reached:
            found.append(f"node {node} was never left, expected it to lead to {target}")
        elif reached[node] != target:
            found.append(f"node {node} led to {reached[node]}, expected {target}")
    captions = [line.text.casefold() for line in result.lines]
    for words in expect.captions:
        if not any(words.casefold() in caption for caption in captions):
            found.append(f"no caption contains '{words}'")
    return found


def _arrows(path: Sequence[str]) -> str:
    return " → ".join(path) or "empty"
