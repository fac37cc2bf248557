"""The console's bench: how late a row is, and invented data that looks like what the server sends."""

from bench.console.__main__ import staleness
from bench.console.invented import WATCHED, InventedFloor
from rtc_server.storage.ports import Json

NOW_MS = 1_790_000_000_000.0


def test_a_row_is_out_of_date_from_the_change_to_the_drawing() -> None:
    changes = [("s1", "listening a", 0.0), ("s1", "hearing a", 1_000.0)]
    drawn = [("s1", "listening a", 50.0), ("s1", "hearing a", 1_180.0)]
    assert staleness(changes, drawn, 2_000.0) == [180.0]


def test_changes_that_follow_each_other_count_from_the_first() -> None:
    changes = [("s1", "a", 0.0), ("s1", "b", 1_000.0), ("s1", "c", 1_100.0)]
    drawn = [("s1", "a", 10.0), ("s1", "c", 1_200.0)]
    assert staleness(changes, drawn, 2_000.0) == [200.0]


def test_what_changed_back_in_time_and_who_has_gone_is_not_late() -> None:
    changes = [("s1", "a", 0.0), ("s1", "b", 1_000.0), ("s1", "a", 1_100.0)]
    changes += [("s2", "a", 0.0), ("s2", "b", 1_000.0), ("s2", "", 1_100.0)]
    drawn = [("s1", "a", 10.0), ("s2", "a", 10.0)]
    assert staleness(changes, drawn, 9_000.0) == []


def test_a_row_that_was_never_drawn_counts_with_the_time_so_far() -> None:
    changes = [("s1", "a", 0.0), ("s1", "b", 1_000.0)]
    drawn = [("s1", "a", 10.0), ("s1", "b", 5_000.0)]
    assert staleness(changes, drawn, 4_000.0) == [3_000.0]


def test_invented_sessions_are_those_of_the_server() -> None:
    floor = InventedFloor(round(NOW_MS))
    summaries = {summary["id"]: summary for summary in floor.summaries()}
    assert len(summaries) == 30
    assert len({frozenset(summary) for summary in summaries.values()}) == 1
    snapshot: Json = floor.view.snapshot()
    assert snapshot["summary"] == summaries[WATCHED]
    (check,) = snapshot["checks"]
    assert check["endedAt"] is None
    assert {line["key"] for line in check["series"] if line["points"]} >= {"yaw", "texture", "similarity"}
    assert max(point[0] for line in check["series"] for point in line["points"]) <= NOW_MS
