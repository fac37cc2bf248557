"""What is recorded of a call: a hub that is fed as by peers, real encoders and decoders, the real store."""

import itertools

import pytest

from rtc_server.recording import part as part_module
from rtc_server.rtc.hub import AudioPacket, VideoCodec
from tests.recording.material import pictures, sounds
from tests.recording.studio import ZERO_MS, Studio


async def test_picture_voice_and_avatar_share_one_zero(studio: Studio) -> None:
    recorder = studio.record()
    studio.feed(
        studio.camera(pictures(6, flash_at=4.0)),
        studio.microphone(sounds(6, beep_at=4.0, beep_seconds=0.2)),
        studio.avatar(sounds(1), 2.0),
        studio.avatar(sounds(1), 4.0),
    )
    await recorder.stop()
    told, person = await studio.parts()
    assert [(part.kind, part.side, part.content_type, part.created_at) for part in (told, person)] == [
        ("avatarAudio", 0, "audio/webm", ZERO_MS),
        ("userVideo", 0, "video/webm", ZERO_MS),
    ]
    assert told.size_bytes > 0 < person.size_bytes
    played = await studio.played("userVideo")
    assert len(played.pictures) == 150
    assert played.duration == pytest.approx(6.03, abs=0.05)
    assert played.flash_seconds == pytest.approx(4.03, abs=0.01)
    assert next(played.loud()) == pytest.approx(played.flash_seconds, abs=0.06)
    spoken = list((await studio.played("avatarAudio")).loud())
    assert spoken[0] == pytest.approx(2.0, abs=0.03)
    assert next(at for at in spoken if at > 3.2) == pytest.approx(4.0, abs=0.03), "silence stays silence"
    assert await studio.told() == [person.id]
    assert studio.failures == 0
    await recorder.stop()


async def test_only_what_was_allowed_is_recorded(studio: Studio) -> None:
    recorder = studio.record("userAudio")
    studio.feed(studio.camera(pictures(2)), studio.microphone(sounds(2)), studio.avatar(sounds(2)))
    await recorder.stop()
    (part,) = await studio.parts()
    assert (part.kind, part.content_type) == ("userAudio", "audio/webm")
    played = await studio.played("userAudio")
    assert not played.pictures
    assert played.duration == pytest.approx(2.0, abs=0.1)
    assert studio.source.asked == 0, "nobody needs a key frame of a camera that is not recorded"


async def test_a_camera_without_its_sound(studio: Studio) -> None:
    recorder = studio.record("userVideo")
    studio.feed(studio.camera(pictures(2)), studio.microphone(sounds(2)))
    await recorder.stop()
    played = await studio.played("userVideo")
    assert len(played.pictures) == 50
    assert not played.sounds


async def test_packets_that_overtake_each_other_or_come_twice(studio: Studio) -> None:
    recorder = studio.record("userAudio")
    packets = studio.microphone(sounds(3, beep_at=1.0, beep_seconds=0.5))
    for index in range(0, 140, 7):  # every seventh comes 50 ms late, after the two behind it
        at, come = packets[index]
        packets[index] = (at + 0.05, come)
    studio.feed(packets, [(at + 0.001, come) for at, come in packets[::10]])
    await recorder.stop()
    played = await studio.played("userAudio")
    loud = list(played.loud())
    assert len(loud) > 95, "nothing is missing in the beep"
    assert loud[-1] - loud[0] == pytest.approx(0.5, abs=0.03)
    assert played.duration == pytest.approx(3.0, abs=0.1)


async def test_another_peer_goes_on_where_the_clock_says(studio: Studio) -> None:
    recorder = studio.record()
    studio.feed(studio.camera(pictures(3)), studio.microphone(sounds(3)))
    studio.hub.attach(studio.source)
    frames = pictures(4, flash_at=2.0)
    studio.feed(
        studio.camera(frames, 7.0, origin=123_456),
        studio.microphone(sounds(4, beep_at=2.0, beep_seconds=0.2), 7.0, origin=99),
    )
    await recorder.stop()
    assert [part.side for part in await studio.parts() if part.kind == "userVideo"] == [0]
    played = await studio.played("userVideo")
    assert played.duration == pytest.approx(11.0, abs=0.3)
    assert played.flash_seconds == pytest.approx(9.03, abs=0.25)
    beeps = [at for at in played.loud() if at > 5.0]
    assert beeps[0] == pytest.approx(9.03, abs=0.06)
    assert not [at for at in played.loud() if 3.2 < at < 8.9]


async def test_a_camera_that_comes_late_begins_a_part(studio: Studio) -> None:
    recorder = studio.record("userVideo", "userAudio")
    studio.feed(studio.microphone(sounds(14)), studio.camera(pictures(2), 12.0))
    await recorder.stop()
    voice, video = await studio.parts()
    assert [(part.kind, part.side) for part in (voice, video)] == [("userAudio", 0), ("userVideo", 0)]
    assert voice.created_at == ZERO_MS
    assert video.created_at == pytest.approx(ZERO_MS + 12_030, abs=20)
    assert (await studio.played("userAudio")).duration == pytest.approx(12.0, abs=0.3)
    played = await studio.played("userVideo")
    assert played.duration == pytest.approx(2.0, abs=0.1)
    assert len(played.pictures) == 50
    assert min(played.loud()) < 0.1
    assert await studio.told() == [voice.id, video.id]


@pytest.mark.parametrize("seconds", [2, 8])
async def test_a_camera_that_never_comes(studio: Studio, seconds: int) -> None:
    recorder = studio.record("userVideo", "userAudio")
    studio.feed(studio.microphone(sounds(seconds)))
    await recorder.stop()
    (part,) = await studio.parts()
    assert part.kind == "userAudio"
    played = await studio.played("userAudio")
    assert played.duration == pytest.approx(seconds, abs=0.1)
    assert min(played.loud()) < 0.1, "what was said while the camera was waited for is there"


async def test_another_codec_begins_another_part(studio: Studio) -> None:
    recorder = studio.record("userVideo", "userAudio")
    studio.feed(studio.camera(pictures(2)), studio.microphone(sounds(2)))
    studio.hub.attach(studio.source)
    h264 = studio.camera(pictures(3, VideoCodec.H264), 20.0, codec=VideoCodec.H264)
    studio.feed(h264, studio.microphone(sounds(3), 20.0))
    await recorder.stop()
    first, second = await studio.parts()
    assert [(part.side, part.content_type) for part in (first, second)] == [(0, "video/webm"), (1, "video/mp4")]
    assert second.created_at == pytest.approx(ZERO_MS + 20_030, abs=250)
    assert len((await studio.played("userVideo", 0)).pictures) == 50
    played = await studio.played("userVideo", 1)
    assert len(played.pictures) == 75
    assert len(list(played.loud())) > 400


async def test_pictures_wait_for_a_key_frame(studio: Studio) -> None:
    recorder = studio.record("userVideo")
    frames = pictures(3, key_every=25)
    arrivals = studio.camera(frames)
    studio.feed(arrivals[10:40])
    assert studio.source.asked > 0
    studio.hub.interrupted()
    asked = studio.source.asked
    studio.feed(arrivals[45:])
    assert studio.source.asked >= asked
    await recorder.stop()
    played = await studio.played("userVideo")
    assert len(played.pictures) == 15 + 25
    assert played.pictures[1][0] == pytest.approx(1.07, abs=0.02)
    times = [at for at, _ in played.pictures[1:]]
    gap = max(later - sooner for sooner, later in itertools.pairwise(times))
    assert gap == pytest.approx(0.44, abs=0.02), "from the last before the interruption to the next key frame"


async def test_a_long_recording_is_divided_at_a_key_frame(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_module, "MAX_PART_SECONDS", 3.5)
    recorder = studio.record("userVideo", "userAudio")
    studio.feed(studio.camera(pictures(10)), studio.microphone(sounds(10)))
    await recorder.stop()
    parts = await studio.parts()
    assert [part.side for part in parts] == [0, 1, 2]
    assert sum([len((await studio.played("userVideo", part.side)).pictures) for part in parts]) == 250


async def test_long_sound_is_divided_anywhere(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_module, "MAX_PART_SECONDS", 3.0)
    recorder = studio.record("avatarAudio")
    studio.feed(studio.avatar(sounds(10)))
    await recorder.stop()
    assert [part.side for part in await studio.parts()] == [0, 1, 2, 3]
    assert await studio.told() == [], "what they are told is no video of the person"


async def test_another_process_goes_on_counting(studio: Studio) -> None:
    for begin in (0.0, 30.0):
        studio.now = 100 + begin
        recorder = studio.record("userAudio")
        studio.feed(studio.microphone(sounds(1), begin))
        await recorder.stop()
    assert [part.side for part in await studio.parts()] == [0, 1]


async def test_nothing_comes_of_nothing(studio: Studio) -> None:
    recorder = studio.record()
    studio.hub.user_audio(AudioPacket(b"", 0, 0))
    await recorder.stop()
    assert studio.failures == 0
    assert all(part.size_bytes < 1_000 for part in await studio.parts())
