"""What is known of one video frame, in numbers: made by ``vision.measurement``, and all that decisions are made from.

Frozen and JSON-able, so that a liveness check can be replayed from its journal without any picture.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FaceView:
    """The face that is being followed, in one frame. Shares are of the frame's width or height."""

    left: float
    top: float
    width: float
    height: float
    """Box of the mesh; may reach outside 0 to 1."""
    eye_distance_px: float
    """Between the outer corners of the eyes, as if the head faced the camera (by the scale of the face); the unit
    of all other lengths of the face."""
    presence: float
    yaw: float
    """Degrees; positive = towards the person's own left."""
    pitch: float
    """Degrees; positive = up."""
    roll: float
    """Degrees; positive = the head leans towards the person's own left shoulder."""
    eye_closure: float
    """Mean of both blink blendshapes, 0 open to 1; compare with the person's own baseline only."""
    smile: float
    """Mean of both smile blendshapes, 0 to 1."""
    jaw_open: float
    """Blendshape, 0 to 1."""
    mouth_opening: float
    """Gap between the inner lips, in eye distances."""
    sharpness: float
    """Variance of the Laplacian of the face scaled to a fixed size; comparable between sizes of face."""
    brightness: float
    """Median luma of the face, 0 to 1."""
    contrast: float
    """Standard deviation of the face's luma, 0 to 1."""
    clipped: float
    """Share of the face that is burnt out or black."""
    backlight: float
    """Median luma beside and above the head less that of the face, -1 to 1; 0 where the face fills the picture."""
    occlusion: float | None
    """Estimated share of the face that something covers; None = not measured."""
    skin: tuple[float, float]
    """Median log(R/G) and log(B/G) of ten patches of skin, for colour-flash responses; (0, 0) where none is usable."""
    motion: float | None
    """Mean movement of the landmarks since the frame before, without translation and scale, in eye distances; None
    without one."""
    parallax: float | None
    """Relief of the face: how far the rigid landmarks are from any plane-to-plane mapping of the first frontal view, in
    eye distances, divided by the sine of the turn. Near 0 for a flat picture, however it is turned; heads have about
    0.18 to 0.35. None while the head has not turned."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One frame."""

    at: float
    """When it was taken from the video, on the session's clock."""
    media_at: float | None
    """Its own timestamp, in seconds since the stream's first frame; None when it has none."""
    width_px: int
    height_px: int
    faces: int
    """How many were found."""
    track: int
    """Number of the face that is followed; another number = another face took its place. 0 = none yet."""
    face: FaceView | None
    """None when no face was found."""
    brightness: float
    """Mean luma of the whole frame, 0 to 1."""
    fingerprint: str
    """64-bit difference hash of the frame as 16 hex digits, to recognise repetitions."""
    difference: float | None
    """Mean absolute luma difference to the frame before, 0 to 1, on a small grid; exactly 0 = repeated frame."""
    texture: float | None = None
    """Bona fide score of the texture model, where it looked at this frame."""
    likeness: float | None = None
    """Similarity of the face to the first good view of this session, where it was compared on this frame."""
