"""The hub between a call and its onlookers, on its own and fed by a real peer."""

import asyncio
import itertools
from dataclasses import replace

import pytest

from rtc_server.rtc import hub as hub_module
from rtc_server.rtc.hub import AudioPacket, EncodedFrame, MediaHub, Subscriber, VideoCodec
from rtc_server.rtc.hub_feed import HubFeed
from rtc_server.rtc.impairment import Impairment, NetworkProfile, impair
from rtc_server.rtc.opus import FRAME_SAMPLES, OpusDecoder
from rtc_server.rtc.ports import PeerHandlers, PeerPolicy
from tests.rtc.client import Heard, Page, calling, sine, until

KEY = EncodedFrame(b"\x00key", 0, VideoCodec.VP8)
DELTA = EncodedFrame(b"\x01delta", 0, VideoCodec.VP8)


class Source:
    """Counts what it is asked for."""

    def __init__(self) -> None:
        self.asked_at: list[float] = []

    def request_key_frame(self) -> None:
        self.asked_at.append(asyncio.get_running_loop().time())


class Watched(Heard):
    """A call whose peer feeds a hub."""

    def __init__(self, hub: MediaHub) -> None:
        super().__init__()
        self.hub = hub

    def handlers(self) -> PeerHandlers:
        return replace(super().handlers(), hub=self.hub)


@pytest.mark.parametrize(
    ("codec", "data", "is_key"),
    [
        (VideoCodec.VP8, b"\x10\x02\x00", True),
        (VideoCodec.VP8, b"\x11\x02\x00", False),
        (VideoCodec.VP8, b"", False),
        (VideoCodec.H264, b"\0\0\0\1\x67sps\0\0\0\1\x68pps\0\0\1\x65idr", True),
        (VideoCodec.H264, b"\0\0\0\1\x61slice\0\0\1\x61slice", False),
        (VideoCodec.H264, b"\0\0\0\1", False),
    ],
)
def test_a_key_frame_is_told_from_its_bytes(codec: VideoCodec, data: bytes, is_key: bool) -> None:
    assert EncodedFrame(data, 0, codec).is_key is is_key


def test_everything_goes_to_every_subscriber_until_it_leaves() -> None:
    hub, first, second = MediaHub(), list[object](), list[object]()
    leave = hub.subscribe(Subscriber(video=first.append, avatar_audio=first.append))
    hub.subscribe(Subscriber(user_audio=second.append, interrupted=lambda: second.append("interrupted")))
    packet = AudioPacket(b"opus", 7, 1)
    hub.video(KEY)
    hub.user_audio(packet)
    leave()
    leave()
    hub.video(DELTA)
    hub.avatar_audio(packet)
    hub.interrupted()
    assert first == [KEY]
    assert second == [packet, "interrupted"]
    assert hub.watched


def test_a_subscriber_that_fails_is_dropped_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    def fail(frame: EncodedFrame) -> None:
        raise RuntimeError(f"could not take {frame.data!r}")

    hub, seen = MediaHub(), list[EncodedFrame]()
    hub.subscribe(Subscriber(video=fail))
    hub.subscribe(Subscriber(video=seen.append))
    hub.video(KEY)
    hub.video(DELTA)
    assert seen == [KEY, DELTA]
    assert caplog.text.count("media subscriber failed with RuntimeError") == 1
    assert "key" not in caplog.text


async def test_key_frames_are_asked_for_at_once_and_then_no_more_than_twice_a_second() -> None:
    hub, source = MediaHub(), Source()
    hub.attach(source)
    hub.subscribe(Subscriber())
    for _ in range(5):
        hub.request_key_frame()
    assert len(source.asked_at) == 1
    await until(lambda: len(source.asked_at) == 2)
    first, second = source.asked_at
    assert second - first >= hub_module.KEY_FRAME_SECONDS - 0.01
    hub.request_key_frame()
    hub.video(KEY)
    await asyncio.sleep(hub_module.KEY_FRAME_SECONDS + 0.1)
    assert len(source.asked_at) == 2, "the key frame that came meanwhile was an answer"


async def test_the_newest_source_counts() -> None:
    hub, old, new, breaks = MediaHub(), Source(), Source(), list[str]()
    hub.request_key_frame()
    hub.subscribe(Subscriber(interrupted=lambda: breaks.append("new peer")))
    hub.attach(old)
    hub.attach(new)
    hub.detach(old)
    hub.request_key_frame()
    assert (len(old.asked_at), len(new.asked_at)) == (0, 1)
    assert (hub.feeds(old), hub.feeds(new)) == (False, True)
    assert breaks == ["new peer"] * 2
    hub.detach(new)
    assert not hub.feeds(new)


async def test_a_peer_feeds_whole_frames_and_both_voices() -> None:
    hub = MediaHub()
    async with calling(page=Page(camera=True), heard=Watched(hub)) as call:
        assert hub.video_codec is VideoCodec.VP8, "known from the answer"
        frames, user, avatar = list[EncodedFrame](), list[AudioPacket](), list[AudioPacket]()
        leave = hub.subscribe(Subscriber(video=frames.append, user_audio=user.append, avatar_audio=avatar.append))
        hub.request_key_frame()
        await until(lambda: any(frame.is_key for frame in frames) and len(frames) > 10)
        assert call.peer.frames.received > 0, "the server still sees the camera itself"
        steps = [(b.rtp_timestamp - a.rtp_timestamp) & 0xFFFFFFFF for a, b in itertools.pairwise(frames)]
        assert set(steps) == {4_500}, "20 frames a second, none missing"

        await until(lambda: len(user) > 20)
        assert OpusDecoder().decode(user[0].payload, FRAME_SAMPLES) is not None
        assert avatar == [], "silence is not worth sending"
        call.peer.audio_out.play("u1", sine(0.3, 24_000), 24_000, last=True)
        await until(lambda: len(call.heard.playback) == 2 and len(avatar) > 25)
        await asyncio.sleep(0.3)
        assert 15 + 15 <= len(avatar) <= 15 + 18, "the utterance and a short silence behind it"
        leave()
        count = len(frames)
        await asyncio.sleep(0.2)
        assert len(frames) == count


async def test_a_key_frame_comes_soon_when_it_is_asked_for() -> None:
    hub = MediaHub()
    async with calling(page=Page(camera=True), heard=Watched(hub)) as call:
        await until(lambda: call.peer.frames.received > 5)
        frames = list[EncodedFrame]()
        hub.subscribe(Subscriber(video=frames.append))
        await until(lambda: len(frames) > 10)
        assert not any(frame.is_key for frame in frames), "nobody asked"
        hub.request_key_frame()
        await until(lambda: any(frame.is_key for frame in frames), timeout=1.0)


async def test_frames_that_are_given_up_are_told_as_an_interruption() -> None:
    hub = MediaHub()
    async with calling(page=Page(camera=True), heard=Watched(hub), policy=PeerPolicy(peer_timeout_seconds=20)) as call:
        breaks = list[str]()
        hub.subscribe(Subscriber(interrupted=lambda: breaks.append("gap")))
        await until(lambda: call.peer.frames.received > 5)
        gone = Impairment(NetworkProfile(loss=0.999999), seed=1)
        impair(call.page.connection, outgoing=gone, incoming=Impairment(NetworkProfile(), seed=1))
        await until(lambda: breaks == ["gap"], timeout=3)


async def test_a_closed_peer_leaves_the_hub() -> None:
    hub = MediaHub()
    hub.subscribe(Subscriber())
    async with calling(page=Page(camera=True), heard=Watched(hub)) as call:
        feed = call.peer._feed
        assert isinstance(feed, HubFeed)
        assert hub.feeds(feed)
    assert not hub.feeds(feed)
    hub.request_key_frame()
