"""What light, a lens and a sensor do to a scene: shade, glare, blur, noise, JPEG."""

import cv2
import numpy as np
import numpy.typing as npt

from vision.ports import RgbImage
from vision.reading.ports import Corners

Picture = npt.NDArray[np.float32]


def uneven_light(scene: Picture, chance: np.random.Generator, amount: float) -> None:
    """Brighter on one side than on the other, and tinted; sometimes with the shadow of somebody's arm."""
    height, width = scene.shape[:2]
    angle = chance.uniform(0, 2 * np.pi)
    along = _ramp(width, height, angle)
    gain = 1 + amount * 0.3 * along
    if chance.uniform() < amount:
        edge = chance.uniform(-0.5, 0.5)
        across = _ramp(width, height, chance.uniform(0, 2 * np.pi))
        gain *= 1 - (0.2 + 0.3 * amount) / (1 + np.exp(np.clip(-25 * (across - edge), -50, 50)))
    scene *= gain[..., None] * (1 + amount * 0.08 * chance.uniform(-1, 1, 3).astype(np.float32))


def glare(scene: Picture, corners: Corners, chance: np.random.Generator, radius: float) -> None:
    """The reflection of a lamp on the page: burnt out in the middle. ``radius`` in widths of the page."""
    height, width = scene.shape[:2]
    share = chance.uniform(0.2, 0.8, 2)
    upper = corners[0] + share[0] * (corners[1] - corners[0])
    lower = corners[3] + share[0] * (corners[2] - corners[3])
    x, y = upper + share[1] * (lower - upper)
    across = float(np.linalg.norm(corners[1] - corners[0]))
    rows, columns = np.ogrid[:height, :width]
    reach = 2 * (radius * across) ** 2
    distance = ((columns - x) / chance.uniform(0.8, 1.6)) ** 2 + (rows - y) ** 2
    scene += (330 * np.exp(-distance / reach)).astype(np.float32)[..., None]


def blurred(scene: Picture, defocus_px: float, motion_px: float, degrees: float) -> Picture:
    """Out of focus, and moved while it was taken."""
    if defocus_px > 0.2:
        scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), defocus_px), np.float32)
    length = round(motion_px)
    if length < 2:
        return scene
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), degrees, 1)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
    return np.asarray(cv2.filter2D(scene, -1, kernel / kernel.sum()), np.float32)


def taken(scene: npt.ArrayLike, chance: np.random.Generator, *, noise: float = 3.0, quality: int = 80) -> RgbImage:
    """Noise of a sensor, in grey levels, and JPEG."""
    values = np.asarray(scene, np.float32)
    noisy = values + chance.standard_normal(values.shape, np.float32) * np.float32(noise)
    bgr = np.clip(noisy, 0, 255).astype(np.uint8)[..., ::-1]
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


def _ramp(width: int, height: int, angle: float) -> Picture:
    """From -1 to 1 across the picture in a direction."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    return np.asarray(x * np.cos(angle) + y * np.sin(angle), np.float32)
