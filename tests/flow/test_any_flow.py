"""Random small flows of all node types under random events: nothing raises, nothing hangs, everything replays."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.journal import read_lines, replay, write_lines
from conversation.flow.nodes import NODE_TYPES
from conversation.flow.policy import DialoguePolicy
from tests.scores.flows import conversation
from tests.scores.score import Score

POLICY = DialoguePolicy(session_seconds=1_000_000.0)
LONGEST_WAIT = 700.0
"""Seconds; above the longest deadline of any node (expiry of a code, patience of a form, absence)."""
MOST_WAITS = 400

FIXED = {
    "permissions": ["permissionsGranted", "permissionsDenied"],
    "enter_email": ["emailEntered", "canceled"],
    "two_factor_email": ["verified", "delivery_failed", "failed_unverified", "cancelled", "error"],
    "two_factor_sms": ["verified", "delivery_failed", "failed_unverified", "cancelled", "error"],
    "liveness_detection": ["livenessDetected", "deepfakeDetected", "noFace", "inconclusive"],
    "face_scan": ["passed", "notPassed", "cancelled", "error"],
    "face_compare": ["match", "noMatch", "imageUnavailable"],
    "recognition": ["recognized", "newUser", "noFace"],
    "age_estimation": ["success", "failure", "unclear"],
    "document_scan": ["scanSuccess", "userCancelled", "scanTimeout"],
}
MORE: dict[str, dict[str, Any]] = {
    "permissions": {"permissions": {"camera": True, "microphone": True}},
    "document_scan": {"scanningMode": "single", "allowedDocumentTypes": ["passport"]},
    "recognition": {"enroll": True},
    "face_scan": {"referenceImageKey": "passport", "requireLivenessChallenge": True},
    "two_factor_email": {"expirySeconds": 60, "resendAfterSeconds": 5},
}
INNER = sorted(NODE_TYPES - {"start", "end"})
REQUEST = {"url": "https://partner.test/x", "vars": []}


def node(node_id: str, kind: str, targets: list[str], variant: int) -> dict[str, Any]:
    """A node of a type; ``targets`` are used in turn."""

    def to(index: int) -> str:
        return targets[index % len(targets)]

    if kind in FIXED:
        outcomes = {name: to(index) for index, name in enumerate(FIXED[kind])}
        return {"id": node_id, "type": kind, "outcomes": outcomes, **MORE.get(kind, {})}
    if kind == "external_call":
        return {"id": node_id, "type": kind, "request": REQUEST, "outcome": to(0)}
    if kind == "field_condition":
        left = {"source": "providedData", "field": "email"}
        return {
            "id": node_id,
            "type": kind,
            "rules": [{"left": left, "operator": "exists", "outcome": to(0)}],
            "default": to(1),
        }
    if kind == "data_validation":
        return {
            "id": node_id,
            "type": kind,
            "validation": {"field": "age", "action": "greater_than", "value": 17},
            "outcomes": [{"id": f"o{i}", "targetNodeId": to(i), "condition": f"way {i}"} for i in range(2)],
        }
    if variant % 3 == 0:
        return conversation(node_id, "Say: Well.", ("go", to(0), ""), reply=False)
    asked = conversation(node_id, "Ask the user whether they move", ("yes", to(0), "moves"), ("no", to(1), "stays"))
    if variant % 3 == 1:
        exits = {"onDataReady": to(2), "onTimeout": to(3), "onError": to(4)}
        poll = {"intervalMs": 1000, "timeoutMs": 20_000}
        asked["awaitExternal"] = {"request": REQUEST, "poll": poll, "exits": exits}
    return asked


@st.composite
def flows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """start → up to four nodes, each leading to later ones → end."""
    count = draw(st.integers(1, 4))
    names = [f"n{index}" for index in range(count)] + ["end"]
    nodes = [
        # The next node comes first, so that every node can be reached.
        node(
            names[index],
            draw(st.sampled_from(INNER)),
            [names[index + 1], *draw(st.lists(st.sampled_from(names[index + 1 :]), max_size=2))],
            draw(st.integers(0, 5)),
        )
        for index in range(count)
    ]
    return [{"id": "start", "type": "start", "outcome": "n0"}, *nodes, {"id": "end", "type": "end"}]


WORDS = st.sampled_from([
    "yes", "no", "cancel", "482913", "four eight", "two nine one three", "mia at example dot com", "send it again",
    "mia@example.com", "one moment", "what?", "", "plus four nine one five one one two three four five six seven one",
    "I don't want to", "the weather",
])  # fmt: skip
DEVICE: st.SearchStrategy[Any] = st.sampled_from(["granted", "denied", "absent"])
DATA = st.dictionaries(st.sampled_from(["email", "age", "x"]), st.integers(0, 99) | st.text(max_size=4), max_size=2)
JUDGED: st.SearchStrategy[Any] = st.sampled_from(["bona_fide", "attack", "inconclusive", "no_face", "not_checked"])
SCANNED: st.SearchStrategy[Any] = st.sampled_from(
    ["captured", "cancelled", "timeout", "no_face", "not_checked", "error"]
)
IDENTIFIED: st.SearchStrategy[Any] = st.sampled_from(["recognized", "new", "new", "new", "no_face", "not_checked"])
GUIDED: st.SearchStrategy[Any] = st.sampled_from(["hint", "challenge", "flash"])
KEYS = st.sampled_from(["closer", "smile", "?"])
SEEN = st.none() | st.builds(e.FaceAttributes, st.integers(0, 20), st.integers(20, 99), st.just(""), st.just(9))
SIMILARITY = st.none() | st.floats(0, 1)
MAYBE = st.none() | st.booleans()
FAILURE = st.sampled_from(["", "", "", "undeliverable", "unavailable", "not_configured"])


@st.composite
def event(draw: st.DrawFn, score: Score) -> e.Event:
    """Something that could happen; ids are mostly those of the newest commands."""
    ids = [f"r{draw(st.integers(0, 9))}"]
    ids += [command.request_id for command in score.commands[-6:] if hasattr(command, "request_id")] * 3
    request = draw(st.sampled_from(ids))
    say = score.all(c.Say)
    utterance = say[-1].utterance_id if say else "u1"
    makers: list[Any] = [
        lambda: e.Joined(),
        lambda: e.Left(),
        lambda: e.UserStarted(),
        lambda: e.UserStopped(),
        lambda: e.UserSpoke(draw(WORDS), draw(st.booleans())),
        lambda: e.UserSpoke(draw(WORDS), draw(st.booleans())),
        lambda: e.SpeechEnded(utterance, draw(WORDS), draw(st.booleans())),
        lambda: e.Phrased(request, "So?"),
        lambda: e.Evaluated(request, draw(st.sampled_from(["yes", "no", None])), 0.9, "", "t", "model", 1.0),
        lambda: e.PermissionsAnswered(request, draw(DEVICE), draw(DEVICE)),
        lambda: e.InputGiven(request, draw(WORDS)),
        lambda: e.InputCancelled(request),
        lambda: e.ResendRequested(request),
        lambda: e.CodeSent(request, "digest", draw(FAILURE)),
        lambda: e.CodeChecked(request, draw(st.booleans())),
        lambda: e.ExternalAnswered(request, draw(st.sampled_from([200, 202, 500, None])), draw(DATA), "", 1, 1.0),
        lambda: e.CheckGuided(request, draw(GUIDED), draw(KEYS), draw(st.sampled_from(["", "green boats"]))),
        lambda: e.CheckCancelled(request),
        lambda: e.LivenessJudged(request, draw(JUDGED), "no_media", {"score": 0.5}, draw(SEEN)),
        lambda: e.FaceScanned(
            request, draw(SCANNED), draw(FAILURE), draw(SIMILARITY), draw(MAYBE), draw(MAYBE), {}, draw(SEEN)
        ),
        lambda: e.FacesCompared(request, draw(SIMILARITY), True, draw(st.booleans()), draw(FAILURE)),
        lambda: e.FaceIdentified(request, draw(IDENTIFIED), "", "f1", {"name": draw(WORDS)}, {}),
        lambda: e.FaceEnrolled(request, "f1", draw(st.sampled_from(["", "f2"])), draw(FAILURE)),
        lambda: e.OutcomeForced(score.machine.node_id, draw(st.sampled_from(["verified", "end", "?"])), "operator"),
        lambda: e.TimePassed(),
    ]
    made: e.Event = draw(st.sampled_from(makers))()
    return made


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(flow=flows(), data=st.data())
def test_nothing_raises_nothing_hangs_and_everything_replays(flow: list[dict[str, Any]], data: st.DataObject) -> None:
    known: dict[str, Any] = data.draw(
        st.sampled_from([{}, {"email": "mia@example.com", "phone": "+4915112345671", "age": 20}])
    )
    score = Score(flow, POLICY, **known)
    score.join()
    for _ in range(data.draw(st.integers(0, 25))):
        if score.machine.finished is None:
            deadline = score.machine.deadline
            assert deadline is not None
            assert deadline <= score.now + LONGEST_WAIT, "nobody waits for that"
        if data.draw(st.booleans()):
            score.play(data.draw(event(score)), after=data.draw(st.sampled_from([0.1, 1.0, 7.0, 40.0])))
        elif score.machine.finished is None:
            score.wait()
    waits = 0
    while score.machine.finished is None:
        waits += 1
        assert waits < MOST_WAITS, f"stands at {score.machine.node_id}"
        score.wait()
    machine, differences = replay(*read_lines(write_lines(score.header, score.steps)))
    assert differences == []
    assert machine.record == score.machine.record
