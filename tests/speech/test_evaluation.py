"""Scoring a transcriber on recordings."""

import asyncio
import json
import wave
from pathlib import Path

import numpy as np
import pytest

from conversation.speech.evaluation import Clip, ManifestError, Recording, evaluate_speech, read_manifest, report
from conversation.speech.pool import ModelPool
from conversation.speech.ports import SAMPLE_RATE_HZ, Samples, Transcript
from conversation.speech.providers.whisper_ct2 import WhisperCTranslate2
from conversation.speech.wav import read_wav
from conversation.speech.words import WordErrors


def write_wav(path: Path, samples: Samples, rate_hz: int = SAMPLE_RATE_HZ, channels: int = 1) -> Path:
    pcm = np.repeat((samples * 32767).astype("<i2"), channels)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(pcm.tobytes())
    return path


def tone(seconds: float, rate_hz: int = SAMPLE_RATE_HZ) -> Samples:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate_hz)) / rate_hz)).astype(np.float32)


def write_manifest(folder: Path, rows: list[object]) -> Path:
    manifest = folder / "manifest.jsonl"
    manifest.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return manifest


class LengthTranscriber:
    """Hears a different sentence for each length of recording, so that the test knows every answer."""

    name = "by-length"
    languages = frozenset({"en"})

    def __init__(self, answers: dict[int, str]) -> None:
        self.answers = answers

    async def transcribe(
        self, speech: Samples, *, language: str = "en", hint: str = "", readings: int = 1
    ) -> Transcript:
        await asyncio.sleep(0)
        return Transcript(self.answers[round(len(speech) / SAMPLE_RATE_HZ)], language, 1.0, 0.0, 0.0, self.name)


@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (8_000, 1), (48_000, 2), (44_100, 1)])
def test_recordings_of_any_rate_become_sixteen_kilohertz_mono(tmp_path: Path, rate_hz: int, channels: int) -> None:
    samples = read_wav(write_wav(tmp_path / "tone.wav", tone(1.0, rate_hz), rate_hz, channels))
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(SAMPLE_RATE_HZ, abs=32)
    assert float(np.abs(samples).max()) == pytest.approx(0.5, abs=0.03)
    assert int(np.abs(np.fft.rfft(samples)).argmax()) == pytest.approx(440, abs=2)


async def test_errors_are_counted_by_set_and_kind(tmp_path: Path) -> None:
    rows: list[object] = []
    for seconds, text, kind in ((1, "yes", "yesno"), (2, "I want to cancel", "free"), (3, "", "free")):
        write_wav(tmp_path / f"{seconds}.wav", tone(seconds))
        rows.append({"path": f"{seconds}.wav", "text": text, "set": "mine", "kind": kind, "speaker": "unused"})
    seen: list[tuple[int, int]] = []
    transcriber = LengthTranscriber({1: "Yes.", 2: "I went to cancel it", 3: "anything"})
    result = await evaluate_speech(transcriber, write_manifest(tmp_path, rows), lambda done, n: seen.append((done, n)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    rates = {group.name: (group.clips, group.words, group.errors, group.exact) for group in result.groups}
    assert rates == {
        "all": (2, 5, 2, 1),
        "set mine": (2, 5, 2, 1),
        "kind free": (1, 4, 2, 0),
        "kind yesno": (1, 1, 0, 1),
    }
    assert result.groups[0].word_error_rate == pytest.approx(0.4)
    assert result.audio_seconds == pytest.approx(6.0, abs=0.01)
    assert result.real_time_factor == pytest.approx(result.decode_seconds / result.audio_seconds)
    figures = json.loads(result.to_json(with_clips=True))
    assert figures["model"] == "by-length"
    assert [clip["errors"] for clip in figures["clips"]] == [0, 2, None]
    assert "clips" not in json.loads(result.to_json())
    assert "40.0%" in result.to_text()
    assert "3 clips, 6 s of audio" in result.to_text()


def test_the_interval_holds_the_rate_and_narrows_with_more_clips() -> None:
    def clips(count: int) -> list[Clip]:
        where = Recording(Path("a.wav"), "text", "", "")
        return [Clip(where, "", 1.0, 0.1, WordErrors(index % 4 == 0, 5)) for index in range(count)]

    few, many = (report("model", clips(count)).groups[0] for count in (20, 500))
    for group in (few, many):
        assert group.word_error_rate == pytest.approx(0.05)
        assert group.low < group.word_error_rate < group.high
    assert many.high - many.low < (few.high - few.low) / 2


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "row 2: not JSON"),
        ("[]", "row 2: must be an object"),
        ('{"path": "good.wav"}', "row 2: 'text' must be a string"),
        ('{"path": 3, "text": ""}', "row 2: 'path' must be a string"),
        ('{"path": "absent.wav", "text": ""}', "row 2: there is no file"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, line: str, complaint: str) -> None:
    write_wav(tmp_path / "good.wav", tone(0.1))
    manifest = tmp_path / "manifest.jsonl"
    manifest.write_text('{"path": "good.wav", "text": ""}\n' + line)
    with pytest.raises(ManifestError, match=complaint) as refused:
        read_manifest(manifest)
    assert str(manifest) in str(refused.value)


def test_an_empty_or_absent_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"absent\.jsonl: cannot be read"):
        read_manifest(tmp_path / "absent.jsonl")
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    with pytest.raises(ManifestError, match=r"empty\.jsonl: no rows"):
        read_manifest(empty)


@pytest.mark.parametrize("content", [b"", b"not audio at all" * 50])
async def test_a_file_that_is_no_recording_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.wav").write_bytes(content)
    manifest = write_manifest(tmp_path, [{"path": "broken.wav", "text": "yes"}])
    with pytest.raises(ManifestError, match=r"broken\.wav"):
        await evaluate_speech(LengthTranscriber({}), manifest)


@pytest.mark.models
@pytest.mark.shared
async def test_the_small_model_on_real_recordings(weights: Path, shared_data: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in (shared_data / "speech" / "manifest.jsonl").read_text().splitlines()]
    real: list[object] = [
        {**row, "path": str(shared_data / "speech" / row["path"])} for row in rows if row["set"] == "real"
    ]
    pool = ModelPool("stt")
    transcriber = WhisperCTranslate2(weights / "whisper-tiny.en", pool)
    result = await evaluate_speech(transcriber, write_manifest(tmp_path, real))
    await pool.close()
    assert result.groups[0].clips >= 20
    assert result.groups[0].word_error_rate < 0.12  # 5.0 % measured; one clip gone wrong is 2 to 4 points
