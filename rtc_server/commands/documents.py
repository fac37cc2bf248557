"""The document reader for commands: engines while they are needed, and a document from files of pictures."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

from conversation.speech.pool import ModelPool
from rtc_server.document_engines import build_documents
from rtc_server.session.document.pictures import decode_document
from rtc_server.session.ports import DocumentEngines
from rtc_server.session.vision.picture import PictureError
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from vision.document.capture.plan import Plan
from vision.document.conclude import conclude
from vision.document.document import CivilDate, Document
from vision.document.readings import FIRST_UPLOAD
from vision.reading.ports import DocumentReader, ReadSide


@asynccontextmanager
async def document_engines(settings: Settings) -> AsyncIterator[DocumentEngines]:
    """The engines that the settings choose. Raises SettingsError."""
    pools: list[ModelPool] = []

    def new_pool(name: str, workers: int, backlog: int) -> ModelPool:
        pools.append(ModelPool(name, workers, backlog))
        return pools[-1]

    try:
        engines = await asyncio.to_thread(build_documents, settings, new_pool)
        if engines is None:
            raise SettingsError("documents.reader (VISAVIS_DOCUMENTS_READER) is off, so nothing can be read")
        yield engines
    finally:
        for pool in pools:
            await pool.close()


def read_files(reader: DocumentReader, files: Sequence[Path]) -> tuple[list[ReadSide], float]:
    """(what each picture says, CPU seconds of reading them). Blocks. Raises OSError and ValueError."""
    sides, seconds = [], 0.0
    for number, file in enumerate(files, start=FIRST_UPLOAD):
        try:
            image = decode_document(file.read_bytes())
        except PictureError as error:
            raise ValueError(f"{file}: {error}; give a JPEG, PNG or WebP picture of the document") from error
        began = time.process_time()
        sides.append(reader.read(image, number, "upload"))
        seconds += time.process_time() - began
    return sides, seconds


def document_of(sides: Sequence[ReadSide], plan: Plan) -> Document:
    """What the pictures come to."""
    return conclude([side.reading for side in sides], plan)


def civil_date(day: date) -> CivilDate:
    """The same day as documents write it."""
    return CivilDate(day.year, day.month, day.day)
