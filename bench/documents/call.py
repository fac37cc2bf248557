"""One specimen, shown as a person would show it in a call: side by side, again when it is asked for again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fakes.specimens.specimen import Specimen
from vision.document.capture.judgement import Judgement, judge
from vision.document.capture.plan import Plan
from vision.document.conclude import conclude
from vision.document.document import CivilDate, Document
from vision.document.readings import SideReading
from vision.evaluation.document_samples import DocumentSample
from vision.evaluation.documents import DocumentResult
from vision.ports import RgbImage
from vision.reading.ports import DocumentReader

Photograph = Callable[[RgbImage, int], RgbImage]
"""(side, number of the picture) to the picture that a camera takes of it."""


@dataclass
class Call:
    """What came of a specimen."""

    specimen: Specimen
    document: Document
    pictures: list[RgbImage] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    """Of each picture."""

    @property
    def judged(self) -> DocumentResult:
        """Against what stands on it."""
        truth = self.specimen.truth
        beside = {name: value for name, value in self.specimen.printed.items() if name not in truth}
        sample = DocumentSample((), self.specimen.kind, self.specimen.mrz, self.specimen.barcode, beside)
        return DocumentResult(sample, self.document, truth, sum(self.cpu_seconds))


def show(specimen: Specimen, photograph: Photograph, reader: DocumentReader, today: CivilDate, tries: int) -> Call:
    """The sides in their order, each at most ``tries`` times."""
    plan = Plan("automatic", ("any",), allow_expired=False, today=today, limit_seconds=0.0)
    call = Call(specimen, conclude([], plan))
    kept: list[SideReading] = []
    for accepted, side in enumerate(specimen.sides.values()):
        for _ in range(tries):
            judgement = _picture(call, photograph(side, len(call.pictures)), reader, kept, plan, accepted)
            if judgement.result in ("side", "complete"):
                break
        else:
            return call
    return call


def _picture(
    call: Call, picture: RgbImage, reader: DocumentReader, kept: list[SideReading], plan: Plan, accepted: int
) -> Judgement:
    number = len(call.pictures)
    call.pictures.append(picture)
    began = time.process_time()
    reading = reader.read(picture, number, "still").reading
    judgement = judge(kept, reading, plan, accepted)
    call.cpu_seconds.append(time.process_time() - began)
    call.document = judgement.document or call.document
    if judgement.result == "refused" and not judgement.keep_for_vote:
        kept.clear()
    elif judgement.keep:
        kept.append(reading)
    return judgement
