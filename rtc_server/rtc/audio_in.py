"""From RTP packets of the microphone to 16 kHz samples without holes."""

import asyncio
from collections.abc import Callable, Iterable

import numpy as np

from conversation.speech.ports import Samples
from rtc_server.rtc.decimate import Decimator
from rtc_server.rtc.jitter import AudioPacket, AudioSpan, JitterBuffer, JitterStatistics
from rtc_server.rtc.opus import CLOCK_HZ, FRAME_SAMPLES, OpusDecoder, Pcm, packet_samples

CONCEAL_SAMPLES = 3 * FRAME_SAMPLES
"""A lost stretch repeats the last frame, fading, for 60 ms at most; the rest of it is silence."""


class AudioReceiver:
    """Decodes, fills holes and brings it to 16 kHz; tells each new stretch to ``on_samples`` on the event loop.

    ``on_samples(samples, first)`` gets float32 mono at 16 kHz and the index of the first sample; indices are
    contiguous. Must be made and used on the event loop; it sets one timer at most.
    """

    def __init__(self, on_samples: Callable[[Samples, int], None]) -> None:
        self._on_samples = on_samples
        self._loop = asyncio.get_running_loop()
        self._buffer = JitterBuffer(clock_hz=CLOCK_HZ)
        self._decoder = OpusDecoder()
        self._concealer = Concealer()
        self._decimator = Decimator()
        self._timer: asyncio.TimerHandle | None = None
        self._next_sample = 0
        self._closed = False
        self.damaged_packets = 0
        """Packets that were not Opus; they were treated as lost."""

    @property
    def statistics(self) -> JitterStatistics:
        """Counters of the receive buffer."""
        return self._buffer.statistics

    @property
    def wait(self) -> float:
        """Seconds that the buffer waits for a missing packet at present."""
        return self._buffer.wait

    def receive(self, ssrc: int, sequence: int, timestamp: int, payload: bytes) -> None:
        """Take one RTP packet as it came from the network."""
        if self._closed:
            return
        try:
            samples = packet_samples(payload)
        except ValueError:
            self.damaged_packets += 1
            return
        packet = AudioPacket(ssrc, sequence, timestamp, samples, payload)
        self._hand_on(self._buffer.receive(packet, now=self._loop.time()))

    def close(self) -> None:
        """Stop; nothing is told after this."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _time_passed(self) -> None:
        self._timer = None
        self._hand_on(self._buffer.time_passed(now=self._loop.time()))

    def _hand_on(self, spans: Iterable[AudioSpan]) -> None:
        pcm = [self._render(span) for span in spans]
        self._set_timer()
        if not pcm:
            return
        samples = self._decimator.feed(np.concatenate(pcm))
        if samples.size:
            first = self._next_sample
            self._next_sample += samples.size
            self._on_samples(samples, first)

    def _render(self, span: AudioSpan) -> Pcm:
        if span.payload is not None:
            pcm = self._decoder.decode(span.payload, span.samples)
            if pcm is not None:
                return self._concealer.heard(pcm)
            self.damaged_packets += 1
        if span.fill == "silence":
            return self._concealer.silence(span.samples)
        return self._concealer.conceal(span.samples)

    def _set_timer(self) -> None:
        deadline = self._buffer.deadline
        if self._timer is not None:
            # A timer that is early does no harm, and setting one for each packet would cost more than the packet.
            if deadline is not None and self._timer.when() <= deadline:
                return
            self._timer.cancel()
            self._timer = None
        if deadline is not None and not self._closed:
            self._timer = self._loop.call_at(deadline, self._time_passed)


class Concealer:
    """Makes up audio for lost packets out of what was heard last (ITU-T G.711 Appendix I in its simplest form)."""

    def __init__(self) -> None:
        self._last = np.zeros(FRAME_SAMPLES, dtype=np.int16)
        self._concealed_samples = 0

    def heard(self, pcm: Pcm) -> Pcm:
        """Note real audio and pass it on."""
        self._last = pcm[-FRAME_SAMPLES:]
        self._concealed_samples = 0
        return pcm

    def silence(self, samples: int) -> Pcm:
        """The sender itself was silent."""
        self._last = np.zeros(FRAME_SAMPLES, dtype=np.int16)
        return np.zeros(samples, dtype=np.int16)

    def conceal(self, samples: int) -> Pcm:
        """The last frame again and again, fading to nothing over ``CONCEAL_SAMPLES``."""
        repeated = np.resize(self._last, samples).astype(np.float32)
        age = self._concealed_samples + np.arange(samples, dtype=np.float32)
        self._concealed_samples += samples
        return (repeated * np.clip(1.0 - age / CONCEAL_SAMPLES, 0.0, 1.0)).astype(np.int16)
