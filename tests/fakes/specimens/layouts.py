"""Fictional layouts: what stands where on each side. No state's document looks like these."""

from dataclasses import dataclass
from datetime import date

from tests.fakes.specimens.paper import PALE, Colour, Paper
from tests.fakes.specimens.persons import Person
from tests.fakes.specimens.zones import ISSUER_STATE, Kind
from vision.ports import RgbImage

SIZES_MM: dict[Kind, tuple[float, float]] = {
    "passport": (125.0, 88.0),
    "visa": (120.0, 80.0),
    "id-card-2": (105.0, 74.0),
    "id-card": (85.6, 53.98),
    "licence": (85.6, 53.98),
}
TITLES: dict[Kind, str] = {
    "passport": "PASSPORT / PASSEPORT",
    "visa": "VISA / VISA",
    "id-card-2": "IDENTITY CARD / CARTE D'IDENTITE",
    "id-card": "IDENTITY CARD / CARTE D'IDENTITE",
    "licence": "DRIVER LICENSE",
}
STATES = {
    "UTO": "UTOPIA",
    "AUT": "AUSTRIA",
    "FRA": "FRANCE",
    "SWE": "SWEDEN",
    "D<<": "GERMANY",
    "ESP": "SPAIN",
    "NLD": "NETHERLANDS",
}
STATE_NAMES = {"VA": "VIRGINIA", "CA": "CALIFORNIA"}
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
TINTS: tuple[Colour, ...] = ((226, 214, 222), (212, 224, 230), (222, 230, 212), (232, 224, 206))
FAMILIES = ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif")


@dataclass(frozen=True)
class Page:
    """One side that was drawn."""

    image: RgbImage
    portrait: tuple[float, float, float, float] | None = None
    """(x, y, width, height) in shares of the side."""
    mrz: tuple[tuple[float, float, float, float], ...] = ()
    """The same of each line of its machine-readable zone."""


def booklet(kind: Kind, person: Person, lines: tuple[str, ...], portrait: RgbImage, seed: int) -> Page:
    """A passport page, a visa or an ID-2 card: everything on one side."""
    width, height = SIZES_MM[kind]
    paper, family = _paper(kind, seed), FAMILIES[seed % 3]
    scale = width / 125.0
    slot = (5.0 * scale, 14.0 * scale, 31.0 * scale, 40.0 * scale)
    _head(paper, person, kind, family)
    paper.picture(*slot, portrait)
    _fields(paper, _printed(person), x=42 * scale, y=13.5 * scale, step=(height - 42 * scale) / 8, family=family)
    paper.zone(lines)
    return Page(paper.image(), _shares(slot, paper), paper.zone_boxes(lines))


def card_front(person: Person, portrait: RgbImage, seed: int) -> Page:
    """Front of an ID-1 card: portrait and print."""
    paper, family = _paper("id-card", seed), FAMILIES[seed % 3]
    slot = (4.5, 12.0, 25.0, 32.0)
    _head(paper, person, "id-card", family)
    paper.picture(*slot, portrait)
    _fields(paper, _printed(person), x=33, y=9.3, step=5.4, family=family)
    return Page(paper.image(), _shares(slot, paper))


def card_back(person: Person, lines: tuple[str, ...], seed: int) -> Page:
    """Back of an ID-1 card: address and machine-readable zone."""
    paper, family = _paper("id-card", seed + 1), FAMILIES[seed % 3]
    _fields(paper, (("Address / Adresse", f"{person.street}, {person.city}"),), x=5, y=5, step=6, family=family)
    _fields(paper, (("Date of issue / Date de délivrance", _european(person.issue)),), x=5, y=13, step=6, family=family)
    paper.zone(lines)
    return Page(paper.image(), None, paper.zone_boxes(lines))


def licence_front(person: Person, portrait: RgbImage, seed: int) -> Page:
    """Front of a driving licence with the element numbers of the AAMVA standard."""
    paper, family = _paper("licence", seed), FAMILIES[seed % 2]
    slot = (4.0, 11.0, 24.0, 31.0)
    paper.band(0, 0, paper.width_mm, 8, (58, 84, 128))
    paper.write(
        4, 2.6, f"{STATE_NAMES[ISSUER_STATE]}  {TITLES['licence']}", size=2.6, family=family, colour=(250, 250, 250)
    )
    paper.picture(*slot, portrait)
    rows = (
        ("4d DL", person.number),
        ("1", person.last_name_printed),
        ("2", person.first_name_printed),
        ("8", person.street),
        ("", f"{person.city}, {ISSUER_STATE} {person.postcode}"),
        ("3 DOB", _american(person.birth)),
        ("4a ISS", _american(person.issue)),
        ("4b EXP", _american(person.expiry)),
        ("15 SEX", person.sex),
    )
    for row, (label, value) in enumerate(rows):
        paper.write(31, 10.5 + row * 4.6, label, size=1.3, family=family, colour=PALE)
        paper.write(40, 10.2 + row * 4.6, value, size=2.0, family=family)
    return Page(paper.image(), _shares(slot, paper))


def licence_back(text: str, seed: int) -> Page:
    """Back of a driving licence: the PDF417 symbol and small print."""
    paper, family = _paper("licence", seed + 1), FAMILIES[seed % 2]
    paper.band(0, 0, paper.width_mm, 20, (250, 250, 250))
    paper.bars(5, 3, 76, text)
    paper.write(6, 30, "CLASS D: PASSENGER CARS", size=1.6, family=family)
    paper.write(6, 35, "RESTRICTIONS: NONE   ENDORSEMENTS: NONE", size=1.4, family=family, colour=PALE)
    return Page(paper.image())


def _paper(kind: Kind, seed: int) -> Paper:
    width, height = SIZES_MM[kind]
    return Paper(width, height, seed=seed, tint=TINTS[seed % len(TINTS)])


def _head(paper: Paper, person: Person, kind: Kind, family: str) -> None:
    state = STATES.get(person.country, "")
    size = paper.width_mm / 48
    paper.write(5, 3, f"{person.country.strip('<')}  {state}", size=size, family="DejaVuSans-Bold")
    paper.write(paper.width_mm * 0.42, 3.3, TITLES[kind], size=paper.width_mm / 60, family=family, colour=PALE)


def _printed(person: Person) -> tuple[tuple[str, str], ...]:
    last, first = person.last_name_printed, person.first_name_printed
    if person.script != "latin":
        last, first = f"{last} / {person.last_name}", f"{first} / {person.first_name}"
    return (
        ("Surname / Nom", last),
        ("Given names / Prénoms", first),
        ("Document No. / No. du document", person.number),
        ("Nationality / Nationalité", person.country.strip("<")),
        ("Date of birth / Date de naissance", _european(person.birth)),
        ("Sex / Sexe", person.sex),
        ("Date of issue / Date de délivrance", _european(person.issue)),
        ("Date of expiry / Date d'expiration", _european(person.expiry)),
    )


def _fields(paper: Paper, fields: tuple[tuple[str, str], ...], *, x: float, y: float, step: float, family: str) -> None:
    written = "DejaVuSans" if any(not text.isascii() for _, text in fields) else family
    for row, (label, value) in enumerate(fields):
        paper.write(x, y + row * step, label, size=min(1.3, step * 0.24), family="DejaVuSans", colour=PALE)
        paper.write(x, y + row * step + step * 0.38, value, size=min(2.3, step * 0.42), family=written)


def _european(day: date) -> str:
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"


def _american(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def _shares(slot: tuple[float, float, float, float], paper: Paper) -> tuple[float, float, float, float]:
    x, y, width, height = slot
    return (x / paper.width_mm, y / paper.height_mm, width / paper.width_mm, height / paper.height_mm)
