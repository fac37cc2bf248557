"""``python -m bench.documents``: specimens that nobody has seen, read as a call reads them, and as is usually done."""

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.documents.call import show
from bench.documents.peer import Peer, fields
from rtc_server.commands.documents import civil_date, document_engines
from rtc_server.session.vision.picture import encode_jpeg
from rtc_server.settings import Settings
from tests.fakes.specimens.photograph import photograph
from tests.fakes.specimens.specimen import TODAY, Specimen, draw
from tests.fakes.specimens.zones import Kind
from vision.document.document import CivilDate
from vision.evaluation.documents import Result
from vision.ports import RgbImage
from vision.reading.ports import DocumentReader

OUT = Path("bench/out/documents.md")
KINDS: tuple[Kind, ...] = ("passport", "id-card", "id-card-2", "licence")
HARDNESSES = (0.15, 0.3, 0.45, 0.6)
"""Of ``photograph``: 0 is a scanner's view, 0.3 a careful person, 1 what nobody could read."""
TRIES = 3
"""Pictures of a side before a call would have the person despair."""


@dataclass(frozen=True)
class Measured:
    """One specimen under one condition."""

    kind: Kind
    hardness: float
    result: Result
    problem: str
    first: bool
    """Whether one picture of each side was enough."""
    misread: int
    cpu_seconds: tuple[float, ...]
    peer_result: Result
    peer_cpu_seconds: float


def measure(count: int, first_seed: int, reader: DocumentReader, keep: Path | None) -> Iterator[Measured]:
    """Kinds and conditions in turn."""
    peer, today = Peer(), civil_date(TODAY)
    for index in range(count):
        kind = KINDS[index % len(KINDS)]
        hardness = HARDNESSES[index // len(KINDS) % len(HARDNESSES)]
        seed = first_seed + index
        specimen = draw(kind, seed)

        def take(side: RgbImage, number: int, seed: int = seed, hardness: float = hardness) -> RgbImage:
            return photograph(side, 100 * seed + number, hardness=hardness).image

        call = show(specimen, take, reader, today, TRIES)
        picture = take(_machine_side(specimen), 0)
        began = time.process_time()
        peer_result = by_peer(peer, specimen, picture, today)
        peer_seconds = time.process_time() - began
        judged = call.judged
        problem = next(iter(call.document.problems), "")
        if keep is not None and judged.result != "exact":
            _keep(keep, f"{seed}-{kind}-{hardness:g}-{judged.result}-{problem}", call.pictures)
        yield Measured(
            kind=kind,
            hardness=hardness,
            result=judged.result,
            problem=problem,
            first=judged.result == "exact" and len(call.pictures) == len(specimen.sides),
            misread=[judged.state(name) for name in judged.names].count("misread"),
            cpu_seconds=tuple(call.cpu_seconds),
            peer_result=peer_result,
            peer_cpu_seconds=peer_seconds,
        )


def by_peer(peer: Peer, specimen: Specimen, picture: RgbImage, today: CivilDate) -> Result:
    """From one picture of the side that machines read."""
    if specimen.barcode:
        content = peer.barcode(picture)
        return "refused" if not content else "exact" if content == specimen.barcode else "wrong"
    mrz = peer.zone(picture, today)
    if mrz is None:
        return "refused"
    found = fields(mrz)
    return "exact" if all(found.get(name) == value for name, value in specimen.truth.items()) else "wrong"


def _machine_side(specimen: Specimen) -> RgbImage:
    return specimen.sides[specimen.mrz_side or "back"]


def table(measured: Sequence[Measured]) -> str:
    """By kind and by condition, as Markdown."""
    head = (
        "documents", "exact", "with one picture a side", "refused", "**wrong**", "print misread",
        "CPU s/picture p50", "p95", "usual way: exact", "refused", "wrong", "CPU s/picture p50",
    )  # fmt: skip
    rows = [head, ("---",) * len(head), _row("all", measured)]
    rows += [_row(kind, [one for one in measured if one.kind == kind]) for kind in KINDS]
    rows += [_row(f"hardness {name:g}", [one for one in measured if one.hardness == name]) for name in HARDNESSES]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(name: str, measured: Sequence[Measured]) -> tuple[str, ...]:
    if not measured:
        return (name, *["–"] * 11)
    total = len(measured)
    seconds = [one for measure in measured for one in measure.cpu_seconds]
    peer = [measure.peer_cpu_seconds for measure in measured]
    return (
        f"{name} ({total})",
        _share(one.result == "exact" for one in measured),
        _share(one.first for one in measured),
        _share(one.result == "refused" for one in measured),
        f"**{sum(one.result == 'wrong' for one in measured)}**",
        str(sum(one.misread for one in measured)),
        f"{statistics.median(seconds):.2f}",
        f"{statistics.quantiles([*seconds, *seconds], n=20)[-1]:.2f}",
        _share(one.peer_result == "exact" for one in measured),
        _share(one.peer_result == "refused" for one in measured),
        str(sum(one.peer_result == "wrong" for one in measured)),
        f"{statistics.median(peer):.2f}",
    )


def _share(which: Iterable[bool]) -> str:
    values = list(which)
    return f"{100 * sum(values) / len(values):.1f} %"


def _keep(folder: Path, name: str, pictures: Sequence[RgbImage]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures):
        (folder / f"{name}-{number}.jpg").write_bytes(encode_jpeg(picture))


def _refusals(measured: Sequence[Measured]) -> str:
    problems = [one.problem or "incomplete" for one in measured if one.result == "refused"]
    counted = sorted(((problems.count(name), name) for name in set(problems)), reverse=True)
    return ", ".join(f"{name} {count}" for count, name in counted) or "none"


async def run(options: argparse.Namespace) -> str:
    """Measure and write down."""
    load = os.getloadavg()[0]
    measured: list[Measured] = []
    async with document_engines(Settings()) as engines:
        for one in measure(options.specimens, options.seed_from, engines.reader, options.keep):
            measured.append(one)
            wrong = sum(known.result == "wrong" for known in measured)
            progress = f"\r{len(measured)}/{options.specimens}, {wrong} wrong "
            print(progress, end="", file=sys.stderr, flush=True)
        names = ", ".join(f"{part} {name}" for part, name in engines.reader.engines.items())
    last_seed = options.seed_from + options.specimens - 1
    return (
        f"load before: {load:.1f}, Python {sys.version.split()[0]}, {os.cpu_count()} cores; "
        f"seeds {options.seed_from} to {last_seed}; {names}\n\n{table(measured)}\n\nrefused: {_refusals(measured)}\n"
    )


def main() -> None:
    """Measure, print, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.documents", description=__doc__)
    parser.add_argument("--specimens", type=int, default=500, help="how many documents (default 500)")
    parser.add_argument("--seed-from", type=int, default=5000, help="first seed; nothing was trained on these (5000)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the pictures of what was not exact")
    report = asyncio.run(run(parser.parse_args()))
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(report, encoding="utf-8")
    print(f"\n{report}")


if __name__ == "__main__":
    main()
