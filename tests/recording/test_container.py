"""Files out of encoded frames and packets, read back by a real demuxer and real decoders."""

import io
import itertools

import pytest

from rtc_server.recording.container import Container, content_type, picture_size
from rtc_server.rtc.hub import EncodedFrame, VideoCodec
from tests.recording.material import HEIGHT, WIDTH, pictures, play, sounds

CODECS = list(VideoCodec)


class File(io.BytesIO):
    """A file in memory."""

    def finish(self) -> int:
        return len(self.getvalue())


def filled(codec: VideoCodec, file: File, *, sound_from: float = 0.0) -> Container:
    """Six seconds of pictures from second 1.5 on, with a flash and a beep at 3.0."""
    container = Container(file, codec, (WIDTH, HEIGHT), sound=True)
    packets = sounds(7.5, beep_at=3.0, beep_seconds=0.2)
    for number, frame in enumerate(pictures(6, codec, flash_at=1.5)):
        at = 1.5 + number / 25
        container.add_picture(frame, round(at * 90_000), is_key=EncodedFrame(frame, 0, codec).is_key)
        for index in (2 * number, 2 * number + 1):
            sound_at = 1.5 + index * 0.02
            if sound_at >= sound_from:
                container.add_sound(packets[75 + index], round(sound_at * 48_000))
    return container


@pytest.mark.parametrize("codec", CODECS)
def test_pictures_and_sound_stay_together(codec: VideoCodec) -> None:
    file = File()
    container = filled(codec, file)
    container.close()
    container.close()
    played = play(file.getvalue())
    assert played.duration == pytest.approx(7.5, abs=0.05)
    assert len(played.pictures) == 150
    assert [at for at, _ in played.pictures[:2]] == pytest.approx([0.0, 1.54], abs=0.002), "the first stands from zero"
    assert played.flash_seconds == pytest.approx(3.0, abs=0.021)
    loud = list(played.loud())
    assert (loud[0], loud[-1]) == pytest.approx((3.0, 3.2), abs=0.02)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(("share", "least"), [(0.5, 25), (0.8, 50), (1.0, 100)])
def test_a_file_that_is_cut_off_plays_up_to_there(codec: VideoCodec, share: float, least: int) -> None:
    file = File()
    filled(codec, file)
    cut = file.getvalue()
    played = play(cut[: round(len(cut) * share)], cut_off=True)
    assert len(played.pictures) >= least
    assert len(played.sounds) >= least


def test_what_was_written_is_at_most_a_few_seconds_behind() -> None:
    file, frames = File(), pictures(8, key_every=1_000)
    container = Container(file, VideoCodec.VP8, (WIDTH, HEIGHT), sound=True)
    for number, frame in enumerate(frames):
        container.add_picture(frame, number * 3_600, is_key=number == 0)
    assert play(file.getvalue()).pictures[-1][0] > 4.5, "though there is no sound, and no second key frame"
    container.close()


def test_gaps_are_silent_and_nothing_goes_backwards() -> None:
    file = File()
    container = Container(file, None, sound=True)
    beeps = sounds(1)
    for position in (0, 960, 960, 480, 48_000 * 3, 48_000 * 3 + 960):
        container.add_sound(beeps[20], position)
    container.add_sound(b"", 48_000 * 9)
    container.close()
    played = play(file.getvalue())
    assert played.duration == pytest.approx(3.04, abs=0.02)
    times = [at for at, _ in played.sounds]
    assert times == sorted(set(times))
    assert max(later - sooner for sooner, later in itertools.pairwise(times)) <= 0.121
    assert not [at for at in played.loud() if 0.1 < at < 2.98]


def test_frames_that_do_not_go_forward_are_left_out() -> None:
    file, frames = File(), pictures(1)
    container = Container(file, VideoCodec.VP8, (WIDTH, HEIGHT), sound=False)
    for number, position in enumerate((900, 3_600, 3_600, 3_601, 1_800, 7_200)):
        container.add_picture(frames[number], position, is_key=number == 0)
    container.close()
    assert [round(at, 3) for at, _ in play(file.getvalue()).pictures] == [0.0, 0.04, 0.08]


def test_what_a_file_has_no_place_for_is_refused() -> None:
    with pytest.raises(ValueError, match="no sound"):
        Container(File(), VideoCodec.VP8, (WIDTH, HEIGHT), sound=False).add_sound(b"\xf8\xff\xfe", 0)
    with pytest.raises(ValueError, match="no pictures"):
        Container(File(), None, sound=True).add_picture(b"\0", 0, is_key=True)


@pytest.mark.parametrize("codec", CODECS)
def test_the_size_is_read_from_a_key_frame(codec: VideoCodec) -> None:
    frames = pictures(0.2, codec)
    assert picture_size(frames[0], codec) == (WIDTH, HEIGHT)
    assert picture_size(frames[1], codec) is None
    assert picture_size(b"", codec) is None
    assert picture_size(b"\0\0\0\1\x65nonsense", codec) is None


def test_what_files_are_served_as() -> None:
    assert [content_type(each) for each in (VideoCodec.VP8, VideoCodec.H264, None)] == [
        "video/webm",
        "video/mp4",
        "audio/webm",
    ]
