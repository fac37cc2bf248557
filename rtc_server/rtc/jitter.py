"""Receive buffer for audio that a machine listens to (pure: time is an argument).

A loudspeaker needs an even flow, so a jitter buffer for people holds every packet back. A recogniser does not care how
evenly audio comes, only how late. So here the packet that is next leaves at once; only a hole makes the buffer wait,
for 20 to 120 ms by what the network has shown so far, and then the hole is filled and the stream goes on undelayed.

The output is one timeline at the RTP clock that starts at 0 and has neither gaps nor overlaps.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Literal

MIN_WAIT = 0.020
MAX_WAIT = 0.120
"""Bounds of the wait for a missing packet: a packet's length at least; over 120 ms a word is better lost than late."""

STALL_SECONDS = 0.3
"""After this long without a packet the timeline goes on with silence, so that a listener notices the talker's end."""

STALL_STEP_SECONDS = 0.02

MAX_HELD = 64
"""Packets kept behind a hole; more and the hole is given up at once (64 x 20 ms is far beyond MAX_WAIT)."""

MAX_FILL_SECONDS = 2.0
"""A single hole longer than this is filled only so far: an outage, not a loss."""

RESTART_JUMP = 1_000
"""A sequence number this far off belongs to a restarted sender, once the packet after it confirms it (RFC 3550 A.1)."""

LEFT_SECONDS = 1.0
ON_THEIR_WAY = 50
"""After a jump, packets of the old numbering are late for so long, up to so many (a second of them) beyond the point
where it was left: where the network mixes them with new ones, they would otherwise look like another restart."""

_WAIT_DECAY = 0.995
_LATENESS_MARGIN = 1.25
_REMEMBERED_HOLES = 64


@dataclass(frozen=True, slots=True)
class AudioPacket:
    """One RTP packet of audio."""

    ssrc: int
    sequence: int
    """16 bits."""
    timestamp: int
    """32 bits, at the RTP clock."""
    samples: int
    """How much audio it holds, at the RTP clock."""
    payload: bytes


@dataclass(frozen=True, slots=True)
class AudioSpan:
    """The next stretch of the timeline."""

    start: int
    """Samples since the first packet; the end of the span before."""
    samples: int
    payload: bytes | None
    """What to decode; None when there is nothing to."""
    fill: Literal["", "lost", "silence"] = ""
    """Why there is no payload: packets were lost, or the sender sent none."""


@dataclass(slots=True)
class JitterStatistics:
    """Counters since the start, in packets."""

    received: int = 0
    released: int = 0
    lost: int = 0
    """Given up after the wait."""
    late: int = 0
    """Came after being given up, or twice."""
    restarts: int = 0
    filled_samples: int = 0
    """Samples on the timeline that no packet held."""


@dataclass(slots=True)
class _Hole:
    noticed_at: float
    gives_up_at: float


@dataclass(slots=True)
class _Stream:
    ssrc: int
    next_sequence: int
    next_timestamp: int
    held: dict[int, AudioPacket] = field(default_factory=dict)
    arrived_at: dict[int, float] = field(default_factory=dict)
    hole: _Hole | None = None


@dataclass(frozen=True, slots=True)
class _LeftNumbering:
    """Sequence numbers that the sender has given up; packets of theirs may still be on their way."""

    ssrc: int
    next_sequence: int
    forgotten_at: float

    def sent(self, packet: AudioPacket, now: float) -> bool:
        """Whether the packet is one of those."""
        ahead = _ahead(packet.sequence, self.next_sequence)
        return packet.ssrc == self.ssrc and now < self.forgotten_at and -RESTART_JUMP < ahead < ON_THEIR_WAY


def _ahead(a: int, b: int) -> int:
    """Signed distance from sequence number b to a (RFC 1982)."""
    return ((a - b + 0x8000) & 0xFFFF) - 0x8000


class JitterBuffer:
    """Feed it packets and the passing of time; it answers with the spans that are due.

    ``deadline`` is when it wants ``time_passed`` next, on the caller's monotonic clock, or None.
    """

    def __init__(self, *, clock_hz: int = 48_000) -> None:
        self._clock_hz = clock_hz
        self._max_fill_samples = round(MAX_FILL_SECONDS * clock_hz)
        self._stream: _Stream | None = None
        self._position = 0
        self._wait = MIN_WAIT
        self._stalled_at: float | None = None
        self._borrowed_samples = 0
        self._given_up: OrderedDict[int, float] = OrderedDict()
        self._restart_candidate: AudioPacket | None = None
        self._left: _LeftNumbering | None = None
        self.statistics = JitterStatistics()

    @property
    def wait(self) -> float:
        """Seconds that the next hole will be waited for."""
        return self._wait

    @property
    def held_packets(self) -> int:
        """Packets kept behind a hole right now."""
        return len(self._stream.held) if self._stream else 0

    @property
    def deadline(self) -> float | None:
        """When to call ``time_passed``."""
        if self._stream is not None and self._stream.hole is not None:
            return self._stream.hole.gives_up_at
        return self._stalled_at

    def receive(self, packet: AudioPacket, *, now: float) -> tuple[AudioSpan, ...]:
        """Take a packet; answer what may be heard now."""
        self.statistics.received += 1
        out: list[AudioSpan] = []
        stream = self._stream
        if stream is None or packet.ssrc != stream.ssrc:
            stream = self._restart(packet, out, now)
        distance = _ahead(packet.sequence, stream.next_sequence)
        if abs(distance) >= RESTART_JUMP:
            if self._left is not None and self._left.sent(packet, now):
                self.statistics.late += 1
                return ()
            stream_or_none = self._confirm_restart(packet, out, now)
            if stream_or_none is None:
                return ()
            stream, distance = stream_or_none, 0
        self._restart_candidate = None
        if distance < 0 or packet.sequence in stream.held:
            self._note_late(packet, now)
            return ()
        self._stalled_at = now + STALL_SECONDS
        self._wait = max(MIN_WAIT, self._wait * _WAIT_DECAY)
        if distance == 0 and stream.hole is not None:
            self._note_lateness(now - stream.hole.noticed_at)
        stream.held[packet.sequence] = packet
        stream.arrived_at[packet.sequence] = now
        self._release(stream, out)
        while len(stream.held) > MAX_HELD:
            self._give_up(stream, out)
        return tuple(out)

    def time_passed(self, *, now: float) -> tuple[AudioSpan, ...]:
        """Give up holes that are due and go on with silence where nothing comes any more."""
        out: list[AudioSpan] = []
        stream = self._stream
        while stream is not None and stream.hole is not None and stream.hole.gives_up_at <= now:
            self._give_up(stream, out)
        if self._stalled_at is not None and self._stalled_at <= now and not self.held_packets:
            steps = int((now - self._stalled_at) / STALL_STEP_SECONDS) + 1
            self._stalled_at += steps * STALL_STEP_SECONDS
            silence = min(round(steps * STALL_STEP_SECONDS * self._clock_hz), self._max_fill_samples)
            self._borrowed_samples += silence
            self._fill(silence, "silence", out)
        return tuple(out)

    # The timeline

    def _release(self, stream: _Stream, out: list[AudioSpan]) -> None:
        """Let go of everything that is next in line."""
        while (packet := stream.held.pop(stream.next_sequence, None)) is not None:
            self._close_gap(packet.timestamp - stream.next_timestamp, "silence", out)
            out.append(AudioSpan(self._position, packet.samples, packet.payload))
            self._position += packet.samples
            self.statistics.released += 1
            stream.next_sequence = (packet.sequence + 1) & 0xFFFF
            stream.next_timestamp = (packet.timestamp + packet.samples) & 0xFFFFFFFF
            del stream.arrived_at[packet.sequence]
            stream.hole = None
        if stream.held and stream.hole is None:
            noticed_at = min(stream.arrived_at.values())
            stream.hole = _Hole(noticed_at, noticed_at + self._wait)

    def _give_up(self, stream: _Stream, out: list[AudioSpan]) -> None:
        """Fill the hole at the front and go on with the packet behind it."""
        nearest = min(stream.held.values(), key=lambda p: _ahead(p.sequence, stream.next_sequence))
        missing = _ahead(nearest.sequence, stream.next_sequence)
        noticed_at = min(stream.arrived_at.values())
        if missing > ON_THEIR_WAY:  # more than any network loses: the numbering jumped, though too little for a restart
            self._left = _LeftNumbering(stream.ssrc, stream.next_sequence, noticed_at + LEFT_SECONDS)
        self.statistics.lost += missing
        for offset in range(max(0, missing - _REMEMBERED_HOLES), missing):
            self._given_up[(stream.next_sequence + offset) & 0xFFFF] = noticed_at
        while len(self._given_up) > _REMEMBERED_HOLES:
            self._given_up.popitem(last=False)
        self._close_gap(nearest.timestamp - stream.next_timestamp, "lost", out)
        stream.next_sequence = nearest.sequence
        stream.next_timestamp = nearest.timestamp
        stream.hole = None
        self._release(stream, out)

    def _close_gap(self, difference: int, why: Literal["lost", "silence"], out: list[AudioSpan]) -> None:
        """Fill a step of the RTP timestamp, less what a stall has already put on the timeline."""
        gap = ((difference + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        if gap <= 0:
            return
        repaid = min(gap, self._borrowed_samples)
        self._borrowed_samples -= repaid
        gap = min(gap - repaid, self._max_fill_samples)
        if gap > 0:
            self._fill(gap, why, out)

    def _fill(self, samples: int, why: Literal["lost", "silence"], out: list[AudioSpan]) -> None:
        out.append(AudioSpan(self._position, samples, None, why))
        self._position += samples
        self.statistics.filled_samples += samples

    # Restarts

    def _restart(self, packet: AudioPacket, out: list[AudioSpan], now: float) -> _Stream:
        """Follow a new stream from this packet on; what was held of the old one is let out first."""
        former = self._stream
        if former is not None:
            self.statistics.restarts += 1
            while former.held:
                self._give_up(former, out)
            self._left = _LeftNumbering(former.ssrc, former.next_sequence, now + LEFT_SECONDS)
        self._given_up.clear()
        self._borrowed_samples = 0
        self._stream = _Stream(packet.ssrc, packet.sequence, packet.timestamp)
        return self._stream

    def _confirm_restart(self, packet: AudioPacket, out: list[AudioSpan], now: float) -> _Stream | None:
        candidate = self._restart_candidate
        self._restart_candidate = packet
        if candidate is None or _ahead(packet.sequence, candidate.sequence) != 1:
            self.statistics.late += 1
            return None
        return self._restart(packet, out, now)

    # Learning how long to wait

    def _note_late(self, packet: AudioPacket, now: float) -> None:
        self.statistics.late += 1
        noticed_at = self._given_up.pop(packet.sequence, None)
        if noticed_at is not None:
            self._note_lateness(now - noticed_at)

    def _note_lateness(self, lateness: float) -> None:
        """A packet filled its hole after this long: wait that long and a bit for the next one."""
        self._wait = min(MAX_WAIT, max(self._wait, lateness * _LATENESS_MARGIN))
