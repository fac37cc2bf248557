"""Lines of OCR-B as cameras see them, with the characters that they show."""

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from vision.reading.glyphs import CHARACTERS
from vision.reading.zone_lines import CUT_HEIGHT, MARGIN, ROOM

FONT_PX = 96
LENGTHS = (30, 36, 44)
SPACING = (0.93, 1.3)
"""Pitch by the font's own advance."""
_TYPE_HEIGHT = CUT_HEIGHT / ROOM

Plane = npt.NDArray[np.float32]


class LineDrawer:
    """Draws from one font; the same generator gives the same lines."""

    def __init__(self, font: Path) -> None:
        self._font = ImageFont.truetype(str(font), FONT_PX)
        self._pitch = float(self._font.getlength("N"))
        top, bottom = self._font.getbbox("H")[1], self._font.getbbox("H")[3]
        self._top, self._cap_height = float(top), float(bottom - top)

    def draw(self, random: np.random.Generator) -> tuple[Plane, str]:
        """(grey line as ``cut_line`` would cut it, its text)."""
        count = int(random.choice(LENGTHS))
        text = self._text(random, count)
        page = self._written(text, random)
        return self._seen(page, count, random), text

    def _text(self, random: np.random.Generator, count: int) -> str:
        weights = np.ones(len(CHARACTERS))
        for often in "O0I1S5B8Z2G6QD<":
            weights[CHARACTERS.index(often)] = 2.0
        drawn = random.choice(list(CHARACTERS), size=count, p=weights / weights.sum())
        fillers = int(random.integers(0, count // 2)) if random.random() < 0.3 else 0
        return "".join(drawn[: count - fillers]) + "<" * fillers

    def _written(self, text: str, random: np.random.Generator) -> Plane:
        """Black on white at the font's size, with room around it; spacing and stroke weight vary as printers do. Doc
        9303 sets 2.45 mm high type at 2.54 mm, which is wider than the font's own advance."""
        room, pitch = FONT_PX, self._pitch * float(random.uniform(*SPACING))
        size = (round(pitch * len(text)) + 2 * room, 3 * FONT_PX)
        picture = Image.new("L", size, 255)
        pen = ImageDraw.Draw(picture)
        for place, character in enumerate(text):
            pen.text((room + place * pitch, FONT_PX - self._top), character, font=self._font, fill=0)
        page = np.asarray(picture)
        weight = int(random.integers(-2, 4))
        if weight:
            kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(weight) + 1, abs(weight) + 1))
            page = cv2.erode(page, kernel) if weight > 0 else cv2.dilate(page, kernel)
        return page.astype(np.float32)

    def _seen(self, page: Plane, count: int, random: np.random.Generator) -> Plane:
        """Through a camera: small, soft, grainy, packed; and cut out again as the zone finder does, not exactly."""
        type_px = float(random.uniform(11, 34))
        small = self._small(page, type_px / self._cap_height, random)
        contrast, paper = float(random.uniform(0.35, 1.0)), float(random.uniform(150, 250))
        small = np.asarray(paper - (255 - small) * contrast * paper / 255, np.float32)
        small = self._on_paper(small, random)
        if random.random() < 0.8:
            _, packed = cv2.imencode(
                ".jpg", np.clip(small, 0, 255), [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(45, 96))]
            )
            small = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.float32)
        return self._cut(small, type_px, count, random)

    def _small(self, page: Plane, scale: float, random: np.random.Generator) -> Plane:
        height, width = page.shape
        angle, slant = np.radians(random.normal(0, 0.5)), float(random.normal(0, 0.04))
        stretch = float(random.uniform(0.95, 1.05))
        turn = np.array(((np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))))
        matrix = scale * turn @ np.array(((stretch, slant), (0.0, 1.0)))
        target = np.array((width * scale * stretch / 2, height * scale / 2))
        shift = target - matrix @ np.array((width / 2, height / 2)) + random.uniform(-0.5, 0.5, 2)
        soft = cv2.GaussianBlur(page, (0, 0), 0.45 / scale)
        size = (round(width * scale * stretch), round(height * scale))
        seen = cv2.warpAffine(
            soft, np.column_stack([matrix, shift]), size, flags=cv2.INTER_LINEAR, borderValue=(255.0,)
        )
        blur = float(random.uniform(0.0, 0.09)) * scale * self._cap_height
        return np.asarray(cv2.GaussianBlur(seen, (0, 0), blur) if blur > 0.3 else seen, np.float32)

    def _on_paper(self, small: Plane, random: np.random.Generator) -> Plane:
        height, width = small.shape
        x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
        light = 1 + float(random.uniform(-0.25, 0.25)) * x + float(random.uniform(-0.15, 0.15)) * y
        small = np.asarray(small * light, np.float32)
        for _ in range(int(random.integers(0, 5))):  # fine lines as security prints have them
            waves = np.sin(x * random.uniform(5, 60) + random.uniform(0, 6)) * random.uniform(0.1, 1.0)
            near = np.exp(-(((y - waves) * height / random.uniform(1.0, 3.0)) ** 2))
            small = np.asarray(small - float(random.uniform(5, 40)) * near, np.float32)
        return np.asarray(small + random.normal(0, float(random.uniform(0.5, 9)), small.shape), np.float32)

    def _cut(self, small: Plane, type_px: float, count: int, random: np.random.Generator) -> Plane:
        """To ``CUT_HEIGHT``; height and ends are off by as much as the finder's are."""
        height, width = small.shape
        scale = _TYPE_HEIGHT / type_px * float(random.uniform(0.9, 1.12))
        rows = CUT_HEIGHT / scale
        middle = height * (FONT_PX + self._cap_height / 2) / (3 * FONT_PX) + float(random.normal(0, 0.05)) * type_px
        room = type_px * FONT_PX / self._cap_height
        margin = MARGIN * type_px
        left = room - margin + float(random.normal(0, 0.12)) * type_px
        right = width - room + margin + float(random.normal(0, 0.12)) * type_px
        columns = max(8, round((right - left) * scale))
        map_x = np.linspace(left, right, columns, dtype=np.float32)[None, :].repeat(CUT_HEIGHT, 0)
        down = ((np.arange(CUT_HEIGHT, dtype=np.float32) + 0.5) / CUT_HEIGHT - 0.5) * rows + middle
        map_y = down[:, None].repeat(columns, 1).astype(np.float32)
        done = cv2.remap(small, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.clip(np.asarray(done, np.float32), 0, 255)
