"""Everything that the pictures of a document say, before it is judged (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from vision.document.aamva.issuers import printed_issuer
from vision.document.aamva.licence import Licence
from vision.document.aamva.parse import AamvaError, parse_aamva
from vision.document.classify import has_two_sides, kind_of_print, kind_of_zone
from vision.document.consistency import SURE, Print, compare, confirms, is_disputed
from vision.document.countries import country, printed_country
from vision.document.document import CivilDate, Field, Match
from vision.document.machine_parts import MachinePart, licence_part, zone_part
from vision.document.merge import merge
from vision.document.mrz.resolve import MrzResult, resolve
from vision.document.readings import Box, SideReading
from vision.document.sides import Side, sides_of, zone_lines
from vision.document.visual_zone import numbering_of
from vision.document.votes import print_of
from vision.document.writing import words

NORTH_AMERICA = frozenset({"USA", "CAN"})
"""Countries whose licences and cards follow the AAMVA standard."""

_HEAD = 0.3
"""Height from the top within which a card names its state."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read, and what follows from it without any rule of what may be taken."""

    readings: tuple[SideReading, ...]
    sides: tuple[Side, ...]
    zone: MrzResult
    licences: tuple[Licence, ...]
    """Bar codes of different contents, in the order in which they were seen."""
    parts: tuple[MachinePart, ...]
    print_: Print
    matches: tuple[Match, ...]
    fields: dict[str, Field]
    kind: str
    country: str
    """Empty when it is not known."""
    region: str
    aamva_print: bool
    """Whether a side is printed by the AAMVA standard, be its issuer known or not."""
    contradictory: bool
    """Whether two pictures surely show two documents."""

    @property
    def two_sided(self) -> bool:
        """Whether such a document has to be turned over."""
        zone = self.zone.mrz
        if zone is None and any(len(zone_lines(reading)) == 3 for reading in self.readings):
            return True
        if zone is None and self.follows_aamva:
            return True
        return has_two_sides(self.kind, zone.format if zone is not None else "")

    @property
    def follows_aamva(self) -> bool:
        """Whether it should have a bar code by the AAMVA standard."""
        return self.aamva_print or (self.kind in ("dl", "id") and self.country in NORTH_AMERICA)

    @property
    def clearly_read(self) -> bool:
        """Whether a verified zone leaves no doubt about what its check digits do not cover; the print may settle it."""
        if self.zone.state != "verified":
            return True
        if any(is_disputed(match, self.parts, self.print_) for match in self.matches):
            return False
        agreed = {match.field for match in self.matches if confirms(match)}
        return not {"issuer", "document_code"} & set(self.zone.unsure) and (
            "names" not in self.zone.unsure or {"lastName", "firstName"} <= agreed
        )

    @property
    def confirmed(self) -> bool:
        """Whether name, number and date of birth count, be it by print that two pictures read the same."""
        named = bool({"lastName", "fullName"} & self.fields.keys())
        return named and {"documentNumber", "dateOfBirth"} <= self.fields.keys()


def gather(readings: Sequence[SideReading], today: CivilDate) -> Findings:
    """Take all pictures of a scan together."""
    sides = sides_of(readings)
    zone = _zone(readings, today)
    licences = _licences(readings)
    parts = _parts(sides, zone, licences)
    print_ = _print(sides, today)
    kind, issuer, region = _class(zone, licences, sides, print_)
    matches = compare(parts, print_)
    return Findings(
        readings=tuple(readings),
        sides=sides,
        zone=zone,
        licences=licences,
        parts=parts,
        print_=print_,
        matches=matches,
        fields=merge(parts, matches, print_, us_dates=issuer == "USA"),
        kind=kind,
        country=issuer,
        region=region,
        aamva_print=any(numbering_of(reading.text) == "aamva" for reading in readings),
        contradictory=_contradict(readings, zone, licences, today),
    )


def _zone(readings: Sequence[SideReading], today: CivilDate) -> MrzResult:
    printed = [line.text for reading in readings for line in reading.text]
    return resolve([lines for reading in readings if (lines := zone_lines(reading))], printed, today)


def _licences(readings: Sequence[SideReading]) -> tuple[Licence, ...]:
    found: dict[Licence, None] = {}
    for content in (code.content for reading in readings for code in reading.barcodes):
        try:
            found[parse_aamva(content)] = None
        except AamvaError:
            continue  # another kind of code; whether one is missing is judged later
    return tuple(found)


def _parts(sides: Sequence[Side], zone: MrzResult, licences: Sequence[Licence]) -> tuple[MachinePart, ...]:
    parts: list[MachinePart] = []
    if zone.mrz is not None and zone.state == "verified":
        parts.append(zone_part(zone.mrz, {*zone.unsure, *zone.unknown}, *_place_of_zone(sides)))
    if licences:
        parts.append(licence_part(licences[0], *_place_of_barcode(sides)))
    return tuple(parts)


def _place_of_zone(sides: Sequence[Side]) -> tuple[int, Box | None]:
    for index, side in enumerate(sides):
        for reading in side.readings:
            if lines := zone_lines(reading):
                return index, lines[0].box
    return 0, None


def _place_of_barcode(sides: Sequence[Side]) -> tuple[int, Box | None]:
    for index, side in enumerate(sides):
        for reading in side.readings:
            if reading.barcodes:
                return index, reading.barcodes[0].box
    return 0, None


def _print(sides: Sequence[Side], today: CivilDate) -> Print:
    lines = [line for side in sides for reading in side.readings for line in reading.text]
    sure = tuple(line.text for line in lines if line.confidence >= SURE)
    latin = {index for index, side in enumerate(sides) if all(one.script == "latin" for one in side.readings)}
    return Print(print_of(sides), tuple(line.text for line in lines), sure, frozenset(latin), today)


def _class(zone: MrzResult, licences: Sequence[Licence], sides: Sequence[Side], print_: Print) -> tuple[str, str, str]:
    """Kind, country and region: by the zone, else by the bar code, else by the words on the document."""
    if zone.mrz is not None and zone.state == "verified":
        known = country(zone.mrz.issuer)
        return kind_of_zone(zone.mrz), known.code if known else "", ""
    if licences:
        return licences[0].kind, licences[0].country, licences[0].jurisdiction
    numberings = {numbering_of(reading.text) for side in sides for reading in side.readings} - {"none"}
    kind = kind_of_print(print_.lines) or ("dl" if numberings else "")
    if "aamva" in numberings:
        issued_by = printed_issuer(" ".join(words(line) for line in _head_lines(sides)))
        return (kind, issued_by.country, issued_by.jurisdiction) if issued_by is not None else (kind, "", "")
    return kind, printed_country(_head_lines(sides)), ""


def _head_lines(sides: Sequence[Side]) -> list[str]:
    lines = (line for side in sides for reading in side.readings for line in reading.text)
    return [line.text for line in lines if line.box.y < _HEAD]


def _contradict(
    readings: Sequence[SideReading], zone: MrzResult, licences: Sequence[Licence], today: CivilDate
) -> bool:
    """Names have no check digit, so zones are told apart by number and dates alone."""
    if len({(licence.document_number, licence.date_of_birth) for licence in licences}) > 1:
        return True
    pictures = [lines for reading in readings if (lines := zone_lines(reading))]
    if len(pictures) < 2:
        return False
    singly = [result.mrz for lines in pictures if (result := resolve([lines], (), today)).state == "verified"]
    identities = {(mrz.document_number, mrz.date_of_birth, mrz.date_of_expiry) for mrz in singly if mrz is not None}
    return len(identities) > 1
