"""An agent's voice in the avatar's place: the queue, the track, and from microphone to ear over real sockets."""

import asyncio
import itertools

import numpy as np
import pytest

from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.impairment import Impairment, NetworkProfile, impair
from rtc_server.rtc.opus import CLOCK_HZ, FRAME_SAMPLES, OpusDecoder, OpusEncoder
from rtc_server.rtc.ports import PeerPolicy, PeerState, PlaybackEnded, PlaybackShifted, PlaybackStarted
from rtc_server.rtc.relay import MAX_FRAMES, START_FRAMES, RelayQueue
from rtc_server.rtc.viewer import Viewer
from rtc_server.rtc.voice_in import VoiceIn
from tests.rtc.client import Call, Heard, calling, frequency_of, sine, until
from tests.rtc.onlooker import Onlooker, watching
from tests.rtc.test_hub import Watched


def frame_of(number: int) -> bytes:
    """20 ms of Opus as far as its first byte tells; the rest is a number."""
    return bytes([0x78, number])


def opus_of(frequency_hz: float, seconds: float) -> list[bytes]:
    encoder = OpusEncoder()
    pcm = (sine(seconds, CLOCK_HZ, frequency_hz) * 32_767).astype(np.int16)
    return [encoder.encode(part) for part in pcm.reshape(-1, FRAME_SAMPLES)]


def test_a_few_packets_are_gathered_before_the_first_goes_out() -> None:
    queue = RelayQueue()
    for number in range(START_FRAMES - 1):
        queue.add(frame_of(number))
        assert queue.next() is None
    queue.add(frame_of(START_FRAMES - 1))
    assert [queue.next() for _ in range(START_FRAMES + 1)] == [*(frame_of(n) for n in range(START_FRAMES)), None]
    queue.add(frame_of(9))
    assert queue.next() is None, "after a hole they are gathered again"


def test_the_newest_200_ms_are_kept() -> None:
    queue = RelayQueue()
    for number in range(MAX_FRAMES + 5):
        queue.add(frame_of(number))
    assert queue.next() == frame_of(5)
    queue.clear()
    assert queue.next() is None


@pytest.mark.parametrize("payload", [b"", b"\x00ten milliseconds", b"\x79two frames", b"\x03", bytes([0x70, 1])])
def test_only_packets_of_20_ms_are_taken(payload: bytes) -> None:
    queue = RelayQueue()
    for _ in range(START_FRAMES):
        queue.add(payload)
    assert queue.next() is None
    assert queue.refused == START_FRAMES


async def test_packets_are_put_in_order_and_lost_ones_left_out() -> None:
    heard = list[bytes]()
    voice = VoiceIn(heard.append)
    for sequence in (65_534, 0, 65_535, 1, 3, 4):
        voice.receive(7, sequence, (sequence + 2) % 65_536 * FRAME_SAMPLES, frame_of(sequence & 0xFF))
    assert heard == [frame_of(n & 0xFF) for n in (65_534, 65_535, 0, 1)]
    voice.receive(7, 5, 7 * FRAME_SAMPLES, b"")
    await until(lambda: len(heard) == 6, timeout=0.5)
    assert heard[4:] == [frame_of(3), frame_of(4)]
    voice.receive(7, 7, 9 * FRAME_SAMPLES, frame_of(7))
    voice.close()
    voice.receive(7, 6, 8 * FRAME_SAMPLES, frame_of(6))
    await asyncio.sleep(0.2)
    assert len(heard) == 6


def loud_frequency(call: Call) -> float:
    """Of what the person's page has heard above a whisper."""
    _, pcm = call.page.heard_pcm()
    loud = np.flatnonzero(np.abs(pcm.astype(int)) > 300)
    return frequency_of(pcm[loud[0] : loud[-1]], CLOCK_HZ)


async def test_a_relay_cuts_the_avatar_and_speaks_in_its_place() -> None:
    async with calling() as call:
        out = call.peer.audio_out
        out.play("u1", sine(5, 24_000), 24_000, last=True)
        await until(lambda: len(call.heard.playback) == 1)
        out.relay(frame_of(1))
        out.begin_relay()
        out.begin_relay()
        assert isinstance(call.heard.playback[-1], PlaybackEnded)
        assert not call.heard.playback[-1].completed
        await asyncio.sleep(0.2)
        call.page.packets.clear()
        for payload in opus_of(990, 0.6):
            out.relay(payload)
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert loud_frequency(call) == pytest.approx(990, abs=15)
        stamps = [p.timestamp for _, p in call.page.packets]
        assert {(b - a) & 0xFFFFFFFF for a, b in itertools.pairwise(stamps)} == {FRAME_SAMPLES}
        out.end_relay()
        out.end_relay()
        first = out.play("u2", sine(0.3, 24_000), 24_000, last=True)
        await until(lambda: PlaybackEnded("u2", 0.3, completed=True) in call.heard.playback)
        await asyncio.sleep(0.1)
        origin, pcm = call.page.heard_pcm()
        begin = (first - origin) & 0xFFFFFFFF
        assert frequency_of(pcm[begin : begin + 14_000], CLOCK_HZ) == pytest.approx(440, abs=5)


async def test_what_is_played_during_a_relay_waits_and_tells_when_it_is_heard() -> None:
    async with calling() as call:
        out = call.peer.audio_out
        out.begin_relay()
        told = out.play("u1", sine(0.2, 24_000), 24_000, last=True)
        await asyncio.sleep(0.3)
        assert call.heard.playback == []
        out.end_relay()
        (shifted,) = call.heard.playback
        assert isinstance(shifted, PlaybackShifted)
        assert (shifted.utterance_id, shifted.played_seconds) == ("u1", 0.0)
        assert (shifted.rtp_timestamp - told) & 0xFFFFFFFF >= 0.28 * CLOCK_HZ
        await until(lambda: PlaybackEnded("u1", 0.2, completed=True) in call.heard.playback)
        assert call.heard.playback[1] == PlaybackStarted("u1")


async def test_the_agent_is_heard_by_the_person_and_by_others_but_not_by_themselves() -> None:
    hub = MediaHub()
    async with calling(heard=Watched(hub)) as call, watching(hub) as other:
        page, states = Onlooker(frequency_hz=990), list[PeerState]()
        viewer = Viewer(PeerPolicy(), hub, on_state=states.append, on_voice=call.peer.audio_out.relay)
        try:
            await page.accept(await viewer.answer(await page.offer()))
            await until(lambda: PeerState.CONNECTED in states)
            await asyncio.sleep(0.3)
            assert other.page.avatar == [], "a voice that nobody relays goes nowhere"
            call.peer.audio_out.begin_relay()
            call.page.packets.clear()
            await until(lambda: len(other.page.avatar) > 30)
            assert loud_frequency(call) == pytest.approx(990, abs=15)
            decoder = OpusDecoder()
            echoed = [decoder.decode(p.payload, FRAME_SAMPLES) for p in other.page.avatar[10:]]
            pcm = np.concatenate([part for part in echoed if part is not None])
            assert frequency_of(pcm, CLOCK_HZ) == pytest.approx(990, abs=15)
            decoder = OpusDecoder()
            own = [decoder.decode(p.payload, FRAME_SAMPLES) for p in page.avatar]
            assert all(part is None or np.abs(part).max() < 300 for part in own)
            call.peer.audio_out.end_relay()
        finally:
            await page.close()
            await viewer.close()


async def test_an_uneven_network_of_the_agent_leaves_few_holes() -> None:
    hub = MediaHub()
    async with calling(heard=Watched(hub)) as call, watching(hub, page=Onlooker(frequency_hz=990)) as agent:
        call.peer.audio_out.begin_relay()
        passed = 0

        def relay_new() -> None:
            nonlocal passed
            for payload in agent.voice[passed:]:
                call.peer.audio_out.relay(payload)
            passed = len(agent.voice)

        profile = NetworkProfile(delay_ms=20, jitter_ms=20)
        impair(agent.page.connection, outgoing=Impairment(profile, 1), incoming=Impairment(NetworkProfile(), 2))
        await asyncio.sleep(0.5)
        call.page.packets.clear()
        end = asyncio.get_running_loop().time() + 2
        while asyncio.get_running_loop().time() < end:
            relay_new()
            await asyncio.sleep(0.004)
        _, pcm = call.page.heard_pcm()
        frames = np.abs(pcm[: pcm.size // FRAME_SAMPLES * FRAME_SAMPLES].astype(int)).reshape(-1, FRAME_SAMPLES)
        quiet = float((frames.max(axis=1) < 1_000)[5:].mean())
        assert quiet < 0.1


async def test_a_relay_ends_with_the_peer() -> None:
    heard = Heard()
    async with calling(heard=heard) as call:
        call.peer.audio_out.begin_relay()
        call.peer.audio_out.relay(frame_of(1))
    assert heard.states[-1] is PeerState.CLOSED
    call.peer.audio_out.relay(frame_of(2))
    call.peer.audio_out.end_relay()
