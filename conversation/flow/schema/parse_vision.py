"""Parsers of the nodes that look at the person or at a document."""

from typing import Literal

from conversation.flow.nodes import (
    PROMPT_LIMIT,
    AgeEstimationNode,
    DocumentScanNode,
    FaceCompareNode,
    FaceScanNode,
    FaceSource,
    LivenessNode,
    Node,
    RecognitionNode,
)
from conversation.flow.schema.document_types import COMMON_NAMES, blinkid_type
from conversation.flow.schema.parse_outcomes import read_outcome_map
from conversation.flow.schema.problems import at, kind, shown
from conversation.flow.schema.reader import ID_LIMIT, Reader

_FaceOrigin = Literal["sessionVideo", "faceScan", "documentPhoto", "providedData"]
_FACE_ORIGINS: dict[str, _FaceOrigin] = {
    "sessionVideo": "sessionVideo",
    "faceScan": "faceScan",
    "documentPhoto": "documentPhoto",
    "providedData": "providedData",
}
_SCANNING_MODES: dict[str, Literal["single", "automatic"]] = {
    "single": "single",
    "automatic": "automatic",
    "SINGLE_SIDE": "single",
    "MULTI_SIDE": "automatic",
    "BARCODE": "single",
}
_FACE_SCAN_OLDER_FIELDS = (
    "saveToField", "requireLiveness", "referenceImageSource", "referenceImageUrl", "captureDelay", "detectionInterval",
    "qualityThreshold", "blurThreshold", "minFaceSize", "maxFaceSize", "useWebGL", "maxRetries",
)  # fmt: skip
_FACE_SCAN_OLDER_OUTCOMES = {
    "passed": ("match", "captured"),
    "notPassed": ("noMatch", "noFace"),
}
ADULT_AGE = 18
"""Age that ``age_estimation`` asks for when it names none."""
_DOCUMENT_TYPE_LIMIT = 100


def parse_liveness(reader: Reader) -> Node:
    """Node ``liveness_detection``; a missing ``inconclusive`` goes where ``noFace`` goes (contract §2.4)."""
    outcomes = read_outcome_map(reader, LivenessNode.OUTCOMES, fill={"inconclusive": "noFace"})
    return LivenessNode(reader.node_id, outcomes)


def parse_face_scan(reader: Reader) -> Node:
    """Node ``face_scan``, also in its older form with ``mode`` and outcomes such as ``captured`` and ``noFace``."""
    older = reader.has("mode")
    if older:
        reader.choice("mode", {"capture": "capture", "compare": "compare"})
        reader.kept.pop("mode", None)
    reader.ignore(("mode", *_FACE_SCAN_OLDER_FIELDS), "only an earlier generation of the contract knew them")
    outcomes = read_outcome_map(
        reader,
        FaceScanNode.OUTCOMES,
        older=_FACE_SCAN_OLDER_OUTCOMES if older else None,
        fill={"cancelled": "error", "notPassed": "error"} if older else None,
    )
    return FaceScanNode(
        reader.node_id,
        outcomes,
        reference_image_key=reader.text("referenceImageKey", required=False, limit=ID_LIMIT),
        similarity_threshold=reader.number("similarityThreshold", 0.85, 0, 1),
        capture_instructions=reader.text("captureInstructions", required=False),
        require_liveness_challenge=reader.flag("requireLivenessChallenge"),
        require_ai_liveness_check=reader.flag("requireAILivenessCheck"),
        enable_sound=reader.flag("enableSound", True),
        enable_haptics=reader.flag("enableHaptics", True),
    )


def parse_face_compare(reader: Reader) -> Node:
    """Node ``face_compare``; without sources it compares the document's photo with the session's video."""
    source_a = _face_source(reader, "sourceA", FaceSource("documentPhoto"))
    source_b = _face_source(reader, "sourceB", FaceSource("sessionVideo"))
    return FaceCompareNode(
        reader.node_id,
        read_outcome_map(reader, FaceCompareNode.OUTCOMES),
        source_a,
        source_b,
        reader.number("similarityThreshold", 0.85, 0, 1),
    )


def parse_recognition(reader: Reader) -> Node:
    """Node ``recognition``; ``enroll`` and ``consentPrompt`` are ours."""
    enroll = reader.flag("enroll")
    prompt = reader.text("consentPrompt", required=False, limit=PROMPT_LIMIT)
    if prompt and not enroll:
        reader.refuse("consentPrompt", "required_field", "'consentPrompt' asks for nothing unless 'enroll' is true")
    outcomes = read_outcome_map(reader, RecognitionNode.OUTCOMES)
    return RecognitionNode(reader.node_id, outcomes, enroll, prompt)


def parse_age_estimation(reader: Reader) -> Node:
    """Node ``age_estimation``, which old pages name; a missing ``unclear`` goes where ``failure`` goes."""
    reader.kept["type"] = AgeEstimationNode.type
    age = reader.number("age", ADULT_AGE, 1, 120)
    reader.ignore(("transitions",), "its outcomes tell where to go")
    outcomes = read_outcome_map(reader, AgeEstimationNode.OUTCOMES, fill={"unclear": "failure"})
    return AgeEstimationNode(reader.node_id, outcomes, age)


def parse_document_scan(reader: Reader) -> Node:
    """Node ``document_scan``; ``documentRejected``, ``allowUpload``, ``allowExpired`` and ``readBack`` are ours."""
    return DocumentScanNode(
        reader.node_id,
        read_outcome_map(reader, DocumentScanNode.OUTCOMES),
        reader.choice("scanningMode", _SCANNING_MODES),
        _document_types(reader),
        show_torch_button=reader.flag("showTorchButton", True),
        show_camera_switch=reader.flag("showCameraSwitch", True),
        show_mirror_camera_button=reader.flag("showMirrorCameraButton", True),
        allow_upload=reader.flag("allowUpload", True),
        allow_expired=reader.flag("allowExpired", False),
        read_back=reader.flag("readBack", False),
    )


def _face_source(reader: Reader, field: str, default: FaceSource) -> FaceSource:
    inner = reader.inner(field, required=False)
    if inner is None:
        return default
    source = inner.choice("source", _FACE_ORIGINS)
    key = inner.text("providedDataKey", required=source == "providedData", limit=ID_LIMIT)
    reader.kept[field] = inner.finish()
    return FaceSource(source, key)


def _document_types(reader: Reader) -> tuple[str, ...]:
    field = "allowedDocumentTypes"
    path, value = reader.find(field)
    common = ", ".join(f"'{name}'" for name in COMMON_NAMES)
    if value is None or value == []:
        message = f"'{field}' {'is missing' if value is None else 'is empty'}; name at least one of {common}"
        reader.refuse(field, "required_field", message)
        return ()
    if not isinstance(value, list):
        reader.refuse(field, "field_type", f"'{field}' must be a list, not {kind(value)}")
        return ()
    if len(value) > _DOCUMENT_TYPE_LIMIT:
        reader.refuse(field, "length", f"'{field}' may have {_DOCUMENT_TYPE_LIMIT} entries, not {len(value)}")
        return ()
    names: list[str] = []
    for index, name in enumerate(value):
        if not isinstance(name, str):
            message = f"a document type must be a string, not {kind(name)}"
            reader.notes.refuse(at(path, index), "field_type", message)
        elif blinkid_type(name) is None:
            message = f"unknown document type '{shown(name)}'; use {common} or a name of BlinkID's"
            reader.notes.refuse(at(path, index), "known_value", message)
        else:
            names.append(name)
    reader.kept[field] = list(names)
    return tuple(names)
