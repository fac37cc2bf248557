"""Encrypted files, one for each picture, two for a recording (``recording_files``).

Each is sealed about its id, so that none can take another's place. A file is ``VM1`` and what ``crypto.seal`` makes.
"""

import io
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from rtc_server.crypto.seal import Seal, SealError
from rtc_server.storage.engine import StorageError

MAGIC = b"VM1"

_PURPOSE = "visavis media at rest v1"
_HEAD, _REST = ".bin", ".rest"
"""Endings: all of a picture, or the head of a recording; what of a recording follows."""
_ID = re.compile(r"[A-Za-z0-9_-]{3,64}")


class MediaFiles:
    """A folder of encrypted files. Every method blocks; raises StorageError when the folder cannot be used."""

    def __init__(self, folder: Path, server_key: bytes) -> None:
        self._folder = folder
        self.seal = Seal(server_key, _PURPOSE)

    def write(self, media_id: str, content: bytes) -> None:
        """Keep; whoever reads meanwhile finds all of it or nothing."""
        sealed = MAGIC + self.seal.close(content, media_id)
        file = self._file(media_id)
        unfinished = file.with_suffix(f".{secrets.token_hex(4)}.tmp")
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
                stream.write(sealed)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(file)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink()
            raise self.unusable(error) from error

    def read(self, media_id: str) -> bytes | None:
        """The content; None when there is no such file."""
        try:
            sealed = self._file(media_id).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self.unusable(error) from error
        try:
            if not sealed.startswith(MAGIC):
                raise SealError("not one of our files")
            return self.seal.open(sealed.removeprefix(MAGIC), media_id)
        except SealError as error:
            raise StorageError(
                f"the file of {media_id} in {self._folder} is damaged, or was written with another server.key"
            ) from error

    def create_rest(self, media_id: str) -> io.FileIO:
        """A new file, without a buffer, for what follows the head of a recording. Raises OSError."""
        file = self._file(media_id, _REST)
        return io.FileIO(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")

    def open_rest(self, media_id: str) -> BinaryIO:
        """What follows the head, sealed in pieces; empty when nothing does."""
        try:
            return self._file(media_id, _REST).open("rb")
        except FileNotFoundError:
            return io.BytesIO()
        except OSError as error:
            raise self.unusable(error) from error

    def rest_bytes(self, media_id: str) -> int:
        """How much follows the head, as it lies there."""
        try:
            return self._file(media_id, _REST).stat().st_size
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise self.unusable(error) from error

    def remove(self, media_id: str) -> bool:
        """Whether there was one."""
        found = False
        for suffix in (_REST, _HEAD):
            try:
                self._file(media_id, suffix).unlink()
                found = True
            except FileNotFoundError:
                continue
            except OSError as error:
                raise self.unusable(error) from error
        return found

    def older_than(self, seconds: float) -> list[str]:
        """Ids of the files that were written longer ago; unfinished ones of that age are removed on the way."""
        before = time.time() - seconds
        found = set()
        for file in self._folder.glob("*/*"):
            try:
                if file.stat().st_mtime >= before:
                    continue
                if file.suffix == ".tmp":
                    file.unlink(missing_ok=True)
                else:
                    found.add(file.stem)
            except FileNotFoundError:  # removed by another process meanwhile
                continue
            except OSError as error:
                raise self.unusable(error) from error
        return sorted(found)

    def _file(self, media_id: str, suffix: str = _HEAD) -> Path:
        if not _ID.fullmatch(media_id):
            raise StorageError("an id of media holds characters that no id has")
        return self._folder / media_id[-2:] / f"{media_id}{suffix}"

    def unusable(self, error: OSError) -> StorageError:
        """What is raised for it."""
        return StorageError(f"the media folder {self._folder} cannot be used ({error.strerror}): check data_dir")
