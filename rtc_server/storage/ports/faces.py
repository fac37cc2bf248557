"""Enrolled faces: who they are, what was agreed to, and their templates, which are sealed wherever they are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from rtc_server.audit.chain import SYSTEM, Actor
from rtc_server.storage.ports.owner import Json, Owner

Templates = npt.NDArray[np.float32]
"""Shape (faces, dimensions), or (dimensions,) for one."""


@dataclass(frozen=True, slots=True)
class FaceRecord:
    """An enrolled face, without its template."""

    id: str
    """``face_…``."""
    owner: Owner
    embedder: str
    """Which model made the template; templates of different models are never compared."""
    reference: str
    """The customer's own id of the person; may be empty."""
    fields: Mapping[str, str] = field(repr=False)
    """What a recognition may tell; sealed at rest."""
    consent: Json = field(repr=False)
    """``text``, ``locale``, ``givenAt``, and ``sessionId`` where it was given in a session."""
    session_id: str
    """In which it was enrolled; empty when the customer did it."""
    created_at: int
    updated_at: int
    number: int = 0
    """Grows with each template that is stored for an owner and a model; 0 = not stored yet."""


class FaceSet(NamedTuple):
    """All faces of one owner whose templates come from one model."""

    last_number: int = 0
    """Number of the template that was stored last, whether it is still there or not."""
    size: int = 0


class SealedTemplate(NamedTuple):
    """A template as it is stored."""

    face_id: str
    number: int
    sealed: bytes


class FaceStore(Protocol):
    """Enrolled faces. Every method raises StorageError when the database cannot be used."""

    async def face_set(self, owner: Owner, embedder: str) -> FaceSet:
        """How many there are, and the number of the newest."""

    async def save_face(
        self, record: FaceRecord, template: Templates, *, if_last: int, at_most: int
    ) -> FaceRecord | None:
        """Store a new face, or another template for one that has a number; the record with its new number.

        None when ``last_number`` of its set is not ``if_last`` any more: somebody else stored one, so look again.
        Raises FaceLimitError when there are ``at_most`` already, ``KeyError`` when the face is gone, ``ValueError``
        when the template's length is not that of the set.
        """

    async def describe_face(self, record: FaceRecord) -> bool:
        """Store fields and consent of a face, and leave the rest; whether it is still there."""

    async def face(self, face_id: str, owner: Owner) -> FaceRecord | None:
        """One."""

    async def faces(
        self, owner: Owner, limit: int, cursor: str = "", reference: str | None = None
    ) -> tuple[list[FaceRecord], bool]:
        """Newest first; whether there are more. ``cursor`` is the id of the last one of the page before.

        Raises ``KeyError`` for an unknown cursor.
        """

    async def faces_numbered(self, owner: Owner, embedder: str, numbers: Sequence[int]) -> list[FaceRecord]:
        """Those of the numbers that are still there."""

    async def face_of(self, owner: Owner, embedder: str, reference: str) -> FaceRecord | None:
        """The face of a person; None for an empty reference."""

    async def faces_of_subject(self, owner: Owner, reference: str) -> list[FaceRecord]:
        """All of a person, of every model: by the reference, and by sessions with that ``clientReferenceId``."""

    async def templates_after(self, owner: Owner, embedder: str, number: int, limit: int) -> list[SealedTemplate]:
        """The next ones, by number."""

    async def templates(self, owner: Owner, embedder: str, numbers: Sequence[int]) -> list[SealedTemplate]:
        """Those of the numbers that are still there, by number."""

    async def numbers(self, owner: Owner, embedder: str) -> npt.NDArray[np.int64]:
        """All numbers of a set, rising."""

    def opened(self, owner: Owner, embedder: str, sealed: Sequence[SealedTemplate]) -> Templates:
        """Shape (len(sealed), dimensions). Blocks; raises StorageError for one that is damaged."""

    async def delete_face(self, face_id: str, owner: Owner, by: Actor = SYSTEM) -> bool:
        """Remove with the template; whether there was one."""

    async def delete_faces_of_subject(self, owner: Owner, reference: str, by: Actor = SYSTEM) -> int:
        """Remove all of a person; how many there were. An empty reference is nobody's."""

    async def delete_due_faces(self, now_ms: int, limit: int = 100) -> int:
        """Remove those that were kept long enough; how many there were."""
