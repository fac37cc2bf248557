"""One clock for media from several sources."""

from rtc_server.rtc.timeline import Timeline

TOP = 2**32


def test_steps_are_kept_over_the_wrap_of_the_counter() -> None:
    timeline = Timeline(48_000)
    stamps = [TOP - 960, 0, 960, 1_920]
    assert [timeline.place(stamp, now=0.02 * n) for n, stamp in enumerate(stamps)] == [0, 960, 1_920, 2_880]


def test_a_pause_of_the_sender_is_kept() -> None:
    timeline = Timeline(48_000)
    timeline.place(0, now=0.0)
    assert timeline.place(5 * 48_000, now=5.1) == 5 * 48_000


def test_a_late_packet_lies_before_the_last_one() -> None:
    timeline = Timeline(48_000)
    timeline.place(0, now=0.0)
    assert timeline.place(1_920, now=0.04) == 1_920
    assert timeline.place(960, now=0.045) == 960
    assert timeline.place(2_880, now=0.06) == 2_880


def test_another_source_goes_on_where_the_wall_clock_is() -> None:
    timeline = Timeline(90_000)
    timeline.place(1_000_000, now=10.0)
    assert timeline.place(1_006_000, now=10.066) == 6_000
    assert timeline.place(3_000_000_000, now=12.066) == 6_000 + 2 * 90_000
    assert timeline.place(3_000_006_000, now=12.133) == 6_000 + 2 * 90_000 + 6_000


def test_another_source_at_the_same_moment_still_moves_on() -> None:
    timeline = Timeline(90_000)
    timeline.place(0, now=1.0)
    assert timeline.place(TOP // 2, now=1.0) == 1
