"""Whatever comes in whatever order: never an exception, always an end, the same verdict again."""

import json
import math
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.liveness.series import START, STILL, Person, Stage
from vision.liveness.commands import Judged
from vision.liveness.events import (
    CameraDescribed,
    Event,
    FlashDeclined,
    FlashShown,
    InstructionSpoken,
    Observed,
    SpeechHeard,
    TimePassed,
    WordsHeard,
)
from vision.liveness.machine import LivenessMachine
from vision.liveness.plan import Plan, draw_plan
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
from vision.tracking.observation import Observation

POLICY = LivenessPolicy()
KINDS: Any = ("turn_left", "turn_right", "blink", "smile", "closer", "read")

any_float = st.floats(allow_nan=True, allow_infinity=True)
share = st.floats(-0.5, 1.5)
faces = st.builds(
    replace,
    st.just(STILL),
    yaw=st.floats(-90, 90) | any_float,
    pitch=st.floats(-60, 60),
    eye_closure=share,
    smile=share,
    width=st.floats(0, 1),
    eye_distance_px=st.floats(0, 400),
    mouth_opening=share,
    motion=st.none() | st.floats(0, 1),
    parallax=st.none() | st.floats(0, 1),
    skin=st.tuples(st.floats(-5, 5), st.floats(-5, 5)),
)
observations = st.builds(
    Observation,
    at=st.floats(START - 20, START + 80) | any_float,
    media_at=st.none() | st.floats(0, 100),
    width_px=st.integers(0, 4000),
    height_px=st.integers(1, 4000),
    faces=st.integers(0, 3),
    track=st.integers(0, 3),
    face=st.none() | faces,
    brightness=share,
    fingerprint=st.sampled_from(["0" * 16, "f" * 16, "0123456789abcdef"]),
    difference=st.none() | st.just(0.0) | share,
    texture=st.none() | share,
    likeness=st.none() | share,
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(Observed, observations),
    st.builds(Observed, observations),
    st.builds(CameraDescribed, st.text(max_size=40), any_float),
    st.builds(SpeechHeard, any_float, any_float),
    st.builds(WordsHeard, st.text(max_size=40)),
    st.just(InstructionSpoken()),
    st.builds(FlashShown, any_float | st.floats(START, START + 60)),
    st.builds(FlashDeclined, st.text(max_size=10)),
    st.just(TimePassed()),
)
plans = st.builds(
    draw_plan,
    st.sampled_from(["liveness", "scan", "portrait"]),
    st.integers(0, 2**64),
    st.just(POLICY),
    kinds=st.just(KINDS),
    count=st.integers(0, 3),
    flash=st.booleans(),
    portrait_frames=st.integers(0, 5),
    limit_seconds=st.floats(1, 60),
)


@settings(max_examples=150, deadline=None)
@given(plans, st.lists(st.tuples(events, st.floats(0, 3)), max_size=60))
def test_any_events_are_taken_and_the_check_ends_by_its_limit(plan: Plan, steps: list[tuple[Event, float]]) -> None:
    machine, now, judged = LivenessMachine(plan, POLICY, START), START, 0
    for event, wait in steps:
        now += wait
        judged += sum(isinstance(command, Judged) for command in machine.receive(event, now=now))
        assert machine.deadline is None or now < machine.deadline <= START + plan.limit_seconds
    while machine.deadline is not None:
        judged += sum(isinstance(command, Judged) for command in machine.receive(TimePassed(), now=machine.deadline))

    assert judged == 1
    assert machine.verdict is not None
    assert machine.verdict.score is None or 0 <= machine.verdict.score <= 1
    json.dumps(verdict_to_json(machine.verdict), allow_nan=False)


@settings(max_examples=100, deadline=None)
@given(events)
def test_events_survive_json_and_rounding_twice_is_rounding_once(event: Event) -> None:
    rounded = canonical(event)

    assert repr(canonical(rounded)) == repr(rounded)
    assert repr(event_from_json(json.loads(json.dumps(event_to_json(rounded))))) == repr(rounded)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.booleans(), st.sampled_from([0.2, 0.55, 0.93, None]), st.sampled_from([5.0, 15.0]))
def test_a_replay_gives_the_same_verdict_to_the_last_digit(
    seed: int, obeys: bool, texture: float | None, fps: float
) -> None:
    plan = draw_plan("liveness", seed, POLICY, kinds=KINDS, count=2, flash=True, portrait_frames=3, limit_seconds=45.0)
    run = Stage(LivenessMachine(plan, POLICY, START), Person(seed, obeys=obeys, texture=texture, fps=fps))
    verdict = run.play()
    header = header_from_json(json.loads(json.dumps(header_to_json(Header(plan, POLICY, START)))))
    stored = json.loads(json.dumps([(now, event_to_json(event)) for now, event in run.performance.events]))

    assert replay(header, [(now, event_from_json(event)) for now, event in stored]) == verdict


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32), st.booleans(), st.booleans(), st.booleans())
def test_what_was_not_checked_neither_passes_nor_fails(seed: int, texture: bool, flash: bool, obeys: bool) -> None:
    plan = draw_plan("liveness", seed, POLICY, kinds=KINDS, count=2, flash=flash, portrait_frames=0, limit_seconds=60.0)
    person = Person(seed, texture=0.93 if texture else None, obeys=obeys, declines="unavailable", blinks=False)
    verdict = Stage(LivenessMachine(plan, POLICY, START), person).play()

    unchecked = {item.name for item in verdict.cues if item.state == "not_checked"}
    assert "pad_flash" in unchecked
    assert ("pad_texture" in unchecked) is not texture
    assert (verdict.texture_passed is None) is not texture
    assert not unchecked & set(verdict.reasons) or verdict.outcome == "inconclusive"
    assert verdict.outcome == ("bona_fide" if obeys else "inconclusive")
    assert verdict.score is not None
    assert math.isfinite(verdict.score)
