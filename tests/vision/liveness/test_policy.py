"""The policy and its table in the documentation say the same."""

import re
from dataclasses import fields

import pytest

from tests.conftest import REPOSITORY
from vision.liveness.policy import LivenessPolicy

ROW = re.compile(r"^\| `(\w+)` \| `([^`]+)` \|", re.MULTILINE)
ROWS = dict(ROW.findall((REPOSITORY / "docs" / "liveness.md").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", [field.name for field in fields(LivenessPolicy)])
def test_each_threshold_is_documented_with_its_default(name: str) -> None:
    default = getattr(LivenessPolicy(), name)
    documented = {"2/3": str(2 / 3)}.get(ROWS[name], ROWS[name])

    assert documented == str(default)


def test_thresholds_are_in_order() -> None:
    policy = LivenessPolicy()

    assert policy.texture_attack < policy.texture_bona_fide
    assert policy.flat_parallax < policy.deep_parallax
    assert policy.still_wobble_degrees < policy.live_wobble_degrees
    assert policy.wrong_turn_degrees < policy.turn_degrees
    assert (
        policy.texture_weight + policy.challenge_weight + policy.flash_weight + policy.motion_weight == pytest.approx(1)
    )
