"""The avatar's voice as the page receives it: pacing, RTP timestamps, pause, stop."""

import asyncio
import itertools
import time

import numpy as np
import pytest

from rtc_server.rtc import pacing
from rtc_server.rtc.audio_out import PacedAudioTrack
from rtc_server.rtc.opus import CLOCK_HZ, FRAME_SAMPLES
from rtc_server.rtc.ports import PlaybackEnded, PlaybackShifted, PlaybackStarted
from tests.rtc.client import Page, calling, frequency_of, sine, until

RINGING = 960
"""The codec lets a tone that stops ring on for up to 20 ms."""


@pytest.fixture
def no_skips(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the loop may stand still; these tests look at positions, so nothing may be skipped."""
    monkeypatch.setattr(pacing.Pacer.__init__, "__kwdefaults__", {"max_burst_frames": 10_000})


def loud(page: Page) -> np.ndarray:
    """RTP timestamps at which the page hears something."""
    origin, pcm = page.heard_pcm()
    return origin + np.flatnonzero(np.abs(pcm.astype(int)) > 1_000)


@pytest.mark.usefixtures("no_skips")
async def test_speech_is_heard_at_the_timestamp_that_play_told() -> None:
    async with calling() as call:
        await asyncio.sleep(0.2)
        first = call.peer.audio_out.play("u1", sine(0.3, 24_000), 24_000, last=False)
        second = call.peer.audio_out.play("u1", sine(0.2, 24_000), 24_000, last=True)
        assert (second - first) & 0xFFFFFFFF == pytest.approx(0.3 * CLOCK_HZ, abs=64)
        await until(lambda: len(call.heard.playback) == 2)
        await asyncio.sleep(0.1)
        heard = loud(call.page)
        assert int(heard[0] - first) == pytest.approx(0, abs=120), "2.5 ms: the onset through the codec"
        assert int(heard[-1] - first) == pytest.approx(0.5 * CLOCK_HZ, abs=RINGING)
        assert np.diff(heard).max() < 240, "no gap between the clauses"
        origin, pcm = call.page.heard_pcm()
        begin = (first - origin) & 0xFFFFFFFF
        assert frequency_of(pcm[begin : begin + 23_000], CLOCK_HZ) == pytest.approx(440, abs=3)
        assert call.heard.playback == [PlaybackStarted("u1"), PlaybackEnded("u1", 0.5, completed=True)]


@pytest.mark.usefixtures("no_skips")
async def test_pause_and_resume_at_the_page() -> None:
    async with calling() as call:
        out = call.peer.audio_out
        first = out.play("u1", sine(0.6, 48_000), 48_000, last=True)
        await asyncio.sleep(0.2)
        out.pause()
        said = out.speaking
        assert said is not None
        await asyncio.sleep(0.2)
        assert out.speaking == said
        again = out.resume()
        await until(lambda: len(call.heard.playback) == 2)
        await asyncio.sleep(0.1)
        heard = loud(call.page)
        (cut,) = np.flatnonzero(np.diff(heard) > 2_400)
        assert int(heard[cut] - first) == pytest.approx(said[1] * CLOCK_HZ, abs=480), "5 ms of fade"
        assert int(heard[cut + 1] - again) == pytest.approx(0, abs=240), "5 ms of fade"
        assert int(heard[-1] - again) == pytest.approx((0.6 - said[1]) * CLOCK_HZ, abs=RINGING)
        assert call.heard.playback[-1] == PlaybackEnded("u1", 0.6, completed=True)


@pytest.mark.usefixtures("no_skips")
async def test_stop_is_heard_within_a_frame() -> None:
    async with calling() as call:
        out = call.peer.audio_out
        first = out.play("u1", sine(2.0, 48_000), 48_000, last=False)
        await asyncio.sleep(0.3)
        out.stop_speaking()
        (_, ended) = call.heard.playback
        assert isinstance(ended, PlaybackEnded)
        assert not ended.completed
        await asyncio.sleep(0.2)
        heard = loud(call.page)
        assert int(heard[-1] - first) == pytest.approx(ended.played_seconds * CLOCK_HZ, abs=RINGING)
        assert out.speaking is None
        out.play("u2", sine(0.04, 48_000), 48_000, last=True)
        await until(lambda: PlaybackEnded("u2", 0.04, completed=True) in call.heard.playback)


@pytest.mark.usefixtures("no_skips")
async def test_timestamps_only_ever_grow_by_whole_frames() -> None:
    async with calling() as call:
        for number in range(3):
            call.peer.audio_out.play(f"u{number}", sine(0.1, 22_050), 22_050, last=True)
            await asyncio.sleep(0.05)
            call.peer.audio_out.stop_speaking()
        await asyncio.sleep(0.1)
        stamps = [p.timestamp for _, p in call.page.packets]
        assert {(b - a) & 0xFFFFFFFF for a, b in itertools.pairwise(stamps)} == {FRAME_SAMPLES}


def make_track() -> PacedAudioTrack:
    return PacedAudioTrack(lambda: 0, lambda event: None)


async def test_a_stall_leaves_a_jump_and_no_drift() -> None:
    track = make_track()
    loop = asyncio.get_running_loop()
    started_at = loop.time()
    stamps = []
    for number in range(30):
        packet = await track.recv()
        assert packet.pts is not None
        stamps.append(packet.pts)
        if number == 10:
            time.sleep(0.3)  # noqa: ASYNC251 - the stall is what is tested
    assert track.skipped_frames >= 10
    assert all(b > a for a, b in itertools.pairwise(stamps))
    assert stamps[-1] / CLOCK_HZ == pytest.approx(loop.time() - started_at - track.lateness, abs=0.01)


async def test_speaking_before_packets_flow_says_what_to_wait_for() -> None:
    with pytest.raises(RuntimeError, match="CONNECTED"):
        make_track().play("u1", sine(0.1, 48_000), 48_000, last=True)


async def test_a_stall_in_mid_utterance_tells_where_the_rest_is_heard() -> None:
    async with calling() as call:
        out = call.peer.audio_out
        out.play("u1", sine(1.0, 48_000), 48_000, last=True)
        await until(lambda: (out.speaking or ("", 0.0))[1] > 0.1)
        time.sleep(0.3)  # noqa: ASYNC251 - the stall is what is tested
        await until(lambda: len(call.heard.playback) == 3)
        shifted = call.heard.playback[1]
        assert isinstance(shifted, PlaybackShifted)
        assert out.skipped_frames > 0
        await asyncio.sleep(0.1)
        heard = loud(call.page)
        rest_seconds = 1.0 - shifted.played_seconds
        assert int(heard[-1] - shifted.rtp_timestamp) == pytest.approx(rest_seconds * CLOCK_HZ, abs=RINGING)
