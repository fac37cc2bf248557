"""How well documents are read: labelled pictures one by one, field by field. What is wrong counts apart from what is
refused, because only the first does harm."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from vision.document.capture.plan import Plan
from vision.document.conclude import conclude
from vision.document.document import CivilDate, Document
from vision.document.evidence import verdict_of
from vision.document.readings import Barcode, Box, MrzLine, SideReading
from vision.evaluation.document_samples import DocumentSample
from vision.evaluation.page import Table, write_page
from vision.evaluation.rates import SELF_TEST, Rate

Result = Literal["exact", "refused", "wrong"]
"""``exact``: taken, with everything that its zone or bar code holds, or all its fields where it has neither; ``wrong``:
a value differs that a check digit vouches for, or that a call would have taken."""

FieldState = Literal["exact", "missing", "misread", "wrong"]
"""``missing``: also when only the print says what the zone or bar code holds; ``misread``: it differs, and nobody would
have relied on it."""

_STATES: tuple[FieldState, ...] = ("exact", "missing", "misread", "wrong")
_RESULTS: tuple[Result, ...] = ("exact", "refused", "wrong")

_WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What came of one document."""

    sample: DocumentSample
    document: Document | None
    """None when a picture could not even be opened."""
    encoded: Mapping[str, str]
    """What its zone or bar code holds."""
    cpu_seconds: float
    """For all its pictures."""

    @property
    def accepted(self) -> bool:
        """Whether a call would take it."""
        return self.document is not None and verdict_of(self.document) == "read"

    @property
    def names(self) -> tuple[str, ...]:
        """Every field that is known."""
        return tuple(dict.fromkeys((*self.encoded, *self.sample.fields)))

    @property
    def whole(self) -> bool:
        """Whether all that decides was read right, taken or not: the zone or bar code; without either, every field."""
        exact = [self.state(name) == "exact" for name in self.encoded or self.sample.fields]
        return bool(exact) and all(exact) and self._zone == self.sample.mrz

    @property
    def result(self) -> Result:
        """One of three. Where there is a zone or bar code, print beside it is told apart and decides nothing."""
        if "wrong" in [self.state(name) for name in self.names]:
            return "wrong"
        if self.accepted and self._zone and self.sample.mrz and self._zone != self.sample.mrz:
            return "wrong"
        return "exact" if self.accepted and self.whole else "refused"

    @property
    def _zone(self) -> tuple[str, ...]:
        return self.document.mrz if self.document is not None else ()

    def state(self, name: str) -> FieldState:
        """Of one field."""
        found = self.document.fields.get(name) if self.document is not None else None
        if found is None:
            return "missing"
        if found.value in (self.encoded.get(name), self.sample.fields.get(name)):
            return "missing" if name in self.encoded and found.origin == "printed" else "exact"
        decides = found.origin != "printed" or not self.encoded
        return "wrong" if found.verified or (self.accepted and decides) else "misread"


@dataclass(frozen=True, slots=True)
class DocumentsReport:
    """What came out."""

    engines: Mapping[str, str]
    results: tuple[DocumentResult, ...]

    def share(self, result: Result, group: str = "") -> Rate:
        """Of the documents of a group; of all without one."""
        judged = [item for item in self.results if not group or item.sample.group == group]
        return Rate(sum(item.result == result for item in judged), len(judged))

    @property
    def read(self) -> Rate:
        """Documents whose zone, bar code or fields were read right, whether or not a call would take them."""
        return Rate(sum(item.whole for item in self.results), len(self.results))

    @property
    def groups(self) -> list[str]:
        """Names of the groups in the order of the manifest."""
        return list(dict.fromkeys(item.sample.group for item in self.results))

    def field_states(self) -> dict[str, dict[FieldState, int]]:
        """Field → state → how often."""
        counted: dict[str, dict[FieldState, int]] = {}
        for item in self.results:
            for name in item.names:
                states = counted.setdefault(name, dict.fromkeys(_STATES, 0))
                states[item.state(name)] += 1
        return counted

    def problems(self) -> dict[str, int]:
        """Why documents were refused: problem → how often it came first."""
        counted: dict[str, int] = {}
        for item in self.results:
            if item.result == "refused":
                counted[_reason(item)] = counted.get(_reason(item), 0) + 1
        return counted

    def cpu_seconds(self, quantile: float) -> float | None:
        """CPU time for each picture; None when none could be opened."""
        opened = [item for item in self.results if item.document is not None]
        times = [item.cpu_seconds / len(item.sample.pictures) for item in opened]
        return float(np.quantile(times, quantile)) if times else None

    def to_json(self) -> dict[str, Any]:
        """For ``json.dumps``."""
        return {
            "note": SELF_TEST,
            "engines": dict(self.engines),
            "documents": self._shares(""),
            "read": self.read.to_json(),
            "groups": {group: self._shares(group) for group in self.groups},
            "fields": self.field_states(),
            "refusedBecause": self.problems(),
            "cpuSecondsPerPicture": {"median": self.cpu_seconds(0.5), "p95": self.cpu_seconds(0.95)},
        }

    def to_text(self) -> str:
        """For a terminal."""
        lines = [f"{name:34}{value}" for name, value in self._figures()]
        lines += ["", f"{'field':34}{'exact':>8}{'missing':>9}{'misread':>9}{'wrong':>7}"]
        lines += [
            f"{name:34}{states['exact']:8}{states['missing']:9}{states['misread']:9}{states['wrong']:7}"
            for name, states in self.field_states().items()
        ]
        return "\n".join([*lines, "", SELF_TEST])

    def to_html(self) -> str:
        """One page."""
        states = [(name, *(str(count) for count in found.values())) for name, found in self.field_states().items()]
        tables = [
            Table("Figures", ("what", "value"), self._figures()),
            Table("Fields", ("field", "exact", "missing", "misread print", "wrong"), states),
        ]
        return write_page("Documents", tables, ())

    def _shares(self, group: str) -> dict[str, Any]:
        return {result: self.share(result, group).to_json() for result in _RESULTS}

    def _figures(self) -> list[tuple[str, str]]:
        lines = [*self.engines.items(), ("read right, taken or not", str(self.read))]
        for group in ("", *self.groups):
            named = f" ({group})" if group else ""
            lines += [(f"{result}{named}", str(self.share(result, group))) for result in ("exact", "wrong")]
        lines += [(f"refused: {problem}", f"{count:4}") for problem, count in self.problems().items()]
        median, p95 = self.cpu_seconds(0.5), self.cpu_seconds(0.95)
        if median is not None and p95 is not None:
            lines.append(("CPU per picture, median", f"{median:6.2f} s, p95 {p95:.2f} s"))
        return lines


def evaluate_documents(
    samples: Sequence[DocumentSample],
    read: Callable[[DocumentSample], tuple[Document | None, float]],
    today: CivilDate,
    engines: Mapping[str, str],
    progress: Callable[[int, int], None],
) -> DocumentsReport:
    """``read`` answers a document and the CPU seconds that it took."""
    results = []
    for done, sample in enumerate(samples, start=1):
        document, seconds = read(sample)
        results.append(DocumentResult(sample, document, encoded_fields(sample, today), seconds))
        progress(done, len(samples))
    return DocumentsReport(engines, tuple(results))


def encoded_fields(sample: DocumentSample, today: CivilDate) -> dict[str, str]:
    """What the zone or bar code of a sample holds, by the names of the report; empty without either."""
    if not (sample.mrz or sample.barcode):
        return {}
    ideal = conclude([_ideal(sample)], evaluation_plan(today))
    return {name: field.value for name, field in ideal.fields.items()}


def evaluation_plan(today: CivilDate) -> Plan:
    """Everything is to be read, whatever it is and however old."""
    return Plan("single", ("any",), allow_expired=True, today=today, limit_seconds=0.0)


def _reason(result: DocumentResult) -> str:
    """Why a document was refused, in one word."""
    if result.document is None:
        return "unreadable_file"
    return result.document.problems[0] if result.document.problems else "incomplete"


def _ideal(sample: DocumentSample) -> SideReading:
    """What a perfect picture would say of the machine-readable parts."""
    zone = tuple(MrzLine(line, 1.0, tuple(((letter, 1.0),) for letter in line), _WHOLE) for line in sample.mrz)
    barcodes = (Barcode("pdf417", sample.barcode, _WHOLE),) if sample.barcode else ()
    return SideReading(
        number=0, source="still", cards=1, whole=True, format="unknown", turned=0, sharpness=1.0, glare=0.0,
        script="unknown", text=(), mrz=zone, barcodes=barcodes, portrait=None, cues=(),
    )  # fmt: skip
