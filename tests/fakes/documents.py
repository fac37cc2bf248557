"""Documents before a camera without cameras, cards or models: a desk, on which a test lays one side or another.

Everything behind the ports is real: guidance, the capture machine, zones and check digits, merging, the report.
"""

import asyncio
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Literal

import av
import cv2
import numpy as np

from rtc_server.session.document.settings import DocumentSettings
from rtc_server.session.ports import DocumentEngines
from tests.fakes.peer import FakePeer
from tests.fakes.specimens.persons import Person, draw_person
from tests.fakes.specimens.zones import Kind, mrz_lines
from tests.fakes.vision import run_on_thread
from vision.document.capture.frame import DocumentFrame
from vision.document.readings import Box, MrzLine, SideReading, Source, TextLine
from vision.ports import RgbImage
from vision.reading.ports import ReadSide

Side = Literal["front", "back"]

WIDTH, HEIGHT = 1280, 720
FRAMES_PER_SECOND = 15
WHOLE = Box(0.0, 0.0, 1.0, 1.0)
CORNERS = (0.2, 0.2, 0.8, 0.2, 0.8, 0.8, 0.2, 0.8)
FINGERPRINTS = {"front": 0x0F0F0F0F0F0F0F0F, "back": 0x70F0F0F0F0F0F0F0}


@dataclass
class Desk:
    """What lies before the camera, and what the engines make of it. Fields may be changed at any time."""

    kind: Kind = "passport"
    side: Side | None = "front"
    """None: nothing lies there."""
    seed: int = 1
    expired: bool = False
    sharpness: float = 0.8
    wrong_digit: bool = False
    portrait: RgbImage | None = field(default_factory=lambda: np.full((360, 300, 3), 90, np.uint8))
    """Cut out of the front; None: nobody finds one."""
    meter_error: Exception | None = None
    reader_error: Exception | None = None
    hold_reader: threading.Event = field(default_factory=threading.Event)
    """Set: reading goes on at once."""
    measured: int = 0
    read: list[tuple[int, Source, tuple[int, ...]]] = field(default_factory=list)
    """Number, source and shape of each picture that was read."""
    settings: DocumentSettings = field(default_factory=lambda: DocumentSettings(frames_per_second=20.0))

    def __post_init__(self) -> None:
        self.hold_reader.set()

    @property
    def person(self) -> Person:
        """Whose document it is."""
        return draw_person(self.seed, today=date.today(), country="UTO", expired=self.expired)

    def engines(self) -> DocumentEngines:
        return DocumentEngines(lambda: FakeMeter(self), run_on_thread, FakeReader(self), run_on_thread, self.settings)

    def reading(self, number: int, source: Source) -> SideReading:
        """What a reader says of the side that lies there."""
        person, lines = self.person, mrz_lines(self.kind, self.person)
        if self.wrong_digit:
            row, number_place = (0, 5) if self.kind == "id-card" else (1, 0)
            wrong = lines[row][:number_place] + "7654321<<" + lines[row][number_place + 9 :]
            lines = (*lines[:row], wrong, *lines[row + 1 :])
        on_back = self.kind == "id-card"
        empty = SideReading(
            number=number,
            source=source,
            cards=0,
            whole=True,
            format="unknown",
            turned=0,
            sharpness=0.9,
            glare=0.0,
            script="unknown",
            text=(),
            mrz=(),
            barcodes=(),
            portrait=None,
            cues=(),
        )
        if self.side is None:
            return empty
        printed = _lines(person.last_name, person.first_name, person.number, "UTOPIA")
        zone = tuple(MrzLine(line, 0.98, (), WHOLE) for line in lines)
        shown = replace(empty, cards=1, format="id1" if on_back else "id3", script="latin")
        if self.side == "front":
            portrait = Box(0.1, 0.2, 0.25, 0.5) if self.portrait is not None else None
            return replace(shown, text=printed, portrait=portrait, mrz=() if on_back else zone)
        return replace(shown, text=_lines(person.street, person.city, "BACK OF A CARD"), mrz=zone if on_back else ())


def _lines(*texts: str) -> tuple[TextLine, ...]:
    return tuple(TextLine(text, 0.95, Box(0.4, 0.1 * row, 0.5, 0.08)) for row, text in enumerate(texts))


@dataclass
class FakeMeter:
    """``DocumentMeter`` that is told where the document lies."""

    desk: Desk

    def measure(self, image: RgbImage, at: float) -> DocumentFrame:
        desk = self.desk
        if desk.meter_error is not None:
            raise desk.meter_error
        desk.measured += 1
        there = desk.side is not None
        return DocumentFrame(
            at=at,
            corners=CORNERS if there else (),
            cards=int(there),
            whole=there,
            coverage=0.36 if there else 0.0,
            aspect=1.42 if there else 0.0,
            sharpness=desk.sharpness,
            glare=0.0,
            brightness=0.5,
            shadow=0.1,
            motion=0.0,
            fingerprint=FINGERPRINTS[desk.side] if desk.side is not None else 0,
        )


@dataclass
class FakeReader:
    """``DocumentReader`` that reads what lies on the desk, whatever the picture shows."""

    desk: Desk

    @property
    def engines(self) -> dict[str, str]:
        return {"text": "fake-text", "glyphs": "fake-glyphs", "barcodes": "fake-barcodes"}

    def read(self, image: RgbImage, number: int, source: Source) -> ReadSide:
        desk = self.desk
        desk.read.append((number, source, image.shape))
        if not desk.hold_reader.wait(10.0):
            raise TimeoutError("the test held the reader for too long")
        if desk.reader_error is not None:
            raise desk.reader_error
        reading = desk.reading(number, source)
        page = cv2.resize(image, (640, 450))
        return ReadSide(reading, np.asarray(page, np.uint8), desk.portrait if reading.portrait is not None else None)


class DocumentCamera:
    """Puts frames of a desk into a peer's mailbox until it is closed."""

    def __init__(self, peer: FakePeer, picture: Callable[[], RgbImage] | None = None) -> None:
        self._frames = peer.frames
        self._picture = picture or (lambda: np.full((HEIGHT, WIDTH, 3), 120, np.uint8))
        self._task = asyncio.create_task(self._film(), name="fake-document-camera")

    def close(self) -> None:
        """Pull the plug."""
        self._task.cancel()

    async def _film(self) -> None:
        loop, count = asyncio.get_running_loop(), 0
        while True:
            frame = av.VideoFrame.from_ndarray(self._picture(), format="rgb24")
            frame.pts, frame.time_base = count * 90_000 // FRAMES_PER_SECOND, Fraction(1, 90_000)
            count += 1
            self._frames.put(frame, now=loop.time())
            await asyncio.sleep(1 / FRAMES_PER_SECOND)


_TAKES = itertools.count()


def still(width: int = 1600, height: int = 1200) -> bytes:
    """A PNG file, as a page sends one; no two are alike."""
    picture = np.full((height, width, 3), 120, np.uint8)
    take = next(_TAKES) % 4096
    picture[:8, :8] = (16 * (take % 16), 16 * (take // 16 % 16), 16 * (take // 256))
    done, data = cv2.imencode(".png", picture)
    assert done
    return bytes(data)
