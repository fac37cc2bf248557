"""How well and how fast a transcriber works on recordings of one's own: word error rate and real-time factor.

A manifest is a JSON Lines file. Each row has ``path`` (a WAV file, relative to the manifest) and ``text`` (what is
said; empty for recordings that only measure time), and may have ``set`` and ``kind`` to be reported apart.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from conversation.speech.ports import SAMPLE_RATE_HZ, Transcriber
from conversation.speech.wav import read_wav
from conversation.speech.words import WordErrors, word_errors

_RESAMPLES = 1_000
_CONFIDENCE = 0.95

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""


class ManifestError(ValueError):
    """The manifest or a recording cannot be used; the message names the file and the row."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of a manifest."""

    path: Path
    text: str
    set: str
    kind: str


@dataclass(frozen=True, slots=True)
class Clip:
    """What a transcriber made of one recording."""

    recording: Recording
    hypothesis: str
    audio_seconds: float
    decode_seconds: float
    errors: WordErrors | None
    """None for recordings that only measure time."""


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Word errors of one group of clips."""

    name: str
    clips: int
    words: int
    errors: int
    exact: int
    """Clips without any error."""
    word_error_rate: float
    low: float
    """Lower end of the 95 % interval of the rate: bootstrap over clips."""
    high: float
    """Upper end of that interval."""


@dataclass(frozen=True, slots=True)
class SpeechReport:
    """Result of one evaluation."""

    model: str
    groups: tuple[GroupScore, ...]
    """All clips with a reference, then each set, then each kind."""
    audio_seconds: float
    decode_seconds: float
    real_time_factor: float
    """Decode time for each second of audio."""
    median_ms: float
    """Decode time of a clip."""
    p95_ms: float
    clips: tuple[Clip, ...]

    def to_json(self, *, with_clips: bool = False) -> str:
        """The figures as one JSON object; ``with_clips`` adds each clip with its transcript."""
        figures = asdict(self)
        del figures["clips"]
        if with_clips:
            figures["clips"] = [
                {
                    "path": clip.recording.path.name,
                    "text": clip.recording.text,
                    "hypothesis": clip.hypothesis,
                    "errors": None if clip.errors is None else clip.errors.errors,
                    "decode_seconds": round(clip.decode_seconds, 4),
                }
                for clip in self.clips
            ]
        return json.dumps(figures, indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """The figures as a table for people."""
        lines = [f"{self.model}", f"{'':24}{'clips':>6}{'words':>7}{'WER':>8}   {'95 % interval':16}{'exact':>7}"]
        for group in self.groups:
            interval = f"{group.low:.1%} to {group.high:.1%}"
            exact = f"{group.exact / group.clips:.0%}"
            rate = f"{group.word_error_rate:.1%}"
            lines.append(f"{group.name:24}{group.clips:>6}{group.words:>7}{rate:>8}   {interval:16}{exact:>7}")
        timing = (
            f"{len(self.clips)} clips, {self.audio_seconds:.0f} s of audio in {self.decode_seconds:.1f} s: real-time "
            f"factor {self.real_time_factor:.3f}, {self.median_ms:.0f} ms a clip (p95 {self.p95_ms:.0f} ms)"
        )
        return "\n".join([*lines, timing])


def read_manifest(manifest: Path) -> list[Recording]:
    """Read and check every row. Raises ``ManifestError`` naming file and row."""
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"{manifest}: cannot be read: {error}") from error
    recordings = [_recording(manifest, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not recordings:
        raise ManifestError(f"{manifest}: no rows")
    return recordings


async def evaluate_speech(
    transcriber: Transcriber, manifest: Path, progress: Progress | None = None, *, language: str = "en"
) -> SpeechReport:
    """Transcribe every recording of a manifest, one after the other, and score the transcripts.

    The first recording is transcribed twice and only the second time is counted, so that loading is not measured.
    Raises ``ManifestError`` for a bad manifest or recording, ``SpeechError`` when the engine fails.
    """
    recordings = await asyncio.to_thread(read_manifest, manifest)
    clips: list[Clip] = []
    for index, recording in enumerate(recordings):
        try:
            samples = await asyncio.to_thread(read_wav, recording.path)
        except (OSError, ValueError) as error:
            raise ManifestError(f"{manifest}: {recording.path}: {error}") from error
        if index == 0:
            await transcriber.transcribe(samples, language=language)
        started = time.perf_counter()
        transcript = await transcriber.transcribe(samples, language=language)
        seconds = time.perf_counter() - started
        errors = word_errors(recording.text, transcript.text) if recording.text else None
        clips.append(Clip(recording, transcript.text, len(samples) / SAMPLE_RATE_HZ, seconds, errors))
        if progress is not None:
            progress(index + 1, len(recordings))
    return report(transcriber.name, clips)


def report(model: str, clips: Sequence[Clip]) -> SpeechReport:
    """Sum up the clips of one evaluation."""
    scored = [clip for clip in clips if clip.errors is not None]
    groups = [_score("all", scored)] if scored else []
    for label, names in (
        ("set", sorted({clip.recording.set for clip in scored} - {""})),
        ("kind", sorted({clip.recording.kind for clip in scored} - {""})),
    ):
        for name in names:
            members = [clip for clip in scored if getattr(clip.recording, label) == name]
            groups.append(_score(f"{label} {name}", members))
    audio = sum(clip.audio_seconds for clip in clips)
    decode = sum(clip.decode_seconds for clip in clips)
    times_ms = np.array([clip.decode_seconds for clip in clips]) * 1000
    return SpeechReport(
        model=model,
        groups=tuple(groups),
        audio_seconds=audio,
        decode_seconds=decode,
        real_time_factor=decode / audio if audio else 0.0,
        median_ms=float(np.median(times_ms)),
        p95_ms=float(np.percentile(times_ms, 95)),
        clips=tuple(clips),
    )


def _recording(manifest: Path, number: int, line: str) -> Recording:
    where = f"{manifest}, row {number}"
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ManifestError(f"{where}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ManifestError(f"{where}: must be an object with path and text")
    for name in ("path", "text"):
        if not isinstance(row.get(name), str):
            raise ManifestError(f"{where}: '{name}' must be a string")
    path = manifest.parent / row["path"]
    if not path.is_file():
        raise ManifestError(f"{where}: there is no file {path}")
    return Recording(path, row["text"].strip(), str(row.get("set", "")), str(row.get("kind", "")))


def _score(name: str, clips: Sequence[Clip]) -> GroupScore:
    errors = np.array([clip.errors.errors for clip in clips if clip.errors is not None])
    words = np.array([clip.errors.words for clip in clips if clip.errors is not None])
    # Words of one clip stand or fall together, so clips are drawn, not words; the seed makes the report repeatable.
    drawn = np.random.default_rng(0).integers(0, len(clips), size=(_RESAMPLES, len(clips)))
    rates = errors[drawn].sum(axis=1) / np.maximum(1, words[drawn].sum(axis=1))
    tail = (1 - _CONFIDENCE) / 2
    return GroupScore(
        name=name,
        clips=len(clips),
        words=int(words.sum()),
        errors=int(errors.sum()),
        exact=int((errors == 0).sum()),
        word_error_rate=float(errors.sum() / max(1, words.sum())),
        low=float(np.quantile(rates, tail)),
        high=float(np.quantile(rates, 1 - tail)),
    )
