"""``python -m bench.vision``: processor time of each stage of seeing, and of one session's video."""

import argparse
import dataclasses
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import av
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame

from bench.vision.footage import FRAMES_PER_SECOND, Footage, drawn, encode, recorded
from conversation.speech.pool import ModelPool
from rtc_server.session.ports import VisionEngines
from rtc_server.settings import Settings
from rtc_server.vision_engines import build_vision
from vision.measurement.meter import FrameMeter
from vision.pipeline.eye import Eye, Models, picture
from vision.pipeline.pace import Pace

OUT = Path("bench/out/vision.md")
GOAL_MS = 200.0
"""Processor time for a second of video while a check runs."""
WARM_UP_FRAMES = 5
Result = TypeVar("Result")


class Stopwatch:
    """Processor time of this process, all threads together, by stage."""

    def __init__(self) -> None:
        self.times_ms: dict[str, list[float]] = {}

    def measure(self, stage: str, function: Callable[..., Result], *arguments: object) -> Result:
        started = time.process_time()
        result = function(*arguments)
        self.times_ms.setdefault(stage, []).append((time.process_time() - started) * 1000)
        return result


def stages(footage: Footage, engines: VisionEngines) -> Stopwatch:
    """Every stage on every frame, whether or not it would be due."""
    watch, decoder, meter = Stopwatch(), Vp8Decoder(), FrameMeter()
    tracker = engines.new_tracker()
    for index, encoded in enumerate(footage.frames):
        if index == WARM_UP_FRAMES:
            watch.times_ms.clear()
        frame = watch.measure("decode", decode, decoder, encoded)
        image = watch.measure("to RGB", picture, frame)
        at = index / FRAMES_PER_SECOND
        faces = watch.measure("track", tracker.track, image, at)
        watch.measure("measure", meter.measure, image, faces, at, at)
        if not faces:
            continue
        if engines.texture:
            watch.measure("texture", engines.texture.bona_fide_score, image, faces[0])
        if engines.embedder:
            watch.measure("embed", engines.embedder.embed, image, faces[0])
        if engines.attributes:
            watch.measure("attributes", engines.attributes.estimate, image, faces[0])
    tracker.close()
    return watch


def decode(decoder: Vp8Decoder, encoded: JitterFrame) -> av.VideoFrame:
    """The frame as the WebRTC stack hands it on."""
    (frame,) = decoder.decode(encoded)
    assert isinstance(frame, av.VideoFrame)
    return frame


def session(footage: Footage, engines: VisionEngines, *, checking: bool) -> float:
    """Milliseconds of processor time for a second of one session's video, at the pace of a session."""
    settings = engines.settings
    decoder, pace = Vp8Decoder(), Pace(settings.idle_frames_per_second, settings.frames_per_second, checking)
    eye = Eye(Models(engines.new_tracker, engines.texture, engines.embedder, engines.attributes))
    started = 0.0
    for index, encoded in enumerate(footage.frames):
        if index == WARM_UP_FRAMES:
            started = time.process_time()
        now = index / FRAMES_PER_SECOND
        frame = decode(decoder, encoded)
        if pace.wait(now) <= 0:
            pace.used(eye.look(frame, now, pace.begin(now)).used, now)
    spent_ms = (time.process_time() - started) * 1000
    eye.close()
    return spent_ms * FRAMES_PER_SECOND / (len(footage.frames) - WARM_UP_FRAMES)


def report(footage: Footage, engines: VisionEngines, load: float) -> str:
    """The tables, as Markdown."""
    tracker = engines.new_tracker()
    name = tracker.name
    tracker.close()
    watch = stages(footage, engines)
    lines = [
        f"load before: {load:.1f}, Python {sys.version.split()[0]}, {os.cpu_count()} cores, tracker {name}",
        f"{footage.name}: {len(footage.frames)} frames of VP8 640×480, {footage.bits_per_second / 1000:.0f} kbit/s",
        "",
        "| stage | CPU ms p50 | p95 | per core and s |",
        "|---|---|---|---|",
    ]
    for stage, times in watch.times_ms.items():
        middle, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
        lines.append(f"| {stage} | {middle:.2f} | {high:.2f} | {1000 / max(middle, 0.001):.0f} |")
    checking, idle = (session(footage, engines, checking=checking) for checking in (True, False))
    verdict = "reached" if checking <= GOAL_MS else "missed"
    lines += [
        "",
        f"One session, per second of video: {checking:.0f} ms of CPU while a check runs "
        f"(goal {GOAL_MS:.0f}: {verdict}), {idle:.0f} ms while none does.",
    ]
    return "\n".join(lines)


def main() -> int:
    """Measure and print; the report also goes to ``bench/out/vision.md``."""
    parser = argparse.ArgumentParser(prog="python -m bench.vision", description=__doc__)
    parser.add_argument("--clip", type=Path, help="a video of a face instead of the drawn person")
    parser.add_argument("--seconds", type=float, default=20.0, help="how much video (default: 20)")
    parser.add_argument("--tracker", default="auto", choices=("auto", "mediapipe", "litert"))
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    settings = Settings()
    settings = dataclasses.replace(settings, vision=dataclasses.replace(settings.vision, tracker=arguments.tracker))
    engines = build_vision(settings, ModelPool)
    assert engines is not None
    if arguments.clip:
        footage = encode(arguments.clip.name, recorded(arguments.clip, arguments.seconds))
    else:
        footage = encode("drawn person", drawn(arguments.seconds))
    text = report(footage, engines, load)
    print(text)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
