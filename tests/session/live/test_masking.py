"""What those see who may not see contacts: the same view without what was given."""

import json
from typing import Any

from conversation.flow import commands as c
from conversation.flow import events as e
from rtc_server.session.live.masking import mask_event, mask_summary, masked_listener
from tests.scores.flows import name_flow
from tests.session.live.watched import WatchedScore, Watcher, record

ADDRESS = "mia.lopez@example.com"


def played() -> tuple[WatchedScore, Watcher]:
    """A person who gives name and address, seen by one who may not see either."""
    score = WatchedScore(name_flow(), stored=record(client_reference_id="customer-4711"), title="Ms", phone="5550199")
    masked = Watcher()
    score.view.listen(masked_listener(masked, score.view.machine))
    score.join()
    score.spoken()
    words = f"I am Mia Lopez, {ADDRESS}"
    score.play(e.UserSpoke(words), after=1.0)
    request = score.last(c.Evaluate).request_id
    score.play(
        e.Evaluated(request, "given", 0.97, words, "test", "model", 5.0, extracted={"name": "Mia Lopez"}), after=0.01
    )
    score.spoken()
    return score, masked


def everything(watcher: Watcher) -> str:
    return json.dumps([watcher.events, watcher.state])


def test_values_are_hidden_in_every_event_and_in_the_snapshot() -> None:
    score, masked = played()
    assert ADDRESS in everything(score.watcher)
    seen = everything(masked)
    for value in (ADDRESS, "customer-4711"):
        assert value not in seen
    late = Watcher()
    score.view.listen(masked_listener(late, score.view.machine))
    for value in (ADDRESS, "customer-4711", "Mia Lopez"):
        assert value not in everything(late), "known by now, so it is hidden wherever it was said"


def test_what_explains_the_session_stays() -> None:
    _, masked = played()
    (evaluation,) = masked.all("evaluation")
    assert (evaluation["outcome"], evaluation["confidence"]) == ("given", 0.97)
    left = next(entry for entry in masked.all("path") if entry["leftAt"])
    assert left["evidence"]["outcome"] == "given"
    assert masked.state["flow"]["start"] == "start"


def test_the_view_itself_is_not_changed() -> None:
    score, _ = played()
    assert score.view.summary["clientReferenceId"] == "customer-4711"
    assert any(ADDRESS in phrase["text"] for phrase in score.view.snapshot()["transcript"])
    assert mask_summary(score.view.summary)["clientReferenceId"] != "customer-4711"


def test_events_without_values_pass_as_they_are() -> None:
    data: dict[str, Any] = {"requestId": "r1", "key": "yaw", "points": [[1, 2.0]]}
    assert mask_event("points", data, ()) is data
