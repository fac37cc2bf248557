"""When a delivery is tried again."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtc_server.webhooks.schedule import (
    DELAYS,
    MAX_RETRY_AFTER_SECONDS,
    Schedule,
    is_worn_out,
    judge,
    parse_retry_after,
)

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000


def test_the_schedule_begins_as_the_vendors_and_lasts_more_than_a_day() -> None:
    assert DELAYS[:5] == (5, 30, 120, 600, 3600)
    assert sum(DELAYS) >= 24 * 3600 * 1.1, "even with the greatest jitter"


@given(delivery=st.text(max_size=30), failures=st.integers(1, len(DELAYS)))
def test_jitter_stays_within_its_share_and_is_the_same_each_time(delivery: str, failures: int) -> None:
    schedule = Schedule()
    delay = schedule.delay_after(delivery, failures)
    assert delay is not None
    assert math.isclose(delay, DELAYS[failures - 1], rel_tol=schedule.jitter)
    assert delay == schedule.delay_after(delivery, failures)


def test_deliveries_do_not_come_in_step() -> None:
    delays = {Schedule().delay_after(f"whd_{number}", 1) for number in range(100)}
    assert len(delays) == 100
    assert min(d or 0 for d in delays) < 4.7 < 5.3 < max(d or 0 for d in delays)


@pytest.mark.parametrize("failures", [0, -1, len(DELAYS) + 1, 1000])
def test_after_the_last_attempt_there_is_none(failures: int) -> None:
    assert Schedule().delay_after("whd_1", failures) is None


@given(asked=st.floats(0, 1e9), failures=st.integers(1, len(DELAYS)))
def test_retry_after_only_makes_the_wait_longer_up_to_a_day(asked: float, failures: int) -> None:
    usual = Schedule().delay_after("whd_1", failures)
    delay = Schedule().delay_after("whd_1", failures, asked)
    assert usual is not None
    assert delay == max(usual, min(asked, MAX_RETRY_AFTER_SECONDS))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("999999999999999999999999", MAX_RETRY_AFTER_SECONDS),
        ("Mon, 21 Sep 2026 14:14:20 GMT", 60.0),
        ("Mon, 21 Sep 2020 00:00:00 GMT", 0.0),
        ("Mon, 21 Sep 2099 00:00:00 GMT", MAX_RETRY_AFTER_SECONDS),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        (None, None),
        ("٣", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW_MS) == seconds


@given(value=st.text())
def test_no_retry_after_breaks_the_reader(value: str) -> None:
    seconds = parse_retry_after(value, NOW_MS)
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_SECONDS


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, "delivered"), (204, "delivered"), (301, "failed"), (400, "failed"), (410, "gone"), (500, "failed"),
     (None, "failed"), (199, "failed")],
)  # fmt: skip
def test_only_2xx_is_arrival_and_410_is_for_good(status: int | None, verdict: str) -> None:
    assert judge(status) == verdict


def test_an_endpoint_is_worn_out_after_days_of_nothing_but_failures() -> None:
    assert not is_worn_out(None, NOW_MS, 5)
    assert not is_worn_out(NOW_MS - 5 * DAY_MS + 1, NOW_MS, 5)
    assert is_worn_out(NOW_MS - 5 * DAY_MS, NOW_MS, 5)
    assert not is_worn_out(0, NOW_MS, 0), "0 = never"


@pytest.mark.parametrize("wrong", [{"delays": (-1.0,)}, {"delays": (math.nan,)}, {"jitter": 1.0}, {"jitter": -0.1}])
def test_a_schedule_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Schedule(**wrong)  # type: ignore[arg-type]
