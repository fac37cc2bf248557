"""A face as the tracker measures it, in the middle of a picture: a sample to vary."""

from vision.tracking.observation import FaceView, Observation

FACE = FaceView(
    left=0.3, top=0.2, width=0.4, height=0.6, eye_distance_px=90.0, presence=0.99, yaw=1.0, pitch=2.0, roll=0.0,
    eye_closure=0.1, smile=0.05, jaw_open=0.0, mouth_opening=0.0, sharpness=30.0, brightness=0.5, contrast=0.2,
    clipped=0.0, backlight=0.0, occlusion=None, skin=(0.0, 0.0), motion=None, parallax=None,
)  # fmt: skip
VIEW = Observation(
    at=0.0, media_at=None, width_px=640, height_px=480, faces=1, track=1, face=FACE, brightness=0.5, fingerprint="0",
    difference=None,
)  # fmt: skip
