"""The cache folder: where it is, what is in it, and who may write to it."""

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rtc_server.weights.artefacts import Artefact, BuiltFile, WeightFile
from rtc_server.weights.errors import FolderNotWritable, PullBusy

READ_BYTES = 1 << 20
LOCK_POLL = 0.2


@dataclass(frozen=True, slots=True)
class CacheLocation:
    """The folder of model weights and the reason why it is this one."""

    folder: Path
    why: str


class FileState(StrEnum):
    """What is known about one file of the cache."""

    OK = "ok"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class FileReport:
    """The state of one file of one artefact."""

    artefact: str
    file: str
    state: FileState
    detail: str
    """Empty when the file is as it should be."""


def locate(environ: Mapping[str, str], home: Path, project: Path) -> CacheLocation:
    """Find the cache folder without creating anything.

    ``VISAVIS_MODELS_DIR`` wins; then the cache of the user (``XDG_CACHE_HOME`` or ``~/.cache``) when it already holds
    weights or could be written; then ``var/models`` of the project, so that a read-only home is no obstacle.
    """
    if chosen := environ.get("VISAVIS_MODELS_DIR"):
        return CacheLocation(Path(chosen).expanduser().absolute(), "set by VISAVIS_MODELS_DIR")
    caches = Path(environ["XDG_CACHE_HOME"]) if environ.get("XDG_CACHE_HOME") else home / ".cache"
    folder = caches / "visavis" / "models"
    if _holds_anything(folder):
        return CacheLocation(folder, "the cache folder of this user")
    if _may_be_created(folder):
        return CacheLocation(folder, "the cache folder of this user")
    return CacheLocation(project / "var" / "models", f"{caches} cannot be written")


def models_folder(configured: str) -> Path:
    """Where the weights are: the folder of the setting ``models_dir``, or the default one when that is empty."""
    return Path(configured) if configured else locate_default().folder


def locate_default() -> CacheLocation:
    """The cache folder of this process: its environment, its home, and the checkout or the working folder."""
    checkout = Path(__file__).resolve().parents[2]
    project = checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()
    return locate(os.environ, Path(os.path.expanduser("~")), project)


def file_path(folder: Path, artefact: Artefact, file: WeightFile | BuiltFile) -> Path:
    """Where this file stands in the cache folder, whether it is there or not."""
    return folder / artefact.name / file.name


def check_file(folder: Path, artefact: Artefact, file: WeightFile | BuiltFile, *, full: bool) -> FileReport:
    """Compare one file with the catalogue: size alone, or with ``full`` size and SHA-256."""
    path = file_path(folder, artefact, file)
    try:
        size_bytes = path.stat().st_size
        if size_bytes != file.size_bytes:
            detail = f"{size_bytes} bytes instead of {file.size_bytes}"
            return FileReport(artefact.name, file.name, FileState.DAMAGED, detail)
        if full and sha256_of(path) != file.sha256:
            return FileReport(artefact.name, file.name, FileState.DAMAGED, "its SHA-256 is not the one expected")
    except FileNotFoundError:
        return FileReport(artefact.name, file.name, FileState.MISSING, f"not at {path}")
    except OSError as error:
        return FileReport(artefact.name, file.name, FileState.DAMAGED, f"cannot be read: {error.strerror}")
    return FileReport(artefact.name, file.name, FileState.OK, "")


def check_artefact(folder: Path, artefact: Artefact, *, full: bool) -> tuple[FileReport, ...]:
    """Compare every file of an artefact with the catalogue."""
    return tuple(check_file(folder, artefact, file, full=full) for file in artefact.all_files)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in lower-case hex, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def locked(folder: Path, timeout: float, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the only right to write to the cache folder; the operating system frees it when the process ends.

    ``on_wait`` is called once if another process holds it.

    Raises:
        FolderNotWritable: the folder or its lock file cannot be made.
        PullBusy: another process held it for all of ``timeout`` seconds.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stream = (folder / ".lock").open("a")
    except OSError as error:
        raise FolderNotWritable(folder, error.strerror or str(error)) from error
    with stream:
        give_up_at = time.monotonic() + timeout
        told = False
        while not _try_lock(stream.fileno()):
            if not told:
                on_wait()
                told = True
            if time.monotonic() >= give_up_at:
                raise PullBusy(folder, timeout)
            time.sleep(LOCK_POLL)
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holds_anything(folder: Path) -> bool:
    try:
        return any(entry.is_dir() and not entry.name.startswith(".") for entry in folder.iterdir())
    except OSError:
        return False


def _may_be_created(folder: Path) -> bool:
    """Whether the nearest existing parent may be written; a read-only file system says no, to root as well."""
    nearest = folder
    while not os.path.exists(nearest) and nearest != nearest.parent:
        nearest = nearest.parent
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)
