"""Identification and enrolment (1:N): ``Recognition`` on stored faces and a search index."""

import dataclasses
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence

import numpy as np

from rtc_server.crypto.ids import new_id
from rtc_server.recognition.decision import Candidate, Cut, cut_of, decide, duplicate
from rtc_server.recognition.gallery import Gallery
from rtc_server.recognition.ports import Consent, Enrolled, Enrolment, Identification
from rtc_server.recognition.search_ports import MakeIndex
from rtc_server.recognition.settings import RecognitionSettings
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import FaceRecord, FaceStore, Json, Owner, Templates
from vision.face.calibration import Calibration
from vision.ports import RunOnThread

TRIES = 20
"""How often an enrolment looks again because another process stored a face meanwhile."""

SAME_SIMILARITY = 0.85
"""From which somebody may take the place of their own former template; less strict than a search, as it is 1:1."""

OPEN_GALLERIES = 256
"""Owners whose index is kept in memory, the most recently used ones."""

RecordNow = Callable[[], Awaitable[FaceRecord]]
"""Makes the record that is to be stored from what is there now; its ``number`` is 0 for a new face."""


class FaceRecognition:
    """Belongs to one event loop. Templates of different embedders, tenants and modes never meet.

    ``calibrations`` are those of the embedders in use, by name. Methods raise StorageError when the database cannot be
    used, or an index is still being built (``IndexNotReadyError``), and ValueError for a template that is not one row
    of finite numbers as long as the others of its embedder.
    """

    def __init__(
        self,
        store: FaceStore,
        make_index: MakeIndex,
        run: RunOnThread,
        calibrations: Mapping[str, Calibration],
        now_ms: Callable[[], int],
        settings: RecognitionSettings | None = None,
    ) -> None:
        self._store = store
        self._make_index = make_index
        self._run = run
        self._calibrations = calibrations
        self._now_ms = now_ms
        self._settings = settings or RecognitionSettings()
        self._galleries: OrderedDict[tuple[Owner, str], Gallery] = OrderedDict()

    async def identify(self, owner: Owner, embedder: str, template: Templates) -> Identification:
        """The enrolled face that this template belongs to, if it is close enough and clear of the runner-up."""
        near = await (await self._gallery(owner, embedder, template)).nearest(template)
        decision = decide(near.candidates, self._cut(embedder))
        best, margin, size = decision.best, decision.margin, near.state.size
        if best is None or not decision.recognised:
            return Identification("", distance=best.distance if best else None, margin=margin, enrolled=size)
        face = near.faces[best.face_id]
        return Identification(face.id, face.reference, face.fields, best.distance, margin, size)

    async def enrol(self, owner: Owner, embedder: str, template: Templates, enrolment: Enrolment) -> Enrolled:
        """Keep a template. A face that is enrolled under another reference already is reported instead.

        Whoever has the same reference, which is not empty, is enrolled anew in place of the former template, and
        somebody else only where the enrolment says that they may be. Raises FaceLimitError.
        """

        async def record() -> FaceRecord:
            known = await self._store.face_of(owner, embedder, enrolment.reference)
            return _fresh(owner, embedder, enrolment, self._now_ms(), known)

        return await self._store_unless_duplicate(owner, embedder, template, record, may_replace=enrolment.may_replace)

    async def enrol_again(
        self,
        owner: Owner,
        face_id: str,
        template: tuple[str, Templates] | None = None,
        fields: Mapping[str, str] | None = None,
        consent: Consent | None = None,
    ) -> Enrolled:
        """Change an enrolled face: its template (embedder and numbers), what it tells, or what was agreed to.

        Raises ``KeyError`` when there is no such face.
        """

        async def record() -> FaceRecord:
            known = await self._store.face(face_id, owner)
            if known is None:
                raise KeyError(face_id)
            return dataclasses.replace(
                known,
                fields=known.fields if fields is None else dict(fields),
                consent=known.consent if consent is None else _consent_json(consent),
                embedder=known.embedder if template is None else template[0],
                updated_at=self._now_ms(),
            )

        if template is not None:
            return await self._store_unless_duplicate(owner, *template, record)
        if not await self._store.describe_face(await record()):
            raise KeyError(face_id)
        return Enrolled(face_id)

    async def close(self) -> None:
        """Stop building indices."""
        for gallery in self._galleries.values():
            await gallery.close()

    async def _store_unless_duplicate(
        self, owner: Owner, embedder: str, template: Templates, record: RecordNow, *, may_replace: bool = True
    ) -> Enrolled:
        gallery = await self._gallery(owner, embedder, template)
        async with gallery.enrolling:
            for _ in range(TRIES):
                near, wanted = await gallery.nearest(template), await record()
                double = duplicate(near.candidates, self._cut(embedder), wanted.id)
                if double is not None:
                    return Enrolled("", double.face_id)
                if wanted.number and not may_replace and not self._looks_like(near.candidates, wanted.id, embedder):
                    return Enrolled("", taken=True)
                saved = await self._store.save_face(
                    wanted, template, if_last=near.state.last_number, at_most=self._settings.max_faces
                )
                if saved is not None:
                    return Enrolled(saved.id)
        raise StorageError("too many enrolments at once: try again later")

    async def _gallery(self, owner: Owner, embedder: str, template: Templates) -> Gallery:
        if template.ndim != 1 or not len(template) or not np.isfinite(template).all():
            raise ValueError(f"a template is one row of finite numbers, not {template.shape}")
        key = owner, embedder
        if key not in self._galleries:
            index = await self._make_index(owner, embedder, len(template))
            made = Gallery(owner, embedder, self._store, index, self._run, self._settings.wait_seconds)
            self._galleries.setdefault(key, made)  # unless somebody else made one meanwhile
        self._galleries.move_to_end(key)
        if len(self._galleries) > OPEN_GALLERIES:
            self._galleries.popitem(last=False)  # whoever is searching in it goes on
        return self._galleries[key]

    def _looks_like(self, candidates: Sequence[Candidate], face_id: str, embedder: str) -> bool:
        """Whether one of the nearest is that face, as alike as the default of comparisons 1:1 asks for."""
        calibration = self._calibrations.get(embedder)
        most = self._cut(embedder).distance if calibration is None else calibration.distance(SAME_SIMILARITY)
        return any(found.face_id == face_id and found.distance <= most for found in candidates)

    def _cut(self, embedder: str) -> Cut:
        return cut_of(embedder, self._calibrations.get(embedder))


def _fresh(owner: Owner, embedder: str, enrolment: Enrolment, now_ms: int, known: FaceRecord | None) -> FaceRecord:
    """The record of an enrolment; in place of ``known`` if that is the same person's."""
    return FaceRecord(
        id=known.id if known else new_id("face_"),
        owner=owner,
        embedder=embedder,
        reference=enrolment.reference,
        fields=dict(enrolment.fields),
        consent=_consent_json(enrolment.consent),
        session_id=enrolment.consent.session_id,
        created_at=known.created_at if known else now_ms,
        updated_at=now_ms,
        number=known.number if known else 0,
    )


def _consent_json(consent: Consent) -> Json:
    session = {"sessionId": consent.session_id} if consent.session_id else {}
    return {"text": consent.text, "locale": consent.locale, "givenAt": consent.given_at, **session}
