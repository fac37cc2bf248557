"""Nodes that look at the person or at a document."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from conversation.flow.nodes.outcomes import FixedOutcomes, OutcomeKey, required_keys


@dataclass(frozen=True, slots=True)
class LivenessNode(FixedOutcomes):
    """Presentation attack detection (ISO/IEC 30107-3) on the running video."""

    type: ClassVar[str] = "liveness_detection"
    OUTCOMES: ClassVar = (
        OutcomeKey("livenessDetected"),
        OutcomeKey("deepfakeDetected", ("deepfaceDetected",)),
        OutcomeKey("noFace"),
        OutcomeKey("inconclusive", required=False),
        OutcomeKey("captureUnavailable", required=False),
    )
    id: str
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FaceScanNode(FixedOutcomes):
    """Captures the face and, with a reference, verifies it 1:1."""

    type: ClassVar[str] = "face_scan"
    OUTCOMES: ClassVar = (
        *required_keys("passed", "notPassed"),
        OutcomeKey("cancelled", ("canceled",)),
        OutcomeKey("error"),
    )
    id: str
    outcomes: Mapping[str, str]
    reference_image_key: str = ""
    """Key in the provided data that holds the reference image; empty = none."""
    similarity_threshold: float = 0.85
    capture_instructions: str = ""
    require_liveness_challenge: bool = False
    require_ai_liveness_check: bool = False
    enable_sound: bool = True
    enable_haptics: bool = True


@dataclass(frozen=True, slots=True)
class FaceSource:
    """Where a face of a comparison comes from."""

    source: Literal["sessionVideo", "faceScan", "documentPhoto", "providedData"]
    provided_data_key: str = ""


@dataclass(frozen=True, slots=True)
class FaceCompareNode(FixedOutcomes):
    """Compares two faces that are at hand; captures nothing."""

    type: ClassVar[str] = "face_compare"
    OUTCOMES: ClassVar = (*required_keys("match", "noMatch"), OutcomeKey("imageUnavailable", ("error",)))
    id: str
    outcomes: Mapping[str, str]
    source_a: FaceSource = FaceSource("documentPhoto")
    source_b: FaceSource = FaceSource("sessionVideo")
    similarity_threshold: float = 0.85


@dataclass(frozen=True, slots=True)
class RecognitionNode(FixedOutcomes):
    """Identification (1:N) among the tenant's enrolled faces."""

    type: ClassVar[str] = "recognition"
    OUTCOMES: ClassVar = required_keys("recognized", "newUser", "noFace")
    id: str
    outcomes: Mapping[str, str]
    enroll: bool = False
    """Whether a new person is asked for consent, and enrolled when they give it."""
    consent_prompt: str = ""
    """The question for consent; empty = ours."""


@dataclass(frozen=True, slots=True)
class AgeEstimationNode(FixedOutcomes):
    """Liveness, then the person's apparent age as a range against a limit (contract §3.3, docs-only type)."""

    type: ClassVar[str] = "age_estimation"
    OUTCOMES: ClassVar = (*required_keys("success", "failure"), OutcomeKey("unclear", required=False))
    id: str
    outcomes: Mapping[str, str]
    age: int = 18
    """Years. ``success``: the whole range lies at or above it; ``failure``: below; ``unclear``: it lies within."""


@dataclass(frozen=True, slots=True)
class DocumentScanNode(FixedOutcomes):
    """Captures and reads an identity document."""

    type: ClassVar[str] = "document_scan"
    OUTCOMES: ClassVar = (
        OutcomeKey("scanSuccess"),
        OutcomeKey("userCancelled", ("userCanceled",)),
        OutcomeKey("scanTimeout"),
        OutcomeKey("documentRejected", required=False),
    )
    id: str
    outcomes: Mapping[str, str]
    scanning_mode: Literal["single", "automatic"]
    allowed_document_types: tuple[str, ...]
    """As the author spelled them."""
    show_torch_button: bool = True
    show_camera_switch: bool = True
    show_mirror_camera_button: bool = True
    allow_upload: bool = True
    """Whether the person may choose a file instead of holding the document before the camera."""
    allow_expired: bool = False
    read_back: bool = False
    """Whether the avatar reads name and date of birth back and lets the person correct them."""


VisionNode = LivenessNode | FaceScanNode | FaceCompareNode | RecognitionNode | AgeEstimationNode | DocumentScanNode
