"""Settings of the camera half."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VisionSettings:
    """Seeing."""

    tracker: str = "auto"
    """``mediapipe``, ``litert``, ``auto`` (the first of the two that works here) or ``off`` (nobody looks)."""
    texture: str = "fr-liveness"
    """Passive liveness: ``fr-liveness``, ``off`` or the path of an ONNX file of the same form."""
    embedder: str = "dlib"
    """Face comparison: ``dlib``, ``fr-feature``, ``off`` or the path of an ONNX file in the form of fr-feature."""
    attributes: str = "faceres"
    """Age and sex: ``faceres``, ``off`` or the path of an ONNX file of the same form."""
    threads: int = 2
    """Threads that track and compare, for all sessions together."""
    frames_per_second: float = 15.0
    """Frames looked at while a check runs; fewer when the host is busy, down to a third."""
    idle_frames_per_second: float = 5.0
    """Frames looked at while none runs."""
    check_seconds: float = 60.0
    """Longest time that a check may take."""
    challenges: str = "turn_left,turn_right,blink,smile,closer,read"
    """Which challenges may be drawn, separated by commas."""
    challenge_count: int = 2
    """How many are drawn for a liveness check."""
    flash: bool = True
    """Whether liveness checks also show colours on the screen and look for their reflection."""
    keep_images: bool = False
    """Whether a good picture of each check is kept, encrypted, with the session's media."""
