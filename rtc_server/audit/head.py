"""The head outside the database: a small signed file, by which a chain that was cut off is found."""

import fcntl
import json
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rtc_server.audit.canonical import canonical
from rtc_server.audit.chain import Head, Json
from rtc_server.audit.signing import AuditKey, Kind, PublicKey

KIND: Kind = "audit-head/1"

LOCK_SECONDS = 5.0
"""How long another process, which writes the head just now, is waited for."""

_LOOK_AGAIN_SECONDS = 0.01
_HASH = re.compile(r"[0-9a-f]{64}")
_LARGEST_BYTES = 10_000


class HeadError(Exception):
    """A head that cannot be used; the text says why."""


def signed_head(head: Head, key: AuditKey) -> Json:
    """``head.json``: the head with a signature over its other members."""
    content = {
        "visavis": KIND,
        "sequence": head.sequence,
        "hash": head.hash,
        "at": head.at,
        "publicKey": key.public.hex,
    }
    return {**content, "signature": key.sign(KIND, canonical(content))}


def checked_head(text: str, keys: tuple[PublicKey, ...]) -> Head:
    """What ``signed_head`` wrote. Raises HeadError unless one of the keys signed it."""
    try:
        members = json.loads(text)
        signature = members.pop("signature")
        content = canonical(members)
        head = Head(members["sequence"], members["hash"], members["at"])
        whole = members["visavis"] == KIND and isinstance(head.sequence, int) and _HASH.fullmatch(head.hash)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise HeadError("it is no head of an audit") from None
    if not whole:
        raise HeadError("it is no head of an audit")
    if not any(key.signed(KIND, content, str(signature)) for key in keys):
        raise HeadError("it was not signed by this server's key, or was changed")
    return head


def parsed_head(text: str) -> Head:
    """``SEQUENCE:HASH``, as ``visavis audit head`` prints it. Raises HeadError."""
    sequence, _, digest = text.partition(":")
    if not sequence.isascii() or not sequence.isdigit() or not _HASH.fullmatch(digest):
        raise HeadError(f"'{text}' is no head: write SEQUENCE:HASH, such as 17:{'0123' * 16}")
    return Head(int(sequence), digest)


class HeadFile:
    """``audit/head.json`` in the data folder, which servers and commands on this machine share."""

    def __init__(self, file: Path, key: AuditKey) -> None:
        self.file = file
        self.key = key
        """Signs the head, and the entries too."""

    @classmethod
    def in_folder(cls, data_dir: Path, server_key: bytes) -> "HeadFile":
        """The file of a data folder, with the key that is derived from the server's own."""
        return cls(data_dir / "audit" / "head.json", AuditKey(server_key))

    def read(self) -> Head | None:
        """None when there is none yet. Raises HeadError when it cannot be used."""
        try:
            with self.file.open("rb") as stream:
                content = stream.read(_LARGEST_BYTES)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise HeadError(f"it cannot be read ({error.strerror})") from error
        return checked_head(content.decode("utf-8", "replace"), (self.key.public,))

    def advance(self, head: Head) -> None:
        """Write a newer head; an older one changes nothing.

        Atomic, also between processes, and on the disk when it returns. Raises OSError.
        """
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            try:
                present = self.read()
            except HeadError:
                present = None
            if present is not None and present.sequence >= head.sequence:
                return
            descriptor, name = tempfile.mkstemp(dir=self.file.parent, prefix=".head-")
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(canonical(signed_head(head, self.key)) + b"\n")
                    stream.flush()
                    os.fsync(stream.fileno())
                Path(name).replace(self.file)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        deadline = time.monotonic() + LOCK_SECONDS
        with self.file.with_name("head.lock").open("ab") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(_LOOK_AGAIN_SECONDS)
            yield
