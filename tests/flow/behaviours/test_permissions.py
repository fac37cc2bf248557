"""The permissions node, played as scores."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from tests.scores.flows import fixed
from tests.scores.score import Score


def permissions(*outcomes: str, **settings: Any) -> Score:
    names = outcomes or ("permissionsGranted", "permissionsDenied")
    devices = settings.pop("permissions", {"camera": True, "microphone": True})
    return Score(fixed("permissions", *names, permissions=devices, **settings), name="Mia")


def answer(score: Score, camera: Any, microphone: Any, after: float = 0.1) -> list[c.Command]:
    request = score.last(c.AskPermissions).request_id
    return score.play(e.PermissionsAnswered(request, camera, microphone), after=after)


def test_devices_that_are_allowed_already_cost_no_words() -> None:
    score = permissions(prompt="Hi {name}, please allow your camera.")
    assert score.join()[-1] == c.AskPermissions("r1", camera=True, microphone=True)
    answer(score, "granted", "granted")
    assert score.said() == []
    assert score.machine.finished == c.Finish("complete", "end")
    report = score.machine.record.node_reports[0]
    assert (report.outcome, dict(report.evidence)) == (
        "permissionsGranted",
        {"camera": "granted", "microphone": "granted"},
    )


def test_the_prompt_is_spoken_while_the_browser_asks() -> None:
    score = permissions(prompt="Say: Hi {name}, please allow your camera.")
    score.join()
    score.wait()
    assert score.said() == ["Hi Mia, please allow your camera."]
    score.spoken()
    answer(score, "granted", "denied")
    assert score.outcome() == "permissionsDenied"


@pytest.mark.parametrize(
    ("devices", "camera", "microphone", "outcome"),
    [
        ({"camera": True, "microphone": True}, "granted", "absent", "permissionsDenied"),
        ({"camera": True}, "granted", "denied", "permissionsGranted"),
        ({"microphone": True}, "absent", "granted", "permissionsGranted"),
        ({"camera": True}, "absent", "granted", "permissionsDenied"),
    ],
)
def test_only_what_was_asked_for_counts(devices: dict[str, bool], camera: str, microphone: str, outcome: str) -> None:
    score = permissions(permissions=devices)
    score.join()
    answer(score, camera, microphone)
    assert score.outcome() == outcome
    assert set(score.machine.record.node_reports[0].evidence) == set(devices)


def test_the_report_uses_the_spelling_of_the_flow() -> None:
    score = permissions("granted", "denied")
    score.join()
    answer(score, "granted", "granted")
    assert score.outcome() == "granted"


def test_nobody_answers_the_browser() -> None:
    score = permissions()
    score.join()
    for _ in range(30):
        if score.machine.finished is not None:
            break
        score.wait()
    assert score.outcome() == "permissionsDenied"
    assert any("choose Allow" in text for text in score.said())
    assert score.machine.record.node_reports[0].evidence["reason"] == "no_answer"


def test_a_spoken_refusal_is_an_answer_a_question_gets_help_and_other_words_mean_nothing() -> None:
    score = permissions(prompt="Please allow your camera.")
    score.join()
    score.wait()
    assert score.hear("yes of course")[0] == c.Ignored("UserSpoke", "the browser's answer is awaited")
    score.hear("where do I click?")
    assert "choose Allow" in score.said()[-1]
    score.hear("I don't want to do that")
    assert score.outcome() == "permissionsDenied"


def test_a_page_that_comes_back_asks_again_and_late_answers_mean_nothing() -> None:
    score = permissions()
    score.join()
    score.play(e.Left(), after=0.2)
    assert score.join() == [c.AskPermissions("r1", camera=True, microphone=True)]
    stale = score.play(e.PermissionsAnswered("r9", "granted", "granted"))
    assert isinstance(stale[0], c.Ignored)
    answer(score, "granted", "granted")
    assert answer(score, "denied", "denied") == [c.Ignored("PermissionsAnswered", "the session is over")]
    assert score.outcome() == "permissionsGranted"
