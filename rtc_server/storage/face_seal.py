"""How templates and what is told of a person are sealed: a key for each tenant and mode, and about one face."""

import json
from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from rtc_server.crypto.seal import Seal, SealError
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports.faces import SealedTemplate, Templates
from rtc_server.storage.ports.owner import Owner

_NUMBERS = np.dtype("<f4")
"""Templates as bytes: little-endian float32."""


def owner_purpose(purpose: str, owner: Owner) -> str:
    """The name of a key that belongs to one tenant and mode; no two owners have the same."""
    return f"{purpose} {json.dumps([owner.tenant, owner.sandbox])}"


class FaceSeal:
    """Seals under keys that are derived from the server's. What is opened must have been sealed about the same face."""

    def __init__(self, server_key: bytes) -> None:
        self._seal_of = lru_cache(maxsize=256)(
            lambda owner: Seal(server_key, owner_purpose("visavis faces at rest v1", owner))
        )

    def close_template(self, owner: Owner, embedder: str, face_id: str, template: Templates) -> bytes:
        """28 bytes more than the template has."""
        content = np.ascontiguousarray(template, dtype=_NUMBERS).tobytes()
        return self._seal(owner).close(content, _about(face_id, f"template {embedder}"))

    def open_templates(self, owner: Owner, embedder: str, sealed: list[SealedTemplate]) -> Templates:
        """Shape (len(sealed), dimensions). Raises StorageError naming the first that cannot be opened."""
        seal, rows = self._seal(owner), []
        for one in sealed:
            try:
                rows.append(seal.open(one.sealed, _about(one.face_id, f"template {embedder}")))
            except SealError as error:
                raise _unreadable(one.face_id) from error
        if not rows:
            return np.zeros((0, 0), np.float32)
        return np.frombuffer(b"".join(rows), _NUMBERS).reshape(len(rows), -1).astype(np.float32)

    def close_fields(self, owner: Owner, face_id: str, fields: Mapping[str, str]) -> str:
        """As base64."""
        return self._seal(owner).close_text(json.dumps(dict(fields)), _about(face_id, "fields"))

    def open_fields(self, owner: Owner, face_id: str, sealed: str) -> dict[str, str]:
        """Raises StorageError."""
        try:
            fields: dict[str, str] = json.loads(self._seal(owner).open_text(sealed, _about(face_id, "fields")))
        except SealError as error:
            raise _unreadable(face_id) from error
        return fields

    def _seal(self, owner: Owner) -> Seal:
        seal: Seal = self._seal_of(owner)
        return seal


def _about(face_id: str, part: str) -> str:
    return f"{face_id} {part}"


def _unreadable(face_id: str) -> StorageError:
    return StorageError(f"{face_id} is damaged in the database, or was stored with another server.key")
