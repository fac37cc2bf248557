"""An agent's microphone: RTP packets as the network brings them, Opus payloads in order, not decoded."""

import asyncio
from collections.abc import Callable, Iterable

from rtc_server.rtc.jitter import AudioPacket, AudioSpan, JitterBuffer
from rtc_server.rtc.opus import CLOCK_HZ, packet_samples


class VoiceIn:
    """Puts packets in order, waits a moment for those that are missing, and leaves out the lost ones.

    Must be made and used on the event loop; it sets one timer at most.
    """

    def __init__(self, on_payload: Callable[[bytes], None]) -> None:
        self._on_payload = on_payload
        self._loop = asyncio.get_running_loop()
        self._buffer = JitterBuffer(clock_hz=CLOCK_HZ)
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False
        self.payloads = 0
        """Packets handed on."""

    def receive(self, ssrc: int, sequence: int, timestamp: int, payload: bytes) -> None:
        """Take one RTP packet; what is not Opus is dropped."""
        if self._closed:
            return
        try:
            samples = packet_samples(payload)
        except ValueError:
            return
        packet = AudioPacket(ssrc, sequence, timestamp, samples, payload)
        self._hand_on(self._buffer.receive(packet, now=self._loop.time()))

    def close(self) -> None:
        """Stop; nothing is handed on after this."""
        self._closed = True
        self._stop_timer()

    def _time_passed(self) -> None:
        self._hand_on(self._buffer.time_passed(now=self._loop.time()))

    def _hand_on(self, spans: Iterable[AudioSpan]) -> None:
        self._stop_timer()
        # Only a hole needs a timer; silence is not worth waking up for.
        if self._buffer.held_packets and (deadline := self._buffer.deadline) is not None:
            self._timer = self._loop.call_at(deadline, self._time_passed)
        for span in spans:
            if span.payload is not None:
                self.payloads += 1
                self._on_payload(span.payload)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
