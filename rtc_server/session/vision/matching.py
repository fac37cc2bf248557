"""Compares, identifies and enrols faces that are at hand: of the camera, of the last scan, of named pictures."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from conversation.flow import commands
from conversation.flow import events as flow
from rtc_server.recognition.ports import Consent, Enrolment
from rtc_server.session.clock import unix_ms
from rtc_server.session.ports import Services
from rtc_server.session.vision.bridge import Comparison
from rtc_server.session.vision.faces import Face, Faces, Template
from rtc_server.storage.ports import SessionRecord
from vision.ports import Floats, RgbImage

SAME_PERSON = 0.5
"""Similarity below which somebody else came after the look-up; the middle of the calibrated curve, as in checks."""

Provided = Callable[[], Mapping[str, Any]]
"""What the integrator has provided by now."""


class Matching:
    """What can be done with templates. Every method may raise what engines, pools and the store raise."""

    def __init__(
        self, faces: Faces, services: Services, record: SessionRecord, provided: Provided, language: str
    ) -> None:
        self._faces = faces
        self._services = services
        self._record = record
        self._provided = provided
        self._language = language
        self._scan: list[Face] = []
        """The best frames of the latest completed scan."""
        self._document: RgbImage | None = None
        """The portrait on the document that was read last."""
        self._looked_up: Floats | None = None
        """Template of the person who was looked up last."""

    @property
    def can_identify(self) -> bool:
        """Whether there is a model to compare with, and somebody to compare with."""
        return self._faces.embedder is not None and self._services.recognition is not None

    def remember_scan(self, captured: list[Face]) -> None:
        """A scan was completed; comparisons name it ``faceScan``."""
        self._scan = captured

    def remember_document(self, portrait: RgbImage | None) -> None:
        """A document was read, or None: from now on there is none; comparisons name its portrait ``documentPhoto``."""
        self._document = portrait

    def forget(self) -> None:
        """Let all pictures and templates go."""
        self._scan = []
        self._document = None
        self._looked_up = None

    async def template(self, source: commands.FaceImage, session_video: list[Face]) -> Template:
        """Of a source, or why there is none; ``session_video`` are the best pictures of the camera."""
        match source.source:
            case "sessionVideo":
                return await self._faces.of_camera(session_video)
            case "faceScan":
                return await self._faces.of_camera(self._scan)
            case "documentPhoto":
                return await self._document_face()
            case "providedData":
                return await self._provided_face(source.key)

    async def compare(self, a: commands.FaceImage, b: commands.FaceImage, session_video: list[Face]) -> Comparison:
        """Two sources; a source without a face says why there is no comparison."""
        return self._compared(await self.template(a, session_video), await self.template(b, session_video))

    async def compare_scan(self, reference: Template, captured: list[Face]) -> Comparison:
        """What was captured with a reference."""
        return self._compared(reference, await self._faces.of_camera(captured))

    async def identify(self, request_id: str, captured: list[Face]) -> flow.FaceIdentified:
        """Look the person up."""
        embedder, recognition = self._faces.embedder, self._services.recognition
        if embedder is None or recognition is None:
            return not_identified(request_id, "not_checked", "no_model" if embedder is None else "unavailable")
        template = await self._faces.of_camera(captured)
        if template.values is None:
            return not_identified(request_id, "no_face", "")
        self._looked_up = template.values
        found = await recognition.identify(self._record.owner, embedder.name, template.values)
        evidence: dict[str, Any] = {"candidates": found.enrolled, "frames": template.frames, "embedder": embedder.name}
        if found.distance is not None:
            evidence["similarity"] = round(embedder.calibration.similarity(found.distance), 4)
            evidence["distance"] = round(found.distance, 4)
        if found.margin is not None:
            evidence["margin"] = round(found.margin, 4)
        outcome: Literal["recognized", "new"] = "recognized" if found.face_id else "new"
        return flow.FaceIdentified(request_id, outcome, "", found.face_id, dict(found.fields), evidence)

    async def enrol(self, command: commands.EnrolFace, captured: list[Face]) -> flow.FaceEnrolled:
        """Keep the person's template."""
        embedder, recognition = self._faces.embedder, self._services.recognition
        if embedder is None or recognition is None:
            return not_enrolled(command.request_id, "no_model" if embedder is None else "unavailable")
        template = await self._faces.of_camera(captured)
        if template.values is None:
            return not_enrolled(command.request_id, template.error)
        # After a restart nobody has been looked up, and the store looks for duplicates all the same.
        if self._looked_up is not None:
            similarity, _ = self._faces.similarity(self._looked_up, template.values)
            if similarity < SAME_PERSON:
                return not_enrolled(command.request_id, "person_changed")
        consent = Consent(command.consent, self._language, unix_ms(), self._record.id)
        enrolment = Enrolment(self._record.client_reference_id, dict(command.fields), consent, may_replace=False)
        kept = await recognition.enrol(self._record.owner, embedder.name, template.values, enrolment)
        error = "reference_taken" if kept.taken else ""
        return flow.FaceEnrolled(command.request_id, kept.face_id, kept.duplicate_of, error)

    async def _document_face(self) -> Template:
        if self._document is None:
            return Template(None, "no_document", 0)
        template = await self._faces.of_picture(self._document)
        if template.error in ("reference_no_face", "reference_many_faces"):
            return Template(None, "document_no_face", 0)
        return template

    async def _provided_face(self, key: str) -> Template:
        named = self._provided().get(key)
        if not isinstance(named, str) or not named.strip():
            return Template(None, "reference_missing", 0)
        if self._services.images is None:
            return Template(None, "reference_unreachable", 0)
        loaded = await self._services.images.load(self._record, named)
        if loaded.image is None:
            return Template(None, loaded.error, 0)
        return await self._faces.of_picture(loaded.image)

    def _compared(self, a: Template, b: Template) -> Comparison:
        found_a, found_b = (t.values is not None or t.error == "reference_many_faces" for t in (a, b))
        embedder = self._faces.embedder
        if a.values is None or b.values is None or embedder is None:
            return Comparison(None, a.error or b.error, {}, found_a, found_b)
        similarity, distance = self._faces.similarity(a.values, b.values)
        evidence = {
            "similarity": round(similarity, 4),
            "distance": round(distance, 4),
            "embedder": embedder.name,
            "templateFrames": [a.frames, b.frames],
        }
        return Comparison(similarity, "", evidence, found_a, found_b)


def not_identified(request_id: str, outcome: Literal["no_face", "not_checked"], reason: str) -> flow.FaceIdentified:
    """Nobody was looked up."""
    return flow.FaceIdentified(request_id, outcome, reason, "", {}, {})


def not_enrolled(request_id: str, error: str) -> flow.FaceEnrolled:
    """Nothing was kept."""
    return flow.FaceEnrolled(request_id, "", "", error)
