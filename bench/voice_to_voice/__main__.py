"""Voice-to-voice latency in headless Chromium, for Visavis and beside it for Pipecat with the same models.

python -m bench.voice_to_voice [--reps 10] [--pipecat]
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Error as BrowserError
from playwright.async_api import Playwright, async_playwright

from bench.voice_to_voice import pipecat_environment
from bench.voice_to_voice.browser import PageHost, Session, session
from bench.voice_to_voice.clips import Microphone, from_recording, synthesised, write_microphone
from bench.voice_to_voice.report import figures, markdown, meets_target
from bench.voice_to_voice.targets import (
    DEFAULT_PIPECAT_ROWS,
    PIPECAT_ROWS,
    REPOSITORY,
    Pipecat,
    Target,
    Visavis,
    running,
)
from rtc_server.caller.server_calls import CallFailed
from rtc_server.settings import load_settings
from rtc_server.weights.cache import models_folder
from tests.static.browser import chromium_path

OUT = REPOSITORY / "bench" / "out"
LOGS = OUT / "voice_to_voice_logs"
BETWEEN_SESSIONS_SECONDS = 1.0
ATTEMPTS = 2
"""A busy machine makes Chromium's fake microphone skip; such a session is no measurement and is tried once more."""


def main() -> int:
    """Measure, write ``bench/out/voice_to_voice.{json,md}``, print the latter."""
    arguments = _arguments()
    if chromium_path() is None:
        print("no Chromium on this machine (Debian: apt install chromium)", file=sys.stderr)
        return 2
    if arguments.pipecat:
        pipecat_environment.ensure(arguments.pipecat_environment)
    LOGS.mkdir(parents=True, exist_ok=True)
    result = asyncio.run(_measure(arguments))
    (OUT / "voice_to_voice.json").write_text(json.dumps(result, indent=2, ensure_ascii=False), encoding="utf-8")
    (OUT / "voice_to_voice.md").write_text(markdown(result), encoding="utf-8")
    print(f"\n{markdown(result)}\ntarget met: {'yes' if meets_target(result) else 'no'}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.voice_to_voice", description=__doc__)
    parser.add_argument("--reps", type=int, default=10, help="sessions of each server; each has two one-turn clips")
    parser.add_argument("--warm-up", type=int, default=1, metavar="N", help="sessions of each that do not count")
    parser.add_argument("--pipecat", action="store_true", help="measure Pipecat, too (installs it on the first run)")
    parser.add_argument(
        "--pipecat-rows",
        nargs="+",
        choices=PIPECAT_ROWS,
        default=list(DEFAULT_PIPECAT_ROWS),
        metavar="ROW",
        help=f"its configurations: {', '.join(PIPECAT_ROWS)}",
    )
    parser.add_argument(
        "--pipecat-environment",
        type=Path,
        default=Path(tempfile.gettempdir()) / "visavis-bench" / "pipecat",
        metavar="FOLDER",
        help="where Pipecat's own Python environment is or goes",
    )
    parser.add_argument("--clips", type=Path, metavar="LAYOUT", help="JSON of a recording to cut the clips from")
    return parser.parse_args()


async def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    load_before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="visavis-bench-") as folder:
        clips = from_recording(arguments.clips) if arguments.clips else await synthesised()
        microphone = write_microphone(clips, Path(folder) / "microphone.wav")
        targets: list[Target] = [Visavis(Path(folder) / "data")]
        if arguments.pipecat:
            whisper = models_folder(load_settings().models_dir) / "whisper-base"
            targets += [Pipecat(row, arguments.pipecat_environment, whisper) for row in arguments.pipecat_rows]
        async with running(targets, LOGS):
            sessions, failures = await _sessions(targets, microphone, range(-arguments.warm_up, arguments.reps))
    return {
        "startedAt": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "loadBefore": load_before,
        "clips": f"cut from {arguments.clips.name}" if arguments.clips else "synthesised (hibari, lower pitch)",
        "targets": {
            target.name: figures([s for s in sessions if s.target == target.name], target.roles)
            for target in targets
            if any(s.target == target.name for s in sessions)
        },
        "failures": failures,
    }


async def _sessions(
    targets: list[Target], microphone: Microphone, repetitions: range
) -> tuple[list[Session], list[str]]:
    """All sessions, interleaved: in each repetition each target once, another one first each time.

    Repetitions below zero warm the servers up and do not count.
    """
    host = PageHost()
    await host.start()
    found, failures = list[Session](), list[str]()
    try:
        async with async_playwright() as playwright:
            for repetition in repetitions:
                for index in range(len(targets)):
                    target = targets[(index + repetition) % len(targets)]
                    one, problems = await _one(playwright, host, target, microphone)
                    if repetition >= 0:
                        failures += problems
                        found += [one] if one is not None else []
                    label = f"session {repetition + 1}" if repetition >= 0 else "warm-up"
                    for line in [*problems, *([_line(one)] if one is not None else [])]:
                        print(f"{label}: {line}", flush=True)
                    await asyncio.sleep(BETWEEN_SESSIONS_SECONDS)
    finally:
        await host.stop()
    return found, failures


async def _one(
    playwright: Playwright, host: PageHost, target: Target, microphone: Microphone
) -> tuple[Session | None, list[str]]:
    """A session, tried again when it is no measurement, and why each try failed."""
    problems: list[str] = []
    for _ in range(ATTEMPTS):
        try:
            return await session(playwright, host, target, microphone), problems
        except (BrowserError, CallFailed, ValueError) as error:
            problems.append(f"{target.name}: {str(error).splitlines()[0]}")
    return None, problems


def _line(one: Session) -> str:
    times = [f"{t.clip} {'–' if t.reply_ms is None else round(t.reply_ms)}{' early' * t.early}" for t in one.turns]
    return (
        f"{one.target}: {', '.join(times)} ms; CPU {one.cpu_seconds / one.seconds:.2f}, load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
