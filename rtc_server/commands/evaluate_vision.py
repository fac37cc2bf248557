"""``visavis evaluate pad|match|age``: how well the eyes do on labelled clips, pairs and portraits of one's own."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from conversation.speech.pool import ModelPool
from rtc_server.session.ports import VisionEngines
from rtc_server.session.vision.faces import Faces
from rtc_server.session.vision.picture import PictureError, decode
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.vision_engines import build_vision
from vision.evaluation.age import AgeReport, Portrait, labelled
from vision.evaluation.manifest import read_pairs, read_samples
from vision.evaluation.match import MatchReport, evaluate_match, pictures_of
from vision.evaluation.pad import PadReport, Progress, evaluate_pad
from vision.evaluation.recordings import look_at
from vision.liveness.passive import judge_passively
from vision.pipeline.eye import Models
from vision.ports import Floats, RgbImage


def add_parsers(kinds: Any) -> list[argparse.ArgumentParser]:
    """Register the kinds; the caller adds what all kinds share. Each takes ``measure`` as its default."""
    pad = kinds.add_parser(
        "pad",
        help="presentation attacks told from people, on clips and pictures",
        description="JSON Lines with path (clip or picture, relative to the manifest) and label: real, or an attack "
        "such as replay, print, screen, mask, deepfake, spoof; other labels are left out. Prints APCER per kind of "
        "attack, BPCER and shares without a decision, for whole clips and for single frames. A clip cannot do as it "
        "is told, so only what needs no challenge is measured.",
    )
    pad.set_defaults(measure=_measure_pad)
    match = kinds.add_parser(
        "match",
        help="faces told apart, on pairs of pictures",
        description="CSV with the columns file_x, file_y (relative to it) and decision (Yes or No: one person?). "
        "Prints false match and non-match rates, equal error rate, true accepts at 1 %% and 0.1 %% false accepts.",
    )
    match.add_argument("--threshold", type=float, default=0.85, help="similarity that counts as a match (default 0.85)")
    match.set_defaults(measure=_measure_match)
    age = kinds.add_parser(
        "age",
        help="age ranges and sexes, on portraits",
        description="JSON Lines with path, and age in years, sex (male or female) or both; other rows are left out. "
        "Prints how often the true age lies in the range, the mean error, and what an age limit would decide.",
    )
    age.add_argument("--limit", type=int, default=18, help="age limit whose decisions are counted (default 18)")
    age.set_defaults(measure=_measure_age)
    for kind in (pad, match, age):
        kind.add_argument("--html", type=Path, metavar="FILE", help="also write a page with plots")
    return [pad, match, age]


async def _measure_pad(settings: Settings, arguments: argparse.Namespace, progress: Progress) -> PadReport:
    samples = read_samples(arguments.file)
    policy = settings.vision.policy()
    async with _eyes(settings) as engines:
        models = Models(engines.new_tracker, engines.texture, engines.embedder)

        def observe(file: Path) -> Any:
            return [look.observation for look in look_at(file, models) if look.observation is not None]

        return await asyncio.to_thread(
            evaluate_pad,
            samples,
            observe,
            lambda observations: judge_passively(observations, policy),
            policy.texture_attack,
            progress=progress,
        )


async def _measure_match(settings: Settings, arguments: argparse.Namespace, progress: Progress) -> MatchReport:
    if not 0 < arguments.threshold < 1:
        raise ValueError(f"--threshold is {arguments.threshold}; a similarity lies between 0 and 1")
    pairs = read_pairs(arguments.file)
    async with _eyes(settings) as engines:
        if engines.embedder is None:
            raise SettingsError("vision.embedder (VISAVIS_VISION_EMBEDDER) is off, so there is nothing to measure")
        faces, files = Faces(engines), pictures_of(pairs)
        templates: dict[Path, Floats | None] = {}
        for done, file in enumerate(files, start=1):
            templates[file] = await _template(faces, file)
            progress(done, len(files))
        embedder = engines.embedder
        return evaluate_match(pairs, templates, embedder.name, embedder.calibration, threshold=arguments.threshold)


async def _measure_age(settings: Settings, arguments: argparse.Namespace, progress: Progress) -> AgeReport:
    samples = labelled(read_samples(arguments.file))
    if not samples:
        raise ValueError(f"{arguments.file}: no row has 'age' or 'sex'")
    async with _eyes(settings) as engines:
        if (model := engines.attributes) is None:
            raise SettingsError("vision.attributes (VISAVIS_VISION_ATTRIBUTES) is off, so there is nothing to measure")
        faces, portraits = Faces(engines), []
        for done, sample in enumerate(samples, start=1):
            image = await _picture(sample.path)
            mesh = await faces.in_picture(image)
            estimate = None if mesh is None else await engines.run(model.estimate, image, mesh)
            portraits.append(Portrait(sample, estimate))
            progress(done, len(samples))
        return AgeReport(model.name, tuple(portraits), arguments.limit)


async def _template(faces: Faces, file: Path) -> Floats | None:
    """As a reference picture of a call is compared."""
    return (await faces.of_picture(await _picture(file))).values


async def _picture(file: Path) -> RgbImage:
    """As a reference picture of a call is read. Raises OSError and ValueError."""
    try:
        return await asyncio.to_thread(lambda: decode(file.read_bytes()))
    except PictureError as error:
        raise ValueError(f"{file.name} is no picture that can be read: {error}") from error


@asynccontextmanager
async def _eyes(settings: Settings) -> AsyncIterator[VisionEngines]:
    """The engines that the settings choose, as long as they are needed. Raises SettingsError."""
    pools: list[ModelPool] = []

    def new_pool(name: str, workers: int, backlog: int) -> ModelPool:
        pools.append(ModelPool(name, workers, backlog))
        return pools[-1]

    try:
        engines = await asyncio.to_thread(build_vision, settings, new_pool)
        if engines is None:
            raise SettingsError("vision.tracker (VISAVIS_VISION_TRACKER) is off, so there is nothing to measure")
        yield engines
    finally:
        for pool in pools:
            await pool.close()
