"""Signs that the feed does not come from a camera (injection, ISO/IEC 30107-1 §5.2: outside of PAD, kept apart).

The label of the camera comes from the client, who can give it any name: it raises suspicion and never lowers it.
"""

import re

from vision.liveness.verdict import Cue

VIRTUAL_CAMERAS = (
    "obs", "manycam", "v4l2loopback", "dummy video device", "snap camera", "xsplit", "vcam", "virtual", "droidcam",
    "iriun", "epoccam", "e2esoft", "splitcam", "webcamoid", "akvcam", "camtwist", "sparkocam", "youcam", "fake_device",
    "fake device", "mmhmm", "deepfacelive", "chromacam", "unity", "ndi", ".y4m", ".mjpeg",
)  # fmt: skip
"""Parts of the labels of cameras that are programs: OBS, ManyCam, v4l2loopback, Snap Camera, XSplit, phones as cameras,
Chromium's fake device (which is named after its file)."""

_PATTERN = re.compile(
    "|".join(("(?<![a-z])" if name[0].isalpha() else "") + re.escape(name) for name in VIRTUAL_CAMERAS)
)


def camera_cue(labels: tuple[str, ...]) -> Cue:
    """What the names of the cameras say; the browser hides them until the camera may be used."""
    named = [label for label in labels if label.strip()]
    if not named:
        return Cue("injection_camera", "not_checked", None, "the browser does not name the camera")
    if any(_PATTERN.search(label.casefold()) for label in named):
        return Cue("injection_camera", "against", 1.0, "the camera is called like a program that feeds in video")
    return Cue("injection_camera", "neutral", 0.0, "the camera is called like a device")
