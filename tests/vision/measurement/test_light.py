"""Light and focus of drawn faces."""

import cv2
import numpy as np
import pytest

from tests.vision.measurement.heads import head, picture
from vision.measurement.light import FaceLight, face_light
from vision.ports import FaceMesh, RgbImage


def light(image: RgbImage, face: FaceMesh) -> FaceLight:
    measured = face_light(image, face.points)
    assert measured is not None
    return measured


def scaled(image: RgbImage, face: FaceMesh, factor: float) -> tuple[RgbImage, FaceMesh]:
    small = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8), FaceMesh(
        face.points * np.float32(factor), face.presence, face.blendshapes
    )


def test_sharpness_falls_with_blur_and_only_little_with_size() -> None:
    face = head(eye_distance_px=220, centre=(640, 480))
    image = picture(face, size=(1280, 960))
    sharp = light(image, face).sharpness
    blurred = light(np.asarray(cv2.GaussianBlur(image, (0, 0), 9), dtype=np.uint8), face).sharpness
    assert blurred < sharp / 5
    half = light(*scaled(image, face, 0.5)).sharpness
    assert half == pytest.approx(sharp, rel=0.35)


def test_a_tiny_face_is_not_sharp() -> None:
    face = head(eye_distance_px=220, centre=(640, 480))
    image = picture(face, size=(1280, 960))
    assert light(*scaled(image, face, 0.1)).sharpness < light(image, face).sharpness / 4


def test_brightness_and_contrast_are_of_the_face_not_of_the_wall() -> None:
    face = head()
    dark_wall = light(picture(face, background=20), face)
    bright_wall = light(picture(face, background=230), face)
    assert dark_wall.brightness == pytest.approx(bright_wall.brightness, abs=0.01)
    assert dark_wall.brightness == pytest.approx((0.299 * 180 + 0.587 * 135 + 0.114 * 110) / 255, abs=0.02)
    assert dark_wall.contrast == pytest.approx(12 / 255, rel=0.3)
    assert light(picture(face, grain=30), face).contrast > 2 * dark_wall.contrast


def test_a_window_behind_the_person_is_backlight() -> None:
    face = head()
    assert light(picture(face, skin=(60, 45, 40), background=240), face).backlight > 0.6
    assert light(picture(face, background=20), face).backlight < -0.4


def test_clothes_below_the_chin_are_not_surroundings() -> None:
    face = head()
    image = picture(face)
    chin = int(face.points[:, 1].max())
    image[chin + 2 :] = 255
    assert light(image, face).backlight == pytest.approx(light(picture(face), face).backlight, abs=0.03)


def test_burnt_out_and_black_pixels_are_counted() -> None:
    face = head()
    assert light(picture(face), face).clipped < 0.01
    assert light(picture(face, skin=(255, 255, 255), grain=0.0), face).clipped > 0.9
    assert light(picture(face, skin=(2, 2, 2), grain=0.0), face).clipped > 0.9
    half = picture(face)
    half[:, :320] = 255
    assert light(half, face).clipped == pytest.approx(0.5, abs=0.1)


def test_a_face_that_fills_the_picture_has_no_backlight() -> None:
    face = head(eye_distance_px=330)
    assert light(picture(face, background=255), face).backlight == 0.0


def test_a_face_is_measured_where_it_is_inside() -> None:
    face = head(centre=(-10.0, 240.0))
    assert light(picture(face), face).brightness == pytest.approx(0.55, abs=0.05)
    far_outside = head(centre=(-500.0, 240.0))
    assert face_light(picture(), far_outside.points) is None
    absurd = FaceMesh(head().points * np.float32(1e20), 0.9, head().blendshapes)
    assert face_light(picture(), absurd.points) is None or light(picture(), absurd).clipped <= 1.0
