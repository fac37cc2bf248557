"""The receive buffer: nothing is held back without a hole, and no order of packets breaks its timeline."""

import itertools
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rtc_server.rtc.impairment import Impairment, NetworkProfile
from rtc_server.rtc.jitter import (
    MAX_HELD,
    MAX_WAIT,
    MIN_WAIT,
    STALL_SECONDS,
    AudioPacket,
    AudioSpan,
    JitterBuffer,
)

FRAME = 960


def packet(
    number: int, *, first_sequence: int = 65_000, first_timestamp: int = 2**32 - 5 * FRAME, ssrc: int = 1
) -> AudioPacket:
    """The number-th 20 ms packet of a stream whose counters wrap early."""
    return AudioPacket(
        ssrc,
        (first_sequence + number) & 0xFFFF,
        (first_timestamp + number * FRAME) & 0xFFFFFFFF,
        FRAME,
        number.to_bytes(4, "big"),
    )


def numbers(spans: tuple[AudioSpan, ...] | list[AudioSpan]) -> list[int | None]:
    return [None if span.payload is None else int.from_bytes(span.payload, "big") for span in spans]


def drive(
    buffer: JitterBuffer, arrivals: list[tuple[float, AudioPacket]], until: float = 0.0
) -> list[tuple[float, AudioSpan]]:
    """Feed packets at their times and the deadlines between them; what came out, and when."""
    out: list[tuple[float, AudioSpan]] = []
    for at, arrived in [*sorted(arrivals, key=lambda a: a[0]), (until, None)]:
        while (deadline := buffer.deadline) is not None and deadline < at:
            out += [(deadline, span) for span in buffer.time_passed(now=deadline)]
        if arrived is not None:
            out += [(at, span) for span in buffer.receive(arrived, now=at)]
    return out


def test_the_next_packet_leaves_at_once() -> None:
    buffer = JitterBuffer()
    for number in range(1_000):
        assert numbers(buffer.receive(packet(number), now=number * 0.02)) == [number]
    assert buffer.held_packets == 0
    assert buffer.wait == MIN_WAIT


def test_two_swapped_packets_are_put_right() -> None:
    buffer = JitterBuffer()
    buffer.receive(packet(0), now=0.0)
    assert buffer.receive(packet(2), now=0.020) == ()
    assert buffer.deadline == pytest.approx(0.020 + MIN_WAIT)
    assert numbers(buffer.receive(packet(1), now=0.025)) == [1, 2]
    assert buffer.statistics.lost == 0


def test_a_loss_is_filled_at_the_deadline_and_the_delay_returns_to_nothing() -> None:
    """aiortc's own buffer is 200 ms late for the rest of the call from here on."""
    buffer = JitterBuffer()
    arrivals = [(number * 0.02, packet(number)) for number in range(100) if number != 10]
    out = drive(buffer, arrivals)
    delays = {int.from_bytes(s.payload, "big"): at for at, s in out if s.payload is not None}
    late = {number: round(at - number * 0.02, 3) for number, at in delays.items() if at - number * 0.02 > 1e-9}
    assert late == {11: MIN_WAIT}
    assert [(s.samples, s.fill) for _, s in out if s.payload is None] == [(FRAME, "lost")]
    assert buffer.statistics.lost == 1


def test_one_lost_packet_delays_aiortcs_buffer_for_good() -> None:
    """The reason for this module, held by a test: when aiortc mends it, ours may go."""
    from aiortc.jitterbuffer import JitterBuffer as Stock
    from aiortc.rtp import RtpPacket

    stock = Stock(capacity=16, prefetch=4)
    delays: list[int] = []
    for number in range(100):
        if number == 10:
            continue
        arrived = RtpPacket(sequence_number=number, timestamp=number * FRAME, payload=b"x")
        arrived._data = b"x"  # type: ignore[attr-defined]
        _, frame = stock.add(arrived)
        if frame is not None:
            delays.append(20 * (number - frame.timestamp // FRAME))
    assert delays[0] == 80
    assert delays[-1] >= 280


def test_the_wait_grows_with_lateness_and_shrinks_again() -> None:
    buffer = JitterBuffer()
    late = [(n * 0.02 + (0.075 if n % 10 == 0 else 0.0), packet(n)) for n in range(1, 200)]
    drive(buffer, [(0.0, packet(0)), *late])
    assert 0.05 < buffer.wait <= MAX_WAIT
    assert buffer.statistics.lost < 4, "the first late packets teach it"
    drive(buffer, [(n * 0.02, packet(n)) for n in range(200, 700)])
    assert buffer.wait == MIN_WAIT


def test_a_late_packet_and_a_duplicate_are_dropped_and_counted() -> None:
    buffer = JitterBuffer()
    out = drive(buffer, [(0.0, packet(0)), (0.04, packet(2)), (0.2, packet(1)), (0.21, packet(2))], until=0.22)
    assert numbers([span for _, span in out]) == [0, None, 2]
    assert buffer.statistics.late == 2


def test_a_pause_of_the_sender_is_silence_of_the_right_length() -> None:
    """Discontinuous transmission: the sequence goes on, the timestamp jumps."""
    buffer = JitterBuffer()
    buffer.receive(packet(0), now=0.0)
    after = packet(1)
    jumped = AudioPacket(1, after.sequence, (after.timestamp + 5 * FRAME) & 0xFFFFFFFF, FRAME, after.payload)
    spans = buffer.receive(jumped, now=0.12)
    assert [(s.start, s.samples, s.fill) for s in spans] == [(FRAME, 5 * FRAME, "silence"), (6 * FRAME, FRAME, "")]


def test_silence_flows_when_nothing_comes_and_no_packet_is_thrown_away_for_it() -> None:
    buffer = JitterBuffer()
    out = drive(buffer, [(0.0, packet(0))], until=1.0)
    assert out[1][0] == pytest.approx(STALL_SECONDS)
    filled = sum(s.samples for _, s in out[1:])
    assert filled == pytest.approx((1.0 - STALL_SECONDS) * 48_000, abs=FRAME)
    burst = [span for n in range(1, 51) for span in buffer.receive(packet(n), now=1.0)]
    assert numbers(burst) == list(range(1, 51))


def test_a_pause_already_bridged_by_silence_is_not_filled_twice() -> None:
    buffer = JitterBuffer()
    drive(buffer, [(0.0, packet(0))], until=1.0)
    after = packet(1)
    jumped = AudioPacket(1, after.sequence, (after.timestamp + 49 * FRAME) & 0xFFFFFFFF, FRAME, after.payload)
    spans = buffer.receive(jumped, now=1.0)
    assert spans[-1].start == 50 * FRAME
    next_one = packet(2)
    later = AudioPacket(1, next_one.sequence, (next_one.timestamp + 149 * FRAME) & 0xFFFFFFFF, FRAME, b"")
    filled = sum(span.samples for span in buffer.receive(later, now=1.1) if span.fill)
    assert filled == pytest.approx(100 * FRAME, abs=FRAME), "the next pause counts whole"


def test_a_new_source_is_followed_at_once() -> None:
    buffer = JitterBuffer()
    buffer.receive(packet(0), now=0.0)
    spans = buffer.receive(packet(0, first_sequence=7, first_timestamp=99, ssrc=2), now=0.02)
    assert [(s.start, s.samples) for s in spans] == [(FRAME, FRAME)]
    assert buffer.statistics.restarts == 1


def test_a_jump_of_the_sequence_is_followed_when_confirmed() -> None:
    buffer = JitterBuffer()
    buffer.receive(packet(0), now=0.0)
    stray = packet(0, first_sequence=20_000)
    assert buffer.receive(stray, now=0.02) == ()
    assert numbers(buffer.receive(packet(1), now=0.02)) == [1], "one stray packet changes nothing"
    buffer.receive(stray, now=0.04)
    assert numbers(buffer.receive(packet(1, first_sequence=20_000), now=0.06)) == [1]


def test_five_percent_loss_with_jitter_loses_only_what_the_network_lost() -> None:
    network = Impairment(NetworkProfile(loss=0.05, delay_ms=40, jitter_ms=10), seed=1)
    arrivals = [(at, packet(n)) for n in range(3_000) for at in network.deliveries(now=n * 0.02)]
    buffer = JitterBuffer()
    out = drive(buffer, arrivals)
    assert network.lost <= buffer.statistics.lost <= network.lost + 15
    added = [
        at - n * 0.02 for at, s in out if s.payload is not None and (n := int.from_bytes(s.payload, "big")) > 2_900
    ]
    assert sum(added) / len(added) < 0.060, "on average hardly more than the network's own 40 ms"


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    loss=st.floats(0, 0.6),
    burst=st.floats(0, 8),
    jitter_ms=st.floats(0, 400),
    duplicates=st.floats(0, 0.3),
    jump=st.integers(0, 3_000),
)
@example(seed=13315100, loss=0.21875, burst=1.25, jitter_ms=320.0, duplicates=0.25, jump=979)
def test_any_network_leaves_one_timeline(
    seed: int, loss: float, burst: float, jitter_ms: float, duplicates: float, jump: int
) -> None:
    profile = NetworkProfile(loss=loss, mean_burst=burst, delay_ms=100, jitter_ms=jitter_ms, duplicates=duplicates)
    network = Impairment(profile, seed)
    dice = random.Random(seed)
    restart_at = dice.randrange(150)
    arrivals = []
    for n in range(150):
        number = n if n < restart_at else n + jump
        arrivals += [(at, packet(number)) for at in network.deliveries(now=n * 0.02)]
    buffer = JitterBuffer()
    out: list[AudioSpan] = []
    for at, arrived in sorted(arrivals, key=lambda a: a[0]):
        while buffer.deadline is not None and buffer.deadline < at:
            out += buffer.time_passed(now=buffer.deadline)
        out += buffer.receive(arrived, now=at)
        assert buffer.held_packets <= MAX_HELD
    assert all(b.start == a.start + a.samples for a, b in itertools.pairwise(out))
    assert all(span.samples > 0 for span in out)
    heard = [n for n in numbers(out) if n is not None]
    assert len(heard) == len(set(heard)), "no packet twice"
    if jump < 900:
        assert heard == sorted(heard), "in the order in which they were sent"
    statistics = buffer.statistics
    assert statistics.received == len(arrivals)
    assert statistics.released + statistics.late + buffer.held_packets == statistics.received
