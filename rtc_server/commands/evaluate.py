"""``visavis evaluate``: how well the engines do on a labelled file."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from conversation.evaluate.evaluation import evaluate_outcomes
from conversation.speech.evaluation import evaluate_speech
from conversation.speech.pool import ModelPool
from rtc_server.commands import evaluate_documents, evaluate_vision
from rtc_server.commands.options import EXPECTED_ERRORS, complain, settings_from
from rtc_server.engines import build_evaluator, build_race, build_transcriber
from rtc_server.settings import Settings
from vision.evaluation.pad import Progress


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "evaluate",
        help="measure outcomes, speech, liveness, face comparison or documents on a labelled file",
        description="Measure the engines that the settings choose on a labelled file, with 95 % intervals.",
    )
    kinds = parser.add_subparsers(title="what", metavar="WHAT", required=True)
    outcomes = kinds.add_parser(
        "outcomes",
        help="accuracy of outcome decisions",
        description="JSON Lines with prompt, outcomes [{id, condition}], transcript and expected (or label); null "
        "means that no outcome holds. Prints accuracy, wrong-commit share, accuracy at 90 %% coverage, ms per case.",
    )
    outcomes.set_defaults(measure=_measure_outcomes)
    speech = kinds.add_parser(
        "speech",
        help="word error rate and real-time factor",
        description="JSON Lines with path (WAV, relative to the manifest) and text; rows without text are only timed.",
    )
    speech.set_defaults(measure=_measure_speech)
    for kind in (outcomes, speech, *evaluate_vision.add_parsers(kinds), *evaluate_documents.add_parsers(kinds)):
        kind.set_defaults(run=run)
        kind.add_argument("file", type=Path, metavar="FILE")
        kind.add_argument("--json", action="store_true", help="print the result as JSON")
        kind.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML")


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    try:
        report = asyncio.run(arguments.measure(settings_from(arguments), arguments, _progress))
        if (page := getattr(arguments, "html", None)) is not None:
            page.write_text(report.to_html(), encoding="utf-8")
    except (*EXPECTED_ERRORS, ValueError, OSError) as error:
        return complain(error)
    print(json.dumps(report.to_json(), indent=2, ensure_ascii=False) if arguments.json else report.to_text())
    return 0


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done}/{total}", end="" if done < total else "\r", file=sys.stderr, flush=True)


async def _measure_outcomes(settings: Settings, arguments: argparse.Namespace, progress: Progress) -> Any:
    pool, race = ModelPool("evaluator"), build_race(settings)
    evaluator = build_evaluator(settings, pool, race)
    try:
        return await evaluate_outcomes(evaluator("evaluation"), arguments.file, progress)
    finally:
        await pool.close()
        if race is not None:
            await race.aclose()


async def _measure_speech(settings: Settings, arguments: argparse.Namespace, progress: Progress) -> Any:
    pools: list[ModelPool] = []

    def new_pool(name: str) -> ModelPool:
        pools.append(ModelPool(name))
        return pools[-1]

    try:
        transcriber = await asyncio.to_thread(build_transcriber, settings, new_pool, adaptive=False)
        return await evaluate_speech(transcriber, arguments.file, progress)
    finally:
        for pool in pools:
            await pool.close()
