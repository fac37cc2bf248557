"""Whether a face is placed and lit so that it can be judged, and what is wrong with it, most important first (pure)."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from vision.tracking.observation import FaceView, Observation

Problem = Literal[
    "no_face", "more_faces", "too_dark", "too_bright", "backlit", "covered", "too_far", "too_near", "at_left",
    "at_right", "at_top", "at_bottom", "turned", "tilted", "moving", "blurred", "too_coarse",
]  # fmt: skip
"""``at_left``: of the picture as the camera takes it, which is not mirrored. ``too_coarse``: near, yet of too few
pixels."""

ORDER: tuple[Problem, ...] = (
    "no_face", "more_faces", "too_dark", "too_bright", "backlit", "covered", "too_far", "too_near", "at_left",
    "at_right", "at_top", "at_bottom", "turned", "tilted", "moving", "blurred", "too_coarse",
)  # fmt: skip
"""The most important first: without a face or light nothing else can be told, and place comes before pose."""


@dataclass(frozen=True, slots=True)
class QualityPolicy:
    """What a usable face is. The defaults are for liveness; ``PORTRAIT`` is for pictures that are compared or kept.

    *Measured*: on the clips and photos of docs/seeing.md. *Judgement*: ours, not fitted to anything.
    """

    faces: int = 1
    """Faces in the picture, at most."""
    presence: float = 0.5
    """The tracker's own certainty, 0 to 1. Its own default."""
    eye_distance_px: float = 40.0
    """Between the outer corners of the eyes, at least. Judgement: the texture model's picture of 128 px has as many."""
    smallest_share: float = 0.25
    """Width or height of the face, of that of the frame, whichever is more; at least. Judgement."""
    largest_share: float = 0.90
    """The same, at most. Judgement: the texture model looks at what is around a face."""
    off_centre: float = 0.22
    """Distance of the face's centre from that of the frame, of its width. Judgement."""
    off_middle: float = 0.25
    """The same, of its height. Judgement."""
    outside: float = 0.03
    """Share of the frame by which the face may reach over its edge. Judgement."""
    yaw_degrees: float = 25.0
    """Away from the camera. Judgement; the models were trained on faces that look at it."""
    pitch_degrees: float = 25.0
    roll_degrees: float = 25.0
    sharpness: float = 5.0
    """Variance of the Laplacian at 128 px, at least. Measured: webcams 10 to 130, motion blur below 8."""
    darkest: float = 0.12
    """Median luma of the face, 0 to 1. Judgement: low, as dark skin in good light is at 0.2."""
    brightest: float = 0.88
    """The same, at most. Judgement."""
    contrast: float = 0.03
    """Standard deviation of the face's luma, at least. Judgement: below it the picture is grey in grey."""
    clipped: float = 0.30
    """Share of the face that is burnt out or black. Judgement."""
    backlight: float = 0.35
    """How much brighter the surroundings are, in luma, while the face is in shadow. Measured: 0.5 at a window."""
    shadow: float = 0.25
    """Median luma below which a face counts as in shadow. Judgement."""
    covered: float = 0.20
    """Share of the face, where it is measured. Judgement."""
    motion: float = 0.12
    """Movement of the landmarks from one frame to the next, eye distances. Measured: turning heads reach 0.09."""
    dark_frame: float = 0.06
    """Mean luma of a whole frame in which no face could be seen, 0 to 1. Judgement."""

    def tightened(self, share: float) -> "QualityPolicy":
        """The same with limits that are harder to meet by a share of their value: what is clearly inside."""
        less, more = 1.0 - share, 1.0 + share
        return replace(
            self,
            eye_distance_px=self.eye_distance_px * more,
            smallest_share=self.smallest_share * more,
            largest_share=self.largest_share * less,
            off_centre=self.off_centre * less,
            off_middle=self.off_middle * less,
            outside=self.outside - share / 10,
            yaw_degrees=self.yaw_degrees * less,
            pitch_degrees=self.pitch_degrees * less,
            roll_degrees=self.roll_degrees * less,
            sharpness=self.sharpness * more,
            darkest=self.darkest * more,
            brightest=self.brightest * less,
            contrast=self.contrast * more,
            clipped=self.clipped * less,
            backlight=self.backlight * less,
            shadow=self.shadow * more,
            covered=self.covered * less,
            motion=self.motion * less,
            dark_frame=self.dark_frame * more,
        )


LIVENESS = QualityPolicy()
PORTRAIT = QualityPolicy(
    presence=0.7,
    eye_distance_px=50.0,
    smallest_share=0.28,
    largest_share=0.85,
    yaw_degrees=12.0,
    pitch_degrees=15.0,
    roll_degrees=15.0,
    sharpness=9.0,
    clipped=0.20,
    motion=0.04,
)
"""Frontal, sharp and near: for matching and enrolment. Pitch has more room, as laptops look up at their owner."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What one frame is worth."""

    usable: bool
    """Whether there is no problem."""
    score: float
    """0 to 1, for choosing the best of several frames; 0 without a face."""
    problems: tuple[Problem, ...]
    """The most important first."""


def assess(observation: Observation, policy: QualityPolicy) -> Quality:
    """Hold one frame against a policy."""
    found = _found(observation, policy)
    problems = tuple(problem for problem in ORDER if problem in found)
    return Quality(not problems, 0.0 if observation.face is None else _score(observation.face), problems)


def _found(observation: Observation, policy: QualityPolicy) -> set[Problem]:
    face = observation.face
    if face is None or face.presence < policy.presence:
        # In the dark nobody is seen: light is the better advice.
        return {"too_dark"} if observation.brightness < policy.dark_frame else {"no_face"}
    found: dict[Problem, bool] = {
        "more_faces": observation.faces > policy.faces,
        **_light(face, policy),
        **_place(face, policy),
        "turned": abs(face.yaw) > policy.yaw_degrees or abs(face.pitch) > policy.pitch_degrees,
        "tilted": abs(face.roll) > policy.roll_degrees,
        "moving": face.motion is not None and face.motion > policy.motion,
        "blurred": face.sharpness < policy.sharpness,
    }
    return {problem for problem, there in found.items() if there}


def _light(face: FaceView, policy: QualityPolicy) -> dict[Problem, bool]:
    backlit = face.backlight > policy.backlight and face.brightness < policy.shadow
    clipped = face.clipped > policy.clipped
    dim = face.brightness < 0.5
    dark = face.brightness < policy.darkest or face.contrast < policy.contrast
    return {
        "backlit": backlit,
        "too_dark": not backlit and dim and (dark or clipped),
        "too_bright": not dim and (face.brightness > policy.brightest or clipped or face.contrast < policy.contrast),
        "covered": face.occlusion is not None and face.occlusion > policy.covered,
    }


def _place(face: FaceView, policy: QualityPolicy) -> dict[Problem, bool]:
    x, y = face.left + face.width / 2, face.top + face.height / 2
    share = max(face.width, face.height)
    far, near = share < policy.smallest_share, share > policy.largest_share
    coarse = face.eye_distance_px < policy.eye_distance_px
    right, bottom = face.left + face.width, face.top + face.height
    return {
        "too_far": far or (coarse and share < policy.largest_share * 0.6),
        "too_near": near,
        "too_coarse": coarse and share >= policy.largest_share * 0.6,
        "at_left": x < 0.5 - policy.off_centre or (not near and face.left < -policy.outside),
        "at_right": x > 0.5 + policy.off_centre or (not near and right > 1 + policy.outside),
        "at_top": y < 0.5 - policy.off_middle or (not near and face.top < -policy.outside),
        "at_bottom": y > 0.5 + policy.off_middle or (not near and bottom > 1 + policy.outside),
    }


def _score(face: FaceView) -> float:
    """Geometric mean of how frontal, sharp, large, well lit, still and open-eyed a face is."""
    turned = math.hypot(face.yaw, face.pitch, face.roll / 2)
    parts = (
        max(0.0, 1.0 - turned / 60.0) ** 2,
        face.sharpness / (face.sharpness + 20.0),
        min(1.0, face.eye_distance_px / 100.0),
        max(0.0, 1.0 - abs(face.brightness - 0.5)) * (1.0 - face.clipped),
        1.0 / (1.0 + 20.0 * (face.motion or 0.0)),
        1.0 - 0.5 * face.eye_closure,
    )
    return math.prod(parts) ** (1 / len(parts))
