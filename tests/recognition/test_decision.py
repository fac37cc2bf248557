"""The margin rule, for any distances."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.recognition.decision import STRICT_SIMILARITY, Candidate, Cut, cut_of, decide, duplicate
from vision.face.calibration import Calibration

CUT = Cut(0.45, 0.045)
distances = st.floats(0, 2)
candidates = st.lists(
    st.builds(Candidate, st.uuids().map(str), st.sampled_from(["", "", "p-1", "p-2"]), distances), max_size=8
)


@given(candidates)
def test_only_the_nearest_is_ever_recognised_and_only_within_the_cut(found: list[Candidate]) -> None:
    decision = decide(found, CUT)
    if not found:
        assert decision.best is None
        return
    assert decision.best is not None
    assert decision.best.distance == min(candidate.distance for candidate in found)
    if decision.recognised:
        assert decision.best.distance <= CUT.distance


@given(candidates)
def test_nobody_else_stands_within_the_margin_of_who_is_recognised(found: list[Candidate]) -> None:
    decision = decide(found, CUT)
    best = decision.best
    if best is not None and decision.recognised:
        others = [c for c in found if c is not best and not (c.reference and c.reference == best.reference)]
        assert all(other.distance >= best.distance + CUT.margin for other in others)


@given(candidates, distances)
def test_another_face_never_makes_a_refusal_a_recognition_of_the_same(found: list[Candidate], far: float) -> None:
    before = decide(found, CUT)
    after = decide([*found, Candidate("new", "", far)], CUT)
    if not before.recognised and after.recognised:
        assert after.best is not None
        assert after.best.face_id == "new"


@given(st.permutations([Candidate("a", "", 0.3), Candidate("b", "", 0.5), Candidate("c", "x", 0.32)]))
def test_the_order_makes_no_difference(found: list[Candidate]) -> None:
    decision = decide(found, CUT)
    assert decision.best == Candidate("a", "", 0.3)
    assert decision.margin == pytest.approx(0.02)
    assert not decision.recognised


def test_two_faces_of_one_person_do_not_stand_in_each_others_way() -> None:
    decision = decide([Candidate("a", "p-1", 0.30), Candidate("b", "p-1", 0.31), Candidate("c", "", 0.5)], CUT)
    assert decision.recognised
    assert decision.margin == pytest.approx(0.2)


def test_faces_without_a_reference_are_different_people() -> None:
    assert not decide([Candidate("a", "", 0.30), Candidate("b", "", 0.31)], CUT).recognised


def test_a_duplicate_is_the_nearest_within_the_cut_that_is_not_the_own_face() -> None:
    found = [Candidate("far", "", 0.46), Candidate("near", "", 0.4), Candidate("own", "", 0.1)]
    assert duplicate(found, CUT, "own") == found[1]
    assert duplicate(found, CUT) == found[2]
    assert duplicate(found[:1], CUT) is None


def test_the_cuts_of_known_and_of_calibrated_embedders() -> None:
    assert cut_of("dlib", None).distance == 0.45
    assert cut_of("dlib", None).margin == pytest.approx(0.045)
    assert cut_of("fr-feature", None).distance == 1.04
    calibration = Calibration(midpoint=1.0, slope=20.0)
    other = cut_of("my-own.onnx", calibration)
    assert calibration.similarity(other.distance) == pytest.approx(STRICT_SIMILARITY)
    with pytest.raises(ValueError, match=r"my-own\.onnx"):
        cut_of("my-own.onnx", None)
