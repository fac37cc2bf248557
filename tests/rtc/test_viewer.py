"""Onlookers of a real call over real sockets: what they see and hear, over reconnections, and how they go."""

import asyncio
import itertools
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import numpy as np
import psutil
import pytest
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError

from rtc_server.rtc import seams
from rtc_server.rtc import viewer as viewer_module
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.forwarded import MAX_QUEUED_FRAMES, ForwardedVideo
from rtc_server.rtc.hub import EncodedFrame, MediaHub, VideoCodec
from rtc_server.rtc.impairment import Impairment, NetworkProfile, impair
from rtc_server.rtc.opus import FRAME_SAMPLES, OpusDecoder
from rtc_server.rtc.ports import PeerPolicy, PeerState
from rtc_server.rtc.viewer import Viewer
from rtc_server.rtc.viewers import Viewers
from tests.rtc.client import Page, calling, frequency_of, sine, until
from tests.rtc.onlooker import Onlooker, Watching, watching
from tests.rtc.test_hub import DELTA, KEY, Watched


def pictures(watch: Watching) -> list[tuple[int, int]]:
    """Sizes of the pictures that a decoder makes of what came; it fails on a frame that lacks those before it."""
    decoder = Vp8Decoder()
    decoded = [decoder.decode(JitterFrame(data, stamp & 0x7FFFFFFF)) for _, _, data, stamp in watch.page.frames]
    return [(picture.width, picture.height) for (picture,) in decoded]  # type: ignore[attr-defined]


def hidden(candidate: str) -> str:
    """The candidate as a browser writes it while its page may use no microphone."""
    fields = candidate.split(" ")
    return " ".join([*fields[:4], "0a1b2c3d-visavis-test.local", *fields[5:]])


def heard_frequency(payloads: list[bytes]) -> float:
    decoder = OpusDecoder()
    decoded = [decoder.decode(payload, FRAME_SAMPLES) for payload in payloads]
    return frequency_of(np.concatenate([part for part in decoded if part is not None]), 48_000)


async def test_an_onlooker_sees_and_hears_within_a_second() -> None:
    hub = MediaHub()
    async with calling(page=Page(camera=True), heard=Watched(hub)) as call:
        await until(lambda: call.peer.frames.received > 5)
        asked_at = asyncio.get_running_loop().time()
        async with watching(hub) as watch:
            await until(lambda: len(watch.page.frames) > 0)
            first_at, codec, data, _ = watch.page.frames[0]
            assert first_at - asked_at < 1.0
            assert EncodedFrame(data, 0, VideoCodec(codec)).is_key
            await until(lambda: len(watch.page.frames) > 10 and len(watch.page.person) > 30)
            assert set(pictures(watch)) == {(160, 120)}
            assert heard_frequency([p.payload for p in watch.page.person]) == pytest.approx(440, abs=5)
            assert heard_frequency(watch.voice) == pytest.approx(880, abs=5)
            assert watch.page.avatar == []
            call.peer.audio_out.play("u1", sine(0.4, 24_000, 660), 24_000, last=True)
            await until(lambda: len(watch.page.avatar) > 20)
            assert heard_frequency([p.payload for p in watch.page.avatar]) == pytest.approx(660, abs=5)
            stamps = [p.timestamp for p in watch.page.person]
            assert {(b - a) & 0xFFFFFFFF for a, b in itertools.pairwise(stamps)} == {FRAME_SAMPLES}
        assert watch.states == [PeerState.CONNECTED, PeerState.CLOSED]
        assert not hub.watched
        assert call.heard.states == [PeerState.CONNECTED], "the call has noticed nothing"


async def test_a_viewer_outlives_the_peer_of_the_person() -> None:
    hub = MediaHub()
    async with AsyncExitStack() as calls:
        first = await calls.enter_async_context(calling(page=Page(camera=True), heard=Watched(hub)))
        async with watching(hub) as watch:
            frames = watch.page.frames
            await until(lambda: len(frames) > 5 and len(watch.page.person) > 10)
            before = len(frames)
            second = await calls.enter_async_context(calling(page=Page(camera=True), heard=Watched(hub)))
            await first.peer.close()
            await until(lambda: len(frames) > before + 10)
            assert any(not data[0] & 1 for _, _, data, _ in frames[before:]), "the new peer begins with a key frame"
            for (at, _, _, stamp), (next_at, _, _, next_stamp) in itertools.pairwise(frames):
                seconds = ((next_stamp - stamp) & 0xFFFFFFFF) / 90_000
                assert seconds == pytest.approx(next_at - at, abs=0.3), "one clock, whoever sends"
            assert set(pictures(watch)) == {(160, 120)}
            assert watch.states == [PeerState.CONNECTED]
            assert second.peer.state is PeerState.CONNECTED


async def test_a_viewers_own_loss_of_the_picture_asks_the_person_for_a_key_frame() -> None:
    hub = MediaHub()
    async with calling(page=Page(camera=True), heard=Watched(hub)), watching(hub) as watch:
        await until(lambda: len(watch.page.frames) > 20)
        before = len(watch.page.frames)
        await seams.request_key_frame(watch.page.camera.receiver)
        await until(lambda: any(not data[0] & 1 for _, _, data, _ in watch.page.frames[before:]), timeout=1.5)


async def test_a_lossy_network_of_the_viewer_heals() -> None:
    hub = MediaHub()
    async with calling(page=Page(camera=True), heard=Watched(hub)) as call, watching(hub) as watch:
        await until(lambda: len(watch.page.frames) > 3)
        lossy = Impairment(NetworkProfile(loss=0.1), seed=3)
        impair(watch.viewer._connection, outgoing=lossy, incoming=Impairment(NetworkProfile(), seed=4))
        before = len(watch.page.frames)
        await until(lambda: len(watch.page.frames) > before + 30, timeout=8)
        assert lossy.lost > 0
        assert call.heard.states == [PeerState.CONNECTED]


async def test_a_page_that_vanishes_is_noticed_and_one_that_is_only_quiet_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(viewer_module, "SILENT_SECONDS", 0.4)
    monkeypatch.setattr(viewer_module, "_WATCH_SECONDS", 0.2)
    hub, page = MediaHub(), Onlooker(microphone=False)
    async with watching(hub, page=page) as watch:
        await asyncio.sleep(1.5)
        assert watch.states == [PeerState.CONNECTED], "nothing to send either way, but it answers"
        (agent,) = seams.ice_connections(page.connection)
        for protocol in agent._protocols:
            protocol.transport.abort()
        await until(lambda: watch.states[-1] is PeerState.LOST, timeout=5)


async def test_a_page_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viewer_module, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(viewer_module, "_WATCH_SECONDS", 0.1)
    hub, page, states = MediaHub(), Onlooker(), list[PeerState]()
    viewer = Viewer(PeerPolicy(), hub, on_state=states.append, on_voice=lambda payload: None)
    try:
        await viewer.answer(await page.offer())
        await until(lambda: states == [PeerState.LOST], timeout=2)
        with pytest.raises(RuntimeError, match="one offer"):
            await viewer.answer(await page.offer())
    finally:
        await page.close()
        await viewer.close()
    assert states == [PeerState.LOST, PeerState.CLOSED]


async def test_close_leaves_no_thread_no_task_and_no_socket() -> None:
    process = psutil.Process()
    tasks, sockets = asyncio.all_tasks(), len(process.net_connections("udp"))
    async with watching(MediaHub()) as watch:
        await until(lambda: len(watch.voice) > 3)
        assert len(process.net_connections("udp")) > sockets
    await asyncio.sleep(0.1)
    assert [thread.name for thread in threading.enumerate() if thread.name.endswith("-decoder")] == []
    assert asyncio.all_tasks() == tasks
    assert len(process.net_connections("udp")) == sockets


async def test_a_page_that_hides_its_addresses_connects_all_the_same() -> None:
    page, states = Onlooker(microphone=False), list[PeerState]()
    viewer = Viewer(PeerPolicy(), MediaHub(), on_state=states.append, on_voice=lambda payload: None)
    try:
        lines = (await page.offer()).splitlines(keepends=True)
        offer = "".join(hidden(line) if line.startswith("a=candidate") else line for line in lines)
        assert "a=end-of-candidates" in offer
        await page.accept(await viewer.answer(offer))
        await until(lambda: PeerState.CONNECTED in states)
    finally:
        await page.close()
        await viewer.close()


async def test_without_audio_there_is_only_the_camera() -> None:
    hub = MediaHub()
    async with calling(page=Page(camera=True), heard=Watched(hub)), watching(hub, with_audio=False) as watch:
        await until(lambda: len(watch.page.frames) > 10)
        assert watch.page.person == []
        assert watch.page.avatar == []
        assert watch.voice == []


async def test_a_camera_with_another_codec_needs_another_viewer() -> None:
    hub = MediaHub()
    async with watching(hub) as watch:
        hub.video(EncodedFrame(b"\0\0\1\x65idr", 0, VideoCodec.H264))
        assert watch.states == [PeerState.CONNECTED, PeerState.LOST]
        assert not hub.watched


async def test_the_codec_of_the_camera_is_the_one_that_is_agreed() -> None:
    hub = MediaHub()
    hub.use_video_codec(VideoCodec.H264)
    async with watching(hub) as watch:
        data = b"\0\0\0\1\x67" + bytes(range(1, 60)) + b"\0\0\0\1\x65" + bytes(range(1, 200)) * 20
        for number in range(3):
            hub.video(EncodedFrame(data, number * 6_000, VideoCodec.H264))
        await until(lambda: len(watch.page.frames) == 2)
        assert [codec for _, codec, _, _ in watch.page.frames] == ["H264", "H264"]
        assert watch.page.frames[0][2] == data, "packed and put together again, nothing changed"


async def test_a_slow_viewer_skips_to_the_next_key_frame() -> None:
    asked = list[str]()
    video = ForwardedVideo(lambda: asked.append("key frame"))
    video.codec = VideoCodec.VP8
    video.put(DELTA)
    assert asked == ["key frame"], "nothing can be shown before a key frame"
    video.put(KEY)
    for number in range(MAX_QUEUED_FRAMES):
        video.put(replace(DELTA, rtp_timestamp=6_000 * (number + 1)))
    assert video.dropped == 1 + MAX_QUEUED_FRAMES + 1, "the queue, and the frame that had no room"
    video.put(replace(KEY, data=b"\x00newest", rtp_timestamp=900_000))
    assert bytes(await video.recv()) == b"\x00newest"


async def test_a_track_that_stops_lets_go_of_who_waits() -> None:
    video = ForwardedVideo(lambda: None)
    waiting = asyncio.ensure_future(video.recv())
    await asyncio.sleep(0)
    video.stop()
    with pytest.raises(MediaStreamError):
        await asyncio.wait_for(waiting, 1)


async def test_so_many_may_look_on_and_no_more() -> None:
    viewers = Viewers(PeerPolicy(), per_session=2, per_process=3)
    one, other = MediaHub(), MediaHub()

    def make(hub: MediaHub) -> Viewer:
        return viewers(hub, on_state=lambda state: None, on_voice=lambda payload: None)

    made = [make(one), make(one)]
    with pytest.raises(PeerError, match="2 people") as refused:
        make(one)
    assert refused.value.code == "busy"
    made.append(make(other))
    with pytest.raises(PeerError, match="3 sessions"):
        make(other)
    for viewer in made:
        await viewer.close()
        await viewer.close()
    assert viewers.open == 0
    await make(one).close()


async def test_a_viewer_that_fails_on_the_voice_is_lost_and_the_call_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    def fail(payload: bytes) -> None:
        raise RuntimeError("no line")

    hub, page, states = MediaHub(), Onlooker(), list[PeerState]()
    viewer = Viewer(PeerPolicy(), hub, on_state=states.append, on_voice=fail)
    try:
        await page.accept(await viewer.answer(await page.offer()))
        await until(lambda: PeerState.LOST in states)
        assert "viewer voice failed with RuntimeError" in caplog.text
    finally:
        await page.close()
        await viewer.close()


BAD_OFFERS: list[tuple[Callable[[str], str], str]] = [
    (lambda sdp: "", "it is empty"),
    (lambda sdp: sdp.split("m=audio", 2)[0] + "m=audio" + sdp.split("m=audio", 2)[2], "two audio sections"),
    (lambda sdp: sdp.replace("a=sendrecv", "a=inactive", 1), "first audio is inactive"),
    (lambda sdp: sdp.replace("a=recvonly", "a=sendrecv", 1), "must be recvonly"),
    (lambda sdp: sdp.replace("opus/48000", "PCMX/48000"), "does not offer opus"),
    (lambda sdp: sdp.replace("VP8/90000", "AV1/90000"), "does not offer VP8"),
    (lambda sdp: sdp.replace("a=fingerprint", "a=x"), "no DTLS fingerprint"),
]


@pytest.mark.parametrize(("spoil", "problem"), BAD_OFFERS)
async def test_an_offer_that_is_not_an_agents_is_refused_by_name(spoil: Callable[[str], str], problem: str) -> None:
    page = Onlooker()
    viewer = Viewer(PeerPolicy(), MediaHub(), on_state=lambda state: None, on_voice=lambda payload: None)
    try:
        with pytest.raises(PeerError, match=problem) as refused:
            await viewer.answer(spoil(await page.offer()))
        assert refused.value.code == "invalid_sdp"
    finally:
        await page.close()
        await viewer.close()
