"""The queue of speech: what is said, to the sample, through pauses, stops and gaps."""

import numpy as np
import pytest

from rtc_server.rtc.opus import FRAME_SAMPLES, Pcm
from rtc_server.rtc.playout import FADE_SAMPLES, MAX_QUEUED_SECONDS, PlayoutQueue, QueueFull
from rtc_server.rtc.ports import PlaybackEnded, PlaybackEvent, PlaybackStarted
from tests.rtc.client import frequency_of, sine


def frames(queue: PlayoutQueue, count: int) -> tuple[Pcm, list[PlaybackEvent]]:
    pcm: list[Pcm] = []
    events: list[PlaybackEvent] = []
    for _ in range(count):
        frame, told = queue.next_frame()
        assert frame.size == FRAME_SAMPLES
        pcm.append(frame)
        events += told
    return np.concatenate(pcm), events


def test_without_speech_there_is_silence() -> None:
    pcm, events = frames(PlayoutQueue(), 3)
    assert not pcm.any()
    assert events == []


def test_a_clause_is_sent_sample_by_sample_and_reported() -> None:
    queue = PlayoutQueue()
    speech = sine(0.05, 48_000)
    assert queue.add("u1", speech, 48_000, last=True) == 0
    pcm, events = frames(queue, 4)
    assert np.array_equal(pcm[: speech.size], (speech * 32_767).astype(np.int16))
    assert not pcm[speech.size :].any()
    assert events == [PlaybackStarted("u1"), PlaybackEnded("u1", 0.05, completed=True)]


def test_clauses_of_one_utterance_join_without_a_gap() -> None:
    queue = PlayoutQueue()
    speech = sine(1.0, 24_000)
    assert queue.add("u1", speech[:10_007], 24_000, last=False) == 0
    assert queue.add("u1", speech[10_007:], 24_000, last=True) == pytest.approx(2 * 10_007, abs=64)
    pcm, events = frames(queue, 51)
    assert np.abs(np.diff(pcm[200:47_000].astype(int))).max() < 1.2 * 2 * np.pi * 440 / 48_000 * 16_384
    assert frequency_of(pcm[:48_000], 48_000) == pytest.approx(440, abs=1)
    assert events == [PlaybackStarted("u1"), PlaybackEnded("u1", 1.0, completed=True)]


def test_the_start_of_the_next_utterance_counts_what_is_before_it() -> None:
    queue = PlayoutQueue()
    queue.add("u1", sine(0.5, 48_000), 48_000, last=True)
    frames(queue, 5)
    assert queue.add("u2", sine(0.5, 48_000), 48_000, last=True) == 24_000 - 5 * FRAME_SAMPLES


def test_pause_and_resume_lose_no_sample() -> None:
    queue = PlayoutQueue()
    speech = sine(0.2, 48_000)
    queue.add("u1", speech, 48_000, last=True)
    wanted = (speech * 32_767).astype(np.int16)
    before, _ = frames(queue, 3)
    queue.pause()
    during, events = frames(queue, 5)
    assert events == []
    assert during[:FADE_SAMPLES].any(), "the voice fades rather than clicks"
    assert not during[FADE_SAMPLES:].any()
    assert queue.current == ("u1", 0.06)
    queue.resume()
    after, events = frames(queue, 8)
    assert np.array_equal(before, wanted[: before.size])
    rest = wanted[before.size :]
    assert np.array_equal(after[FADE_SAMPLES : rest.size], rest[FADE_SAMPLES:])
    assert events[-1] == PlaybackEnded("u1", 0.2, completed=True)


def test_stop_drops_everything_and_tells_how_much_was_said() -> None:
    queue = PlayoutQueue()
    queue.add("u1", sine(0.2, 48_000), 48_000, last=True)
    queue.add("u2", sine(0.2, 48_000), 48_000, last=True)
    frames(queue, 2)
    assert queue.stop() == (PlaybackEnded("u1", 0.04, completed=False), PlaybackEnded("u2", 0.0, completed=False))
    after, events = frames(queue, 3)
    assert events == []
    assert after[:FADE_SAMPLES].any(), "the voice fades rather than clicks"
    assert not after[FADE_SAMPLES:].any()


def test_stop_while_paused_stays_silent_and_allows_new_speech() -> None:
    queue = PlayoutQueue()
    queue.add("u1", sine(0.2, 48_000), 48_000, last=True)
    frames(queue, 2)
    queue.pause()
    frames(queue, 1)
    queue.stop()
    queue.add("u2", sine(0.02, 48_000), 48_000, last=True)
    pcm, events = frames(queue, 2)
    assert np.array_equal(pcm[:FRAME_SAMPLES], (sine(0.02, 48_000) * 32_767).astype(np.int16))
    assert events == [PlaybackStarted("u2"), PlaybackEnded("u2", 0.02, completed=True)]


def test_an_utterance_waits_for_its_next_clause() -> None:
    queue = PlayoutQueue()
    queue.add("u1", sine(0.02, 48_000), 48_000, last=False)
    assert frames(queue, 3)[1] == [PlaybackStarted("u1")]
    queue.add("u1", np.zeros(0, dtype=np.float32), 48_000, last=True)
    assert frames(queue, 1)[1] == [PlaybackEnded("u1", 0.02, completed=True)]


def test_an_empty_utterance_ends() -> None:
    for rate_hz in (24_000, 48_000):
        queue = PlayoutQueue()
        queue.add("u1", np.zeros(0, dtype=np.float32), rate_hz, last=True)
        assert frames(queue, 1)[1] == [PlaybackEnded("u1", 0.0, completed=True)]


def test_too_much_speech_is_refused() -> None:
    queue = PlayoutQueue()
    with pytest.raises(QueueFull):
        queue.add("u1", np.zeros(int(48_000 * (MAX_QUEUED_SECONDS + 1)), dtype=np.float32), 48_000, last=True)
    assert queue.queued_samples == 0


def test_an_utterance_keeps_its_rate_and_its_end() -> None:
    queue = PlayoutQueue()
    queue.add("u1", sine(0.1, 24_000), 24_000, last=False)
    with pytest.raises(ValueError, match="one rate: 24000 Hz"):
        queue.add("u1", sine(0.1, 16_000), 16_000, last=False)
    queue.add("u1", sine(0.1, 24_000), 24_000, last=True)
    with pytest.raises(ValueError, match="last clause"):
        queue.add("u1", sine(0.1, 24_000), 24_000, last=True)


def test_broken_numbers_do_not_become_noise() -> None:
    queue = PlayoutQueue()
    queue.add("u1", np.array([np.nan, np.inf, -np.inf, 9.0], dtype=np.float32), 48_000, last=True)
    assert frames(queue, 1)[0][:4].tolist() == [0, 32_767, -32_767, 32_767]
