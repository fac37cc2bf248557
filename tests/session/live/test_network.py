"""How good a connection is."""

import json

import pytest

from rtc_server.rtc.messages import Statistics
from rtc_server.session.live.network import Network


def network() -> Network:
    return Network(lambda at: round(1000 * at))


def test_nothing_measured_is_unknown() -> None:
    assert network().to_json() == {
        "quality": "unknown", "roundTripMs": None, "jitterBufferMs": None, "lostPercent": None
    }  # fmt: skip


@pytest.mark.parametrize(
    ("round_trip_ms", "jitter_buffer_ms", "quality"),
    [(60.0, 40.0, "good"), (200.0, 40.0, "fair"), (60.0, 120.0, "fair"), (400.0, 40.0, "poor"), (60.0, 300.0, "poor")],
)
def test_the_worst_measure_counts(round_trip_ms: float, jitter_buffer_ms: float, quality: str) -> None:
    measured = network()
    measured.take(Statistics(round_trip_ms, jitter_buffer_ms, 0, 0), 1.0)
    assert measured.to_json()["quality"] == quality


def test_loss_is_counted_between_two_measurements() -> None:
    measured = network()
    measured.take(Statistics(60.0, 40.0, 500, 0), 10.0)
    assert measured.to_json()["lostPercent"] is None
    measured.take(Statistics(60.0, 40.0, 510, 0), 14.0)
    assert measured.to_json() == {"quality": "poor", "roundTripMs": 60, "jitterBufferMs": 40, "lostPercent": 5.0}
    measured.take(Statistics(60.0, 40.0, 510, 0), 18.0)
    assert measured.to_json()["quality"] == "good"


def test_another_page_counts_anew() -> None:
    measured = network()
    measured.take(Statistics(60.0, 40.0, 500, 0), 10.0)
    measured.forget()
    assert measured.to_json()["quality"] == "unknown"
    measured.take(Statistics(60.0, 40.0, 900, 0), 14.0)
    assert measured.to_json()["lostPercent"] is None
    assert [entry["packetsLost"] for entry in measured.history] == [500, 900]


@pytest.mark.parametrize(
    "told",
    [
        Statistics(1e308, 1e308, 10**400, 10**400),
        Statistics(-1e308, -5.0, -(10**400), -1),
    ],
)
def test_a_page_can_say_anything(told: Statistics) -> None:
    measured = network()
    measured.take(Statistics(60.0, 40.0, 5, 0), 10.0)
    entry = measured.take(told, 14.0)
    assert entry is not None
    assert len(json.dumps(entry)) < 200
    lost = measured.to_json()["lostPercent"]
    assert lost in (0.0, 100.0)


def test_a_page_that_measures_all_the_time_is_heard_twice_a_second() -> None:
    measured = network()
    kept = [measured.take(Statistics(60.0, 40.0, 0, 0), number / 100) for number in range(200)]
    assert len([entry for entry in kept if entry]) == 4
    assert len(measured.history) == 4
