"""Adding up sessions."""

import pytest

from rtc_server.insight.tally import HOUR_MS, MAX_KEYS, MAX_NODES, FleetTally
from rtc_server.storage.ports import Json, PathNode, SessionFacts

START = 472_222 * HOUR_MS
HELLO, LIVE, END = PathNode("hello", "conversation"), PathNode("live", "liveness_detection"), PathNode("end", "end")


def facts(result: str = "verified", **fields: object) -> SessionFacts:
    usual: Json = {
        "session_id": "s",
        "tenant": "acme",
        "sandbox": False,
        "finished_at": START + 90_000,
        "result": result,
        "reason": "end",
        "flow_id": "flow-1",
        "started_at": START + 30_000,
        "language": "en",
    }
    return SessionFacts(**usual | fields)


def tally(*sessions: SessionFacts, hours: int = 24) -> Json:
    found = FleetTally(START, START + hours * HOUR_MS)
    for session in sessions:
        found.add(session)
    return found.to_json()


def test_no_sessions_have_no_shares() -> None:
    numbers = tally()
    assert (numbers["sessions"], numbers["completion"], numbers["verification"]) == (0, None, None)
    assert numbers["seconds"] == {"count": 0, "p50": None, "p95": None}
    assert len(numbers["overTime"]) == 24
    assert numbers["nodes"] == []


def test_shares_count_only_what_they_are_about() -> None:
    numbers = tally(
        *[facts("verified")] * 3, facts("unverified"), *[facts("incomplete")] * 4, facts("expired", started_at=None)
    )
    assert numbers["results"] == {"verified": 3, "unverified": 1, "incomplete": 4, "expired": 1}
    assert numbers["completion"] == 0.5, "4 of 8 that were opened"
    assert numbers["verification"] == 0.75, "3 of 4 that were complete"


def test_sessions_stand_in_the_hour_of_their_end() -> None:
    numbers = tally(facts(), facts("unverified", finished_at=START + 2 * HOUR_MS))
    columns = numbers["overTime"]
    assert [column["at"] for column in columns[:3]] == [START, START + HOUR_MS, START + 2 * HOUR_MS]
    assert [column["verified"] for column in columns[:3]] == [1, 0, 0]
    assert columns[2]["unverified"] == 1


@pytest.mark.parametrize(("hours", "width"), [(1, 1), (72, 1), (73, 3), (24 * 30, 12), (24 * 366, 168)])
def test_long_spans_get_wide_columns(hours: int, width: int) -> None:
    numbers = tally(hours=hours)
    assert numbers["columnSeconds"] == width * 3_600
    assert len(numbers["overTime"]) <= 74


def test_drop_off_is_where_people_left_and_not_where_sessions_end() -> None:
    numbers = tally(
        *[facts(path=(HELLO, LIVE, END), node_seconds=(10.0, 20.0))] * 8,
        *[facts("incomplete", path=(HELLO, LIVE), node_seconds=(30.0,))] * 2,
    )
    assert [
        (row["nodeId"], row["entered"], row["left"], row["ended"], row["seconds"]["p50"]) for row in numbers["nodes"]
    ] == [("hello", 10, 10, 0, 10.0), ("live", 10, 8, 2, 20.0), ("end", 8, 0, 0, None)]
    assert numbers["nodes"][0]["seconds"] == {"count": 10, "p50": 10.0, "p95": 30.0}


def test_flows_are_told_apart_and_the_busiest_comes_first() -> None:
    numbers = tally(facts(path=(HELLO,), flow_id="b"), *[facts(path=(HELLO,), flow_id="a")] * 2)
    assert [(row["flowId"], row["entered"]) for row in numbers["nodes"]] == [("a", 2), ("b", 1)]


def test_long_lists_are_cut_and_say_so() -> None:
    paths = [facts(path=(PathNode(f"n{number}", "conversation"),)) for number in range(MAX_NODES + 7)]
    browsers = [facts(browser=f"Browser {number}") for number in range(MAX_KEYS + 5)]
    numbers = tally(*paths, *browsers)
    assert (len(numbers["nodes"]), numbers["otherNodes"]) == (MAX_NODES, 7)
    assert len(numbers["browsers"]) == MAX_KEYS + 1
    assert numbers["browsers"][-1] == {"key": "other", "count": 6}
    assert numbers["browsers"][0] == {"key": "unknown", "count": MAX_NODES + 7}


def test_percentiles_are_values_that_were_observed() -> None:
    numbers = tally(facts(answer_ms=tuple(range(1, 101))), facts(answer_ms=(5_000,), finished_at=START + HOUR_MS))
    assert (numbers["answers"]["count"], numbers["answers"]["p50"], numbers["answers"]["p95"]) == (101, 51.0, 96.0)
    assert [column["p50"] for column in numbers["answers"]["overTime"]] == [50.0, 5_000.0]


def test_who_came_is_counted_of_sessions_that_were_opened() -> None:
    numbers = tally(
        facts(mobile=True, browser="Safari", liveness="bona_fide"),
        facts("unverified", mobile=False, failures=("liveness_detection:inconclusive",), liveness="inconclusive"),
        facts("expired", started_at=None, language=""),
    )
    assert numbers["devices"] == [{"key": "mobile", "count": 1}, {"key": "desktop", "count": 1}]
    assert numbers["languages"] == [{"key": "en", "count": 2}]
    assert numbers["failures"] == [{"key": "liveness_detection:inconclusive", "count": 1}]
    assert {row["key"] for row in numbers["liveness"]} == {"bona_fide", "inconclusive"}
