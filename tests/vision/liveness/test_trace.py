"""A check as JSON: what cannot be read is refused with its place."""

import json
from typing import Any

import pytest

from tests.vision.liveness.series import START, Person, Stage
from vision.liveness.events import CameraDescribed, FlashShown, Observed
from vision.liveness.machine import LivenessMachine
from vision.liveness.plan import Plan
from vision.liveness.policy import LivenessPolicy
from vision.liveness.trace import (
    Header,
    canonical,
    event_from_json,
    event_to_json,
    header_from_json,
    header_to_json,
    replay,
    verdict_to_json,
)
from vision.trace import TraceError

HEADER = Header(Plan("liveness", ("turn_left",), "smile", limit_seconds=30.0, seed=9), LivenessPolicy(), START)


def test_a_header_survives_json() -> None:
    assert header_from_json(json.loads(json.dumps(header_to_json(HEADER)))) == HEADER


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"plan": 3}, "header.plan must be an object"),
        ({"plan": {"purpose": "party"}}, "header.plan.purpose must be one of"),
        ({"plan": {"purpose": "scan", "challenges": ["fly"]}}, r"header.plan.challenges\[0\]"),
        ({"policy": {"turn_degrees": "many"}}, "header.policy.turn_degrees must be float"),
        ({"policy": {"unheard_of": 1.0}}, "unknown field 'unheard_of'"),
        ({"started_at": None}, "header.started_at"),
        ({"started_at": True}, "header.started_at"),
    ],
)
def test_a_bad_header_is_refused(change: dict[str, Any], place: str) -> None:
    with pytest.raises(TraceError, match=place):
        header_from_json({**header_to_json(HEADER), **change})


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "Party"},
        {"type": "FlashShown"},
        {"type": "FlashShown", "started_at": "now"},
        {"type": "Observed", "observation": {"at": 1.0}},
        {"type": "TimePassed", "more": 1},
        [],
    ],
)
def test_bad_events_are_refused(data: Any) -> None:
    with pytest.raises(TraceError):
        event_from_json(data)


def test_what_was_measured_is_rounded_and_times_are_not() -> None:
    observation = Person().frame(START + 1 / 3)
    assert observation is not None
    rounded = canonical(Observed(observation))

    assert isinstance(rounded, Observed)
    assert rounded.observation.at == START + 1 / 3
    assert rounded.observation.face is not None
    assert observation.face is not None
    assert rounded.observation.face.yaw == round(observation.face.yaw, 5)
    assert canonical(FlashShown(1 / 3)) == FlashShown(1 / 3)


def test_an_observation_takes_less_than_a_kilobyte() -> None:
    observation = Person().frame(START + 1 / 3)
    assert observation is not None

    assert len(json.dumps(event_to_json(canonical(Observed(observation))))) < 1024


def test_a_record_that_stops_has_no_verdict() -> None:
    assert replay(HEADER, [(START, CameraDescribed("Camera", 30.0))]) is None


def test_evidence_is_readable() -> None:
    evidence = verdict_to_json(Stage(LivenessMachine(HEADER.plan, HEADER.policy, START), Person()).play())

    assert evidence["outcome"] == "bona_fide"
    assert "inconclusiveReason" not in evidence
    assert evidence["challenges"][0]["kind"] == "turn_left"
    assert {"name", "state", "value", "reason"} == set(evidence["cues"][0])
    assert json.loads(json.dumps(evidence, allow_nan=False)) == evidence
