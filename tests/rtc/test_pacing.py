"""The schedule of outgoing frames."""

import pytest

from rtc_server.rtc.pacing import MAX_BURST_FRAMES, Pacer


def test_frames_are_due_at_a_fixed_rate_however_late_each_was_taken() -> None:
    pacer = Pacer(0.02)
    now = 100.0
    for number in range(1_000):
        now += pacer.wait(now=now)
        assert now == pytest.approx(100.0 + number * 0.02)
        assert pacer.take(now=now + 0.007) == number
        now += 0.007


def test_a_short_stall_is_caught_up_without_skipping() -> None:
    pacer = Pacer(0.02)
    assert pacer.take(now=0.0) == 0
    assert [pacer.take(now=0.06) for _ in range(3) if pacer.wait(now=0.06) == 0.0] == [1, 2, 3]
    assert pacer.wait(now=0.06) == pytest.approx(0.02)
    assert pacer.skipped_frames == 0


def test_a_long_stall_is_skipped_but_for_a_short_burst() -> None:
    pacer = Pacer(0.02)
    pacer.take(now=0.0)
    burst = []
    while pacer.wait(now=0.4) == 0.0:
        burst.append(pacer.take(now=0.4))
    assert burst == [17, 18, 19, 20]
    assert len(burst) == MAX_BURST_FRAMES + 1, "the frame that is due, and three before it"
    assert pacer.skipped_frames == 16
    assert pacer.wait(now=0.4) == pytest.approx(0.02)


def test_lateness_is_told() -> None:
    pacer = Pacer(0.02)
    pacer.take(now=0.0)
    pacer.take(now=0.025)
    assert pacer.lateness == pytest.approx(0.005)
