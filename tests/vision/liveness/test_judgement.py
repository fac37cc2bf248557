"""From cues to a verdict: vetoes, obstacles, suspicion, and what carries."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from vision.liveness.injection import camera_cue
from vision.liveness.judgement import ATTACKS, OBSTACLES, SUSPICIONS, fused_score, judge
from vision.liveness.policy import LivenessPolicy
from vision.liveness.verdict import ChallengeResult, Cue, CueState

POLICY = LivenessPolicy()


def cues(states: Mapping[str, CueState]) -> list[Cue]:
    """A good check, with changes; ``not_checked`` cues have no value."""
    good: dict[str, CueState] = {
        "pad_texture": "supports",
        "pad_challenge": "supports",
        "pad_flash": "supports",
        "pad_motion": "supports",
    }
    values = {"supports": 1.0, "against": 0.0, "neutral": 0.5, "not_checked": None}
    return [Cue(name, state, values[state], "") for name, state in {**good, **states}.items()]


def results(passed: int, failed: int = 0) -> list[ChallengeResult]:
    return [ChallengeResult("closer", index < passed, 1.0, None) for index in range(passed + failed)]


def outcome(states: Mapping[str, CueState], passed: int = 2, failed: int = 0) -> str:
    found = cues(states)
    return judge(found, fused_score(found, POLICY), results(passed, failed), POLICY)[0]


def test_everything_good_is_bona_fide() -> None:
    assert outcome({}) == "bona_fide"


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_cue_decides_alone(name: str) -> None:
    found = cues({name: "against"})

    assert judge(found, 1.0, results(2), POLICY) == ("attack", (name,))


@pytest.mark.parametrize("name", OBSTACLES)
def test_an_obstacle_keeps_from_passing_but_is_no_attack(name: str) -> None:
    assert outcome({name: "against"}) == "inconclusive"


@pytest.mark.parametrize("name", SUSPICIONS)
def test_a_suspicion_is_cleared_by_a_reflection_only(name: str) -> None:
    assert outcome({name: "against"}) == "bona_fide"
    assert outcome({name: "against", "pad_flash": "neutral"}) == "inconclusive"
    assert outcome({name: "against", "pad_flash": "not_checked"}) == "inconclusive"


def test_under_suspicion_challenges_alone_do_not_carry() -> None:
    assert outcome({"pad_texture": "not_checked", "injection_camera": "against"}) == "inconclusive"


@pytest.mark.parametrize(
    ("passed", "states", "expected"),
    [
        (0, {"pad_challenge": "not_checked", "pad_flash": "not_checked"}, "bona_fide"),
        (2, {"pad_texture": "not_checked", "pad_flash": "not_checked"}, "bona_fide"),
        (1, {"pad_texture": "not_checked"}, "inconclusive"),
        (0, {"pad_texture": "not_checked", "pad_challenge": "not_checked"}, "inconclusive"),
        (2, {"pad_texture": "neutral"}, "bona_fide"),
        (0, {"pad_texture": "neutral", "pad_challenge": "not_checked"}, "inconclusive"),
    ],
)
def test_what_carries_a_verdict(passed: int, states: dict[str, CueState], expected: str) -> None:
    assert outcome(states, passed) == expected


def test_without_texture_nobody_gets_a_second_chance() -> None:
    assert outcome({"pad_texture": "not_checked"}, failed=1) == "inconclusive"
    assert outcome({}, failed=1) == "bona_fide"


def test_weights_are_shared_out_over_what_was_checked() -> None:
    found = cues({"pad_challenge": "not_checked", "pad_flash": "neutral", "pad_motion": "not_checked"})

    assert fused_score(found, POLICY) == pytest.approx((0.40 * 1.0 + 0.15 * 0.5) / 0.55, abs=1e-4)


def test_an_unchecked_cue_changes_no_score() -> None:
    found = cues({"pad_flash": "not_checked"})

    assert fused_score(found, POLICY) == fused_score([cue for cue in found if cue.name != "pad_flash"], POLICY)


def test_motion_alone_is_no_score() -> None:
    assert (
        fused_score(
            cues({"pad_texture": "not_checked", "pad_challenge": "not_checked", "pad_flash": "not_checked"}), POLICY
        )
        is None
    )


def test_a_low_score_does_not_pass() -> None:
    found = [
        replace(cue, value=0.62) if cue.name == "pad_texture" else cue for cue in cues({"pad_challenge": "not_checked"})
    ]
    low = [replace(cue, state="neutral") if cue.name in ("pad_flash", "pad_motion") else cue for cue in found]

    assert judge(low, fused_score(low, POLICY), [], POLICY)[0] == "inconclusive"


@pytest.mark.parametrize(
    "label",
    [
        "OBS Virtual Camera", "OBS-Camera", "ManyCam Virtual Webcam", "Dummy video device (0x0000)", "Snap Camera",
        "v4l2loopback", "XSplit VCam", "fake_device_0", "/home/me/clip.y4m", "DroidCam Source 3", "Unity Video Capture",
    ],
)  # fmt: skip
def test_programs_that_act_as_cameras_are_recognised(label: str) -> None:
    assert camera_cue(("FaceTime HD Camera", label)).state == "against"


@pytest.mark.parametrize(
    "label",
    ["FaceTime HD Camera (Built-in)", "Integrated Camera (13d3:56ba)", "Logitech BRIO", "camera2 1, facing front",
     "HD Pro Webcam C920", "Mobscam", "USB2.0 HD UVC WebCam", "Frontkamera", "Community Cam"],
)  # fmt: skip
def test_real_cameras_are_not(label: str) -> None:
    assert camera_cue((label,)).state == "neutral"


@pytest.mark.parametrize("labels", [(), ("",), ("  ", "")])
def test_a_hidden_name_is_not_checked(labels: tuple[str, ...]) -> None:
    assert camera_cue(labels).state == "not_checked"
