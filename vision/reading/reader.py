"""A picture of a document, read: found, straightened, turned upright, and everything on it made into a reading."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np

from vision.document.readings import Barcode, Box, CardFormat, MrzLine, SideReading, Source, TextLine
from vision.document.writing import script_of
from vision.ports import RgbImage
from vision.reading.edges import refined
from vision.reading.mrz_zone import find_zone, is_complete, zone_in_print
from vision.reading.page_finder import count_documents
from vision.reading.portrait import PortraitFinder, cut_out
from vision.reading.ports import BarcodeReader, GlyphReader, PageFinder, Quadrilateral, ReadSide, TextReader
from vision.reading.quality import glare, sharpness
from vision.reading.recapture import portrait_cue, screen_cue
from vision.reading.straighten import Turn, straighten, turn

WHOLE_PX = 1800
"""Long side at which a picture is read in which no document was found, or nothing on it."""
ENOUGH_LINES = 9
"""Lines of print from which a side is taken for one that has been read."""
LOWEST_ZONE = 0.4
"""Share of the side's height: a zone that begins below this stands at the bottom, as ICAO 9303 has it."""
LEGIBLE = 0.75
"""Mean confidence of print below which the side may stand upside down."""

Result = TypeVar("Result")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """A side as far as it has been read."""

    image: RgbImage
    format: CardFormat
    turned: Turn = 0
    zone: tuple[MrzLine, ...] = ()
    codes: tuple[Barcode, ...] = ()
    text: tuple[TextLine, ...] = ()
    portrait: Box | None = None

    @property
    def is_told(self) -> bool:
        """Whether there is a machine-readable part that was not cut off."""
        return is_complete(self.zone) or bool(self.codes)

    @property
    def says_something(self) -> bool:
        """Whether there is anything on it that documents carry, and no sign that it was cut off."""
        return self.is_told or (not self.zone and len(self.text) >= ENOUGH_LINES)

    @property
    def worth(self) -> tuple[bool, int, float]:
        """What two pages are compared by."""
        return self.is_told, len(self.text), sum(line.confidence for line in self.text)


class PictureReader:
    """Reads with what it is given; an engine that is None tells nothing. Keeps nothing between calls."""

    def __init__(
        self,
        finder: PageFinder,
        text: TextReader,
        glyphs: GlyphReader | None,
        barcodes: BarcodeReader | None,
        portraits: PortraitFinder | None,
    ) -> None:
        self._finder = finder
        self._text = text
        self._glyphs = glyphs
        self._barcodes = barcodes
        self._portraits = portraits

    @property
    def engines(self) -> dict[str, str]:
        """Names for reports."""
        named = {"text": self._text, "glyphs": self._glyphs, "barcodes": self._barcodes}
        return {key: engine.name for key, engine in named.items() if engine is not None}

    def read(self, image: RgbImage, number: int, source: Source) -> ReadSide:
        """Everything about one picture. Raises what the text reader raises, without which nothing can be told."""
        outlines = self._finder.find(image)
        page = self._best_page(image, outlines)
        cues = (screen_cue(image), portrait_cue(page.image, page.portrait))
        portrait = cut_out(page.image, page.portrait) if page.portrait is not None else None
        reading = SideReading(
            number=number,
            source=source,
            cards=count_documents(outlines),
            whole=bool(outlines) and outlines[0].whole,
            format=page.format,
            turned=page.turned,
            sharpness=round(sharpness(page.image), 4),
            glare=round(glare(page.image), 4),
            script=script_of(" ".join(line.text for line in page.text)),
            text=page.text,
            mrz=page.zone,
            barcodes=page.codes,
            portrait=page.portrait,
            cues=cues,
        )
        return ReadSide(reading, page.image, portrait)

    def _best_page(self, image: RgbImage, outlines: Sequence[Quadrilateral]) -> _Page:
        """Of the first outline; of the whole picture where that says nothing, or cuts off the machine-readable part."""
        pages = list(_candidates(image, outlines))
        page = self._with_machine_part(pages[0])
        if outlines and not outlines[0].whole and not page.is_told:
            whole = self._with_machine_part(pages[1])
            if whole.is_told:
                return self._with_the_rest(whole)
        read = self._with_the_rest(page)
        if read.says_something or len(pages) == 1:
            return read
        return max(read, self._with_the_rest(self._with_machine_part(pages[1])), key=lambda one: one.worth)

    def _with_machine_part(self, page: _Page) -> _Page:
        """Zone and bar codes. A passport's page or a visa with a zone carries no code that says more; looking for one
        takes as long as the zone."""
        page = self._with_zone(page)
        if page.format == "id3" and is_complete(page.zone):
            return page
        return replace(page, codes=self._codes(page.image))

    def _with_the_rest(self, page: _Page) -> _Page:
        page = page if page.zone else self._upright_by_portrait(page)
        page = self._with_print(page)
        if page.portrait is None:
            page = replace(page, portrait=self._portrait(page.image))
        return page

    def _with_zone(self, page: _Page) -> _Page:
        """A zone says which way is up. On a lying page its lines run across; a passport that lies open with both pages
        has it on its side."""
        turns: tuple[Turn, ...] = (0,) if page.format == "id1" else (0, 90)
        for degrees in turns:
            image = turn(page.image, degrees)
            found = find_zone(image, self._text, self._glyphs)
            if found is not None:
                upright = turn(image, found.turned)
                return replace(page, image=upright, turned=_sum(degrees, found.turned), zone=found.lines)
        return page

    def _upright_by_portrait(self, page: _Page) -> _Page:
        """Faces are found upright alone."""
        for degrees in _TURNS:
            image = turn(page.image, degrees)
            portrait = self._portrait(image)
            if portrait is not None:
                return replace(page, image=image, turned=_sum(page.turned, degrees), portrait=portrait)
        return page

    def _with_print(self, page: _Page) -> _Page:
        """Lines of print; upside down as well, where nothing has told which way is up and little can be read."""
        found = self._lines(page)
        if not page.zone and page.portrait is None and _legibility(found) < LEGIBLE:
            image = turn(page.image, 180)
            other = self._text.read(image)
            if _legibility(other) > _legibility(found):
                page, found = replace(page, image=image, turned=_sum(page.turned, 180)), other
        zone = page.zone or zone_in_print(found)
        text = tuple(line for line in found if not any(_within(line.box, one.box) for one in zone))
        return replace(page, zone=zone, text=text)

    def _lines(self, page: _Page) -> tuple[TextLine, ...]:
        """Lines of print; not below the upper edge of a zone that is known, for its lines take the longest to read."""
        height = page.image.shape[0]
        top = min((line.box.y for line in page.zone), default=1.0)
        if not LOWEST_ZONE <= top < 1.0:
            return self._text.read(page.image)
        share = round(top * height) / height
        above = self._text.read(page.image[: round(top * height)])
        return tuple(
            replace(line, box=replace(line.box, y=line.box.y * share, height=line.box.height * share)) for line in above
        )

    def _codes(self, image: RgbImage) -> tuple[Barcode, ...]:
        reader = self._barcodes
        return _or_else((), reader.read, image) if reader is not None else ()

    def _portrait(self, image: RgbImage) -> Box | None:
        portraits = self._portraits
        return _or_else(None, portraits.find, image) if portraits is not None else None


_TURNS: tuple[Turn, ...] = (0, 180, 90, 270)


def _candidates(image: RgbImage, outlines: Sequence[Quadrilateral]) -> Iterator[_Page]:
    if outlines:
        found = straighten(image, refined(image, outlines[0].corners))
        yield _Page(found.image, found.format)
    scale = min(1.0, WHOLE_PX / max(image.shape[:2]))
    if scale < 1:
        size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    yield _Page(image, "unknown")


def _sum(one: int, other: int) -> Turn:
    whole: Turn = (one + other) % 360  # type: ignore[assignment]  # multiples of 90 stay such
    return whole


def _legibility(lines: Sequence[TextLine]) -> float:
    letters = sum(len(line.text) for line in lines)
    return sum(len(line.text) * line.confidence for line in lines) / letters if letters else 0.0


def _within(line: Box, zone: Box) -> bool:
    """Whether the middle of a line lies in a line of the zone."""
    x, y = line.x + line.width / 2, line.y + line.height / 2
    room = zone.height / 2
    return zone.x - room <= x <= zone.x + zone.width + room and zone.y - room <= y <= zone.y + zone.height + room


def _or_else(default: Result, work: Callable[[RgbImage], Result], image: RgbImage) -> Result:
    """An engine that fails tells nothing; the rest of the page is read all the same."""
    try:
        return work(image)
    except Exception as error:
        logger.warning("reading a document: %s", type(error).__name__)
        return default
