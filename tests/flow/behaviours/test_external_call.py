"""The external_call node: it asks the integrator's server and goes on, whatever comes back (check C19)."""

from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from tests.scores.flows import one_node
from tests.scores.score import Score

URL = "https://partner.test/check"


def call(method: str | None = None, variables: Any = (), **data: Any) -> Score:
    request: dict[str, Any] = {"url": URL, "vars": list(variables)} | ({"method": method} if method else {})
    score = Score(one_node({"type": "external_call", "request": request, "outcome": "next"}), **data)
    score.join()
    return score


def answer(score: Score, status: int | None, error: str = "", attempts: int = 1, **data: Any) -> list[c.Command]:
    request = score.last(c.CallExternal).request_id
    return score.play(e.ExternalAnswered(request, status, data, error, attempts, 12.34), after=0.5)


def report(score: Score) -> dict[str, Any]:
    node = score.machine.record.node_reports[0]
    assert node.outcome == "next"
    assert score.machine.finished == c.Finish("complete", "end")
    return dict(node.members["report"])


def test_values_are_sent_by_name_and_missing_ones_are_null() -> None:
    def ref(name: str, source: str, field: str) -> dict[str, Any]:
        return {"name": name, "value": {"type": "ref", "source": source, "field": field}}

    variables = [
        {"name": "plan", "value": {"type": "literal", "value": "pro"}},
        {"name": "amount", "value": {"type": "literal", "value": 12.5}},
        ref("user", "providedData", "userId"),
        ref("gone", "providedData", "nothing"),
        ref("email", "extractedData", "email"),
    ]
    score = call(variables=variables, userId=7)
    assert score.last(c.CallExternal) == c.CallExternal(
        "r1", URL, "POST", {"plan": "pro", "amount": 12.5, "user": 7, "gone": None, "email": None}, 3
    )
    assert call("GET").last(c.CallExternal).method == "GET"


def test_an_answer_is_merged_into_the_provided_data_and_reported() -> None:
    score = call(tier="old")
    answer(score, 200, tier="gold", limit=3, open=True)
    assert report(score) == {
        "url": URL,
        "ok": True,
        "status": 200,
        "attempts": 1,
        "response": {"tier": "gold", "limit": 3, "open": True},
    }
    assert score.machine.provided == {"tier": "gold", "limit": 3, "open": True}
    assert score.said() == []


@pytest.mark.parametrize(
    ("status", "error", "reported"),
    [
        (None, "not_allowed", "not_allowed"),
        (500, "", "status 500"),
        (404, "status", "status"),
        (200, "too_large", "too_large"),
    ],
)
def test_c19_a_failure_is_reported_and_the_flow_goes_on(status: int | None, error: str, reported: str) -> None:
    score = call()
    answer(score, status, error, attempts=3, tier="gold")
    told = report(score)
    assert (told["ok"], told["error"], told["attempts"]) == (False, reported, 3)
    assert "response" not in told
    assert ("status" in told) is (status is not None)
    assert score.machine.provided == {}


def test_nested_values_never_get_in() -> None:
    score = call()
    answer(score, 200, ok=1, inner={"a": 1}, listed=[1], nothing=None, endless=float("inf"))
    assert score.machine.provided == {"ok": 1}


def test_a_slow_server_costs_one_line_and_a_dead_one_its_time() -> None:
    score = call()
    score.wait()
    assert score.said() == ["One moment, please."]
    assert not score.last(c.Say).interruptible
    score.wait()
    assert score.said() == ["One moment, please."]
    assert report(score)["error"] == "timeout"
    assert score.now == pytest.approx(40.0)


def test_words_mean_nothing_meanwhile_and_late_answers_neither() -> None:
    score = call()
    assert isinstance(score.hear("hello?")[0], c.Ignored)
    assert isinstance(score.play(e.ExternalAnswered("r9", 200, {}, "", 1, 1.0))[0], c.Ignored)
    answer(score, 200)
    assert isinstance(answer(score, 200)[0], c.Ignored)


def test_a_reconnect_does_not_call_twice_and_an_answer_in_absence_counts() -> None:
    score = call()
    score.play(e.Left(), after=1.0)
    score.play(e.Joined(), after=50.0)
    assert len(score.all(c.CallExternal)) == 1
    assert score.machine.deadline is not None
    assert score.machine.deadline > score.now
    score.play(e.Left(), after=1.0)
    answer(score, 200, tier="gold")
    assert report(score)["ok"] is True
