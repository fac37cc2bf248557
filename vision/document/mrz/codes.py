"""Codes of states and organisations that issue documents: ISO 3166-1 alpha-3 and ICAO Doc 9303-3 §5."""

import iso3166

from vision.document.mrz.layouts import FILLER

ICAO_CODES = frozenset(
    {
        "GBD", "GBN", "GBO", "GBP", "GBS",  # British passports other than those of citizens
        "UNO", "UNA", "UNK",  # United Nations, its agencies, its mission in Kosovo
        "XAA", "XBA", "XCC", "XCE", "XCO", "XDC", "XEC", "XES", "XIM", "XMP", "XOM", "XPO", "XSC",
        "XXA", "XXB", "XXC", "XXX",  # stateless, refugees, unspecified
        "EUE",  # laissez-passer of the European Union
        "RKS", "XKX", "XKK",  # Kosovo, by usage
        "IAO", "WSA",
        "UTO",  # Utopia, of specimens
    }
)  # fmt: skip

_GERMANY = "D"


def state_code(field: str) -> str:
    """A field of three characters as a code of three letters: Germany writes ``D<<`` for ``DEU``."""
    code = field.replace(FILLER, "")
    return "DEU" if code == _GERMANY else code


def state_field(code: str) -> str:
    """The field of three characters for a code."""
    return (_GERMANY if code == "DEU" else code).ljust(3, FILLER)


def is_known_state(code: str) -> bool:
    """Whether it is a code of ISO 3166-1 alpha-3 or of 9303-3 §5."""
    return code in ICAO_CODES or code in iso3166.countries_by_alpha3
