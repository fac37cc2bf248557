"""What a document is, by its machine-readable part or, without one, by the words on it (pure).

Names are BlinkID's (contract §4.5); what the codes of a machine-readable zone mean is in ICAO 9303-4 to -7.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from vision.document.mrz.zone import Mrz
from vision.document.writing import plain

ZoneType = Literal[
    "unknown", "identity-card", "passport", "visa", "green-card", "mys-pass-imm13p", "driver-license",
    "internal-travel-document", "border-crossing-card",
]  # fmt: skip
"""``documentType`` of the zone's block (contract §4.5)."""

_WORDS: Mapping[str, tuple[str, ...]] = {
    "residence-permit": (
        "RESIDENCE PERMIT", "AUFENTHALTSTITEL", "TITRE DE SEJOUR", "PERMISO DE RESIDENCIA", "PERMESSO DI SOGGIORNO",
        "VERBLIJFSTITEL", "KARTA POBYTU", "TITULO DE RESIDENCIA", "ВИД НА ЖИТЕЛЬСТВО", "ΑΔΕΙΑ ΔΙΑΜΟΝΗΣ",
    ),
    "dl": (
        "DRIVER LICENSE", "DRIVER'S LICENSE", "DRIVERS LICENSE", "DRIVER LICENCE", "DRIVER'S LICENCE",
        "DRIVING LICENCE", "FUHRERSCHEIN", "PERMIS DE CONDUIRE", "PERMISO DE CONDUCCION", "PATENTE DI GUIDA",
        "CARTA DE CONDUCAO", "RIJBEWIJS", "PRAWO JAZDY", "RIDICSKY PRUKAZ", "VODICSKY PREUKAZ", "VOZACKA DOZVOLA",
        "SURUCU BELGESI", "KOREKORT", "KORKORT", "AJOKORTTI", "PERMIS DE CONDUCERE", "LICENCIA DE CONDUCIR",
        "ВОДИТЕЛЬСКОЕ УДОСТОВЕРЕНИЕ", "ΑΔΕΙΑ ΟΔΗΓΗΣΗΣ",
    ),
    "id": (
        "IDENTITY CARD", "IDENTIFICATION CARD", "PERSONALAUSWEIS", "IDENTITATSKARTE", "CARTE NATIONALE D'IDENTITE",
        "CARTE D'IDENTITE", "DOCUMENTO NACIONAL DE IDENTIDAD", "CARTA D'IDENTITA", "CARTAO DE CIDADAO",
        "IDENTITEITSKAART", "DOWOD OSOBISTY", "OBCANSKY PRUKAZ", "OSOBNA ISKAZNICA", "KIMLIK KARTI",
        "CEDULA DE CIUDADANIA", "CARTE DE IDENTITATE", "ΔΕΛΤΙΟ ΤΑΥΤΟΤΗΤΑΣ",
    ),
    "visa": ("VISA", "VISUM", "VISADO", "VISTO"),
    "passport": ("PASSPORT", "PASSEPORT", "PASAPORTE", "REISEPASS", "PASSAPORTO", "PASSAPORTE", "PASPOORT",
                 "PASZPORT", "CESTOVNI PAS", "PUTOVNICA", "PASAPORT", "ПАСПОРТ", "ΔΙΑΒΑΤΗΡΙΟ"),
}  # fmt: skip
"""Without marks; the narrower kinds first, for a visa or a permit may name the passport to which it belongs."""

_ONE_SIDED = frozenset({"passport", "visa"})


def kind_of_zone(mrz: Mrz) -> str:
    """BlinkID's name of the document that has this zone; empty when its code means nothing."""
    code = mrz.document_code.strip("<").upper()
    if code.startswith("P"):
        return "passport"
    if code.startswith("V"):
        return "visa"
    if mrz.issuer == "USA" and code[:1] == "C":
        return "green-card"
    if code == "IP" and mrz.issuer == "USA":
        return "passport-card"
    if len(code) == 2 and code[0] in "ACI" and code[1] == "R":
        return "residence-permit"
    return "id" if code[:1] in ("A", "C", "I") else ""


def zone_type(mrz: Mrz) -> ZoneType:
    """The same in the words of the zone's block."""
    names: Mapping[str, ZoneType] = {"passport": "passport", "visa": "visa", "green-card": "green-card"}
    kind = kind_of_zone(mrz)
    return names.get(kind, "identity-card" if kind else "unknown")


def kind_of_print(lines: Iterable[str]) -> str:
    """BlinkID's name of the document that bears these words; empty when none tells."""
    texts = [" ".join(["", *re.findall(r"[\w']+", plain(line)), ""]) for line in lines]
    for kind, names in _WORDS.items():
        if any(f" {name} " in text for name in names for text in texts):
            return kind
    return ""


def has_two_sides(kind: str, zone_format: str) -> bool:
    """Whether such a document says on its back what has to be read: cards with a zone of three lines, and cards of
    which nothing is known yet. A driving licence is read from its front, unless it has an AAMVA bar code."""
    if zone_format:
        return zone_format == "TD1"
    if kind in _ONE_SIDED:
        return False
    return kind != "dl"
