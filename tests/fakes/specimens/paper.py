"""A card or page to draw on: millimetres, a security pattern, two kinds of type, pictures, and bars."""

from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pdf417gen
from PIL import Image, ImageDraw, ImageFont

from rtc_server.weights.cache import locate_default
from vision.ports import RgbImage

Colour = tuple[int, int, int]

DOTS_PER_INCH = 400
PX_PER_MM = DOTS_PER_INCH / 25.4
MRZ_PITCH_MM = 2.54
"""Ten characters an inch, ICAO 9303-3 §4.1."""
MRZ_LINES_MM = 6.35
MRZ_HEIGHT_MM = 2.45
"""Of a capital in OCR-B, size 1."""
INK: Colour = (24, 26, 34)
PALE: Colour = (96, 104, 118)


class Paper:
    """One side of a document. Places are in millimetres from the top left corner."""

    def __init__(self, width_mm: float, height_mm: float, *, seed: int, tint: Colour) -> None:
        self.width_mm, self.height_mm = width_mm, height_mm
        self._picture = Image.fromarray(_guilloche(px(width_mm), px(height_mm), seed, tint))
        self._draw = ImageDraw.Draw(self._picture)

    def write(self, x: float, y: float, text: str, *, size: float, family: str, colour: Colour = INK) -> None:
        """Proportional type with capitals of about ``size`` millimetres whose upper edges are at ``y``."""
        font = _proportional(family, px(size * 1.37))
        self._draw.text((px(x), px(y + size)), text, fill=colour, font=font, anchor="ls")

    def band(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A rectangle of one colour."""
        self._draw.rectangle((px(x), px(y), px(x + width), px(y + height)), fill=colour)

    def picture(self, x: float, y: float, width: float, height: float, image: RgbImage) -> None:
        """A picture that fills a rectangle; what is too wide or too high is cut off on both sides."""
        rows, columns = image.shape[:2]
        wanted = width / height
        if columns > rows * wanted:
            side = round((columns - rows * wanted) / 2)
            image = image[:, side : columns - side]
        else:
            side = round((rows - columns / wanted) / 2)
            image = image[side : rows - side]
        resized = Image.fromarray(np.ascontiguousarray(image)).resize((px(width), px(height)), Image.Resampling.LANCZOS)
        self._picture.paste(resized, (px(x), px(y)))

    def zone(self, lines: tuple[str, ...], *, bottom: float = 6.3) -> None:
        """A machine-readable zone: OCR-B on white, the last line's middle ``bottom`` above the lower edge."""
        top = self.height_mm - bottom - MRZ_LINES_MM * (len(lines) - 1)
        self.band(0, top - 4.5, self.width_mm, self.height_mm, (246, 246, 244))
        font = _ocr_b()
        for row, line in enumerate(lines):
            for column, (left, middle) in enumerate(self._cells(len(line), top + row * MRZ_LINES_MM)):
                at = (left + px(MRZ_PITCH_MM) / 2, middle + px(MRZ_HEIGHT_MM) / 2)
                self._draw.text(at, line[column], fill=INK, font=font, anchor="ms")

    def zone_boxes(
        self, lines: tuple[str, ...], *, bottom: float = 6.3
    ) -> tuple[tuple[float, float, float, float], ...]:
        """(x, y, width, height) of each line of such a zone in shares of the side; each character has an equal part."""
        top = self.height_mm - bottom - MRZ_LINES_MM * (len(lines) - 1)
        boxes = []
        for row, line in enumerate(lines):
            left = (self.width_mm - len(line) * MRZ_PITCH_MM) / 2
            above = top + row * MRZ_LINES_MM - MRZ_HEIGHT_MM * 0.8
            size = len(line) * MRZ_PITCH_MM / self.width_mm, MRZ_HEIGHT_MM * 1.6 / self.height_mm
            boxes.append((left / self.width_mm, above / self.height_mm, *size))
        return tuple(boxes)

    def bars(self, x: float, y: float, width: float, text: str) -> None:
        """A PDF417 symbol on white, as wide as said, at most."""
        codes = pdf417gen.encode(text.encode("latin-1"), columns=13, security_level=5)
        symbol = pdf417gen.render_image(codes, scale=1, ratio=3, padding=2).convert("RGB")
        scale = px(width) // symbol.width
        symbol = symbol.resize((symbol.width * scale, symbol.height * scale), Image.Resampling.NEAREST)
        self._picture.paste(symbol, (px(x), px(y)))

    def image(self) -> RgbImage:
        """What was drawn."""
        return np.asarray(self._picture, np.uint8).copy()

    def _cells(self, count: int, middle: float) -> list[tuple[float, float]]:
        left = (self.width_mm - count * MRZ_PITCH_MM) / 2
        return [((left + column * MRZ_PITCH_MM) * PX_PER_MM, middle * PX_PER_MM) for column in range(count)]


def px(millimetres: float) -> int:
    """Millimetres in whole pixels."""
    return round(millimetres * PX_PER_MM)


def _guilloche(width: int, height: int, seed: int, tint: Colour) -> RgbImage:
    chance = np.random.default_rng([seed, 417])
    x = np.linspace(0, 1, width, dtype=np.float32)
    fade = np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :, None]
    first = np.array(tint, np.float32)
    second = first[[1, 2, 0]] * 0.5 + first * 0.5
    paper = np.broadcast_to(first * (1 - fade) + second * fade, (height, width, 3))
    picture = np.ascontiguousarray(np.clip(paper, 0, 255).astype(np.uint8))
    waves = chance.integers(2, 7, 3)
    for line in range(-6, 46):
        swing = sum(np.sin(2 * np.pi * (wave * x + line / 17 * (index + 1))) for index, wave in enumerate(waves))
        y = (line / 40 + 0.045 * swing) * height
        points = np.stack([x * width, y], axis=1)[:: max(1, width // 300)]
        colour = tuple(int(part) for part in first * chance.uniform(0.86, 0.96))
        cv2.polylines(picture, [np.round(points).astype(np.int32)], False, colour, 2, cv2.LINE_AA)
    return picture


@cache
def _proportional(family: str, size: int) -> ImageFont.FreeTypeFont:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(str(folder / f"{family}.ttf"), size)


@cache
def _ocr_b() -> ImageFont.FreeTypeFont:
    file = str(locate_default().folder / "ocr-b-font" / "OCRB7.ttf")
    wanted = px(MRZ_HEIGHT_MM)
    size = next(size for size in range(wanted, 3 * wanted) if _height(ImageFont.truetype(file, size)) >= wanted)
    return ImageFont.truetype(file, size)


def _height(font: ImageFont.FreeTypeFont) -> float:
    _, top, _, bottom = font.getbbox("H")
    return float(bottom - top)
