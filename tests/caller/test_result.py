"""A call against its expectation, the matching of server turns, and what is printed."""

from typing import Any

from rtc_server.caller.printing import call_text, soak_text
from rtc_server.caller.result import CallResult, Line, Turn, disappointments
from rtc_server.caller.script import Expectation
from rtc_server.caller.soak import SoakResult, Vitals

REPORT: dict[str, Any] = {
    "nodeReports": [{"nodeId": "name", "outcome": "move"}, {"nodeId": "move", "outcome": "bye"}],
    "turns": [
        {"createdAt": 1_000_300, "endpointMs": 300.0, "evaluateMs": 1.0, "totalMs": 350.0},
        {"createdAt": 1_009_400, "endpointMs": 400.0, "evaluateMs": 3.0, "totalMs": 450.0},
    ],
}


def result(**changes: Any) -> CallResult:
    fields: dict[str, Any] = {
        "status": "complete",
        "reason": "end",
        "lines": [Line("avatar", "Your name?"), Line("user", "Maria")],
        "turns": [Turn("name", "say", "Maria", 1_000_000, 500.0), Turn("move", "say", "Yes", 1_009_000, 700.0)],
        "report": REPORT,
    }
    return CallResult(**(fields | changes))


def test_a_call_that_went_as_expected() -> None:
    expect = Expectation(path=("name", "move"), outcomes={"name": "move"}, captions=("maria",))
    assert disappointments(result(expected_outcomes={"move": "bye"}), expect) == []


def test_each_difference_is_a_sentence() -> None:
    expect = Expectation("incomplete", ("name",), {"name": "bye", "pin": "bye"}, ("Carla",))
    assert disappointments(result(), expect) == [
        "the session ended complete (end), expected incomplete",
        "the path was name → move, expected name",
        "node name led to move, expected bye",
        "node pin was never left, expected it to lead to bye",
        "no caption contains 'Carla'",
    ]


def test_a_call_that_broke_off_says_only_why() -> None:
    assert disappointments(result(failure="no connection"), Expectation()) == ["no connection"]


def test_without_a_report_the_announced_nodes_are_the_path() -> None:
    call = result(report=None, nodes=["name", "move", "end"])
    assert call.path == ["name", "move"]
    assert call.outcomes == [("name", "move"), ("move", "end")]
    assert call.stages() == {}


def test_server_turns_are_matched_by_time() -> None:
    call = result()
    assert [call.server_turn(turn) for turn in call.turns] == REPORT["turns"]
    assert call.server_turn(Turn("x", "say", "", 1_005_000, 300.0)) is None
    assert call.stages()["endpointMs"].p50 == 350.0
    times = call.reply_times()
    assert times is not None
    assert times.p50 == 600.0


def test_the_printed_table_holds_every_turn_and_the_percentiles() -> None:
    lines = call_text(result(reconnects=1)).splitlines()
    assert "path       name → move" in lines
    row = next(line for line in lines if "say Yes" in line)
    assert row.split() == ["move", "say", "Yes", "700", "400", "3", "450"]
    assert next(line for line in lines if line.startswith("p50")).split()[:2] == ["p50", "600"]


def test_a_soak_run_counts_growth_from_the_end_of_the_warm_up() -> None:
    vitals = [Vitals(float(at), rss, 20, 8) for at, rss in ((10, 300.0), (30, 400.0), (60, 401.0), (100, 402.5))]
    soak = SoakResult(sessions=4, vitals=vitals)
    assert soak.rss_growth_mib == 2.5
    assert "RSS        +2.5 MiB" in soak_text(soak)
