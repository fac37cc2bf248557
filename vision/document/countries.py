"""Issuing states: their names, numbers and BlinkID's way of writing them; and which one a print names (pure)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import iso3166

from vision.document.writing import plain, words

_EXTRAS: Mapping[str, str] = {
    "D": "Germany",
    "EUE": "European Union",
    "GBD": "United Kingdom (Overseas Territories Citizen)",
    "GBN": "United Kingdom (National Overseas)",
    "GBO": "United Kingdom (Overseas Citizen)",
    "GBP": "United Kingdom (Protected Person)",
    "GBS": "United Kingdom (Subject)",
    "IAO": "International Civil Aviation Organization",
    "RKS": "Kosovo",
    "UNK": "Kosovo (United Nations Interim Administration)",
    "UNO": "United Nations",
    "UNA": "United Nations Specialized Agency",
    "UTO": "Utopia",
    "WSA": "World Service Authority",
    "XAA": "African Export-Import Bank",
    "XBA": "African Development Bank",
    "XCC": "Caribbean Community",
    "XCE": "Council of Europe",
    "XCO": "Common Market for Eastern and Southern Africa",
    "XDC": "Southern African Development Community",
    "XEC": "Economic Community of West African States",
    "XES": "Organization of Eastern Caribbean States",
    "XIM": "African Export-Import Bank (former code)",
    "XKK": "Kosovo",
    "XKX": "Kosovo",
    "XMP": "Parliamentary Assembly of the Mediterranean",
    "XOM": "Sovereign Military Order of Malta",
    "XPO": "Interpol",
    "XSC": "Common Market of the South",
    "XXA": "Stateless person",
    "XXB": "Refugee (1951 Convention)",
    "XXC": "Refugee",
    "XXX": "Unspecified nationality",
}
"""Codes of ICAO 9303-3 §5 that ISO 3166-1 does not have."""
_SHORT_NAMES: Mapping[str, str] = {
    "BOL": "Bolivia",
    "COD": "Democratic Republic of the Congo",
    "CZE": "Czech Republic",
    "GBR": "United Kingdom",
    "IRN": "Iran",
    "KOR": "South Korea",
    "LAO": "Laos",
    "MDA": "Moldova",
    "NLD": "Netherlands",
    "PRK": "North Korea",
    "RUS": "Russia",
    "SYR": "Syria",
    "TWN": "Taiwan",
    "TZA": "Tanzania",
    "USA": "United States",
    "VEN": "Venezuela",
    "VNM": "Vietnam",
}
"""What people call a state whose name in ISO 3166 is longer."""
_BLINKID = {"USA": "usa", "GBR": "uk", "ARE": "uae"}
_OWN_NAMES: Mapping[str, tuple[str, ...]] = {
    "AUT": ("OSTERREICH",),
    "BEL": ("BELGIQUE", "BELGIE", "BELGIEN"),
    "BGR": ("БЪЛГАРИЯ",),
    "BRA": ("BRASIL",),
    "CHE": ("SCHWEIZ", "SUISSE", "SVIZZERA"),
    "CZE": ("CESKA REPUBLIKA",),
    "DEU": ("BUNDESREPUBLIK DEUTSCHLAND", "DEUTSCHLAND"),
    "DNK": ("DANMARK",),
    "EGY": ("ARAB REPUBLIC OF EGYPT",),
    "ESP": ("ESPANA", "REINO DE ESPANA"),
    "EST": ("EESTI",),
    "FIN": ("SUOMI",),
    "FRA": ("REPUBLIQUE FRANCAISE",),
    "GBR": ("UNITED KINGDOM", "GREAT BRITAIN", "DVLA"),
    "GRC": ("ΕΛΛΗΝΙΚΗ ΔΗΜΟΚΡΑΤΙΑ", "HELLENIC REPUBLIC"),
    "HRV": ("REPUBLIKA HRVATSKA", "HRVATSKA"),
    "HUN": ("MAGYARORSZAG", "MAGYAR KOZTARSASAG"),
    "ITA": ("REPUBBLICA ITALIANA", "ITALIA"),
    "LTU": ("LIETUVOS RESPUBLIKA",),
    "LVA": ("LATVIJAS REPUBLIKA", "LATVIJA"),
    "MEX": ("ESTADOS UNIDOS MEXICANOS",),
    "NLD": ("KONINKRIJK DER NEDERLANDEN", "NEDERLAND"),
    "NOR": ("NORGE", "NOREG"),
    "POL": ("RZECZPOSPOLITA POLSKA", "POLSKA"),
    "PRT": ("REPUBLICA PORTUGUESA",),
    "ROU": ("ROMANIA", "ROUMANIE"),
    "RUS": ("РОССИЙСКАЯ ФЕДЕРАЦИЯ", "RUSSIAN FEDERATION"),
    "SRB": ("REPUBLIKA SRBIJA", "РЕПУБЛИКА СРБИЈА"),
    "SVK": ("SLOVENSKA REPUBLIKA",),
    "SVN": ("REPUBLIKA SLOVENIJA",),
    "SWE": ("SVERIGE",),
    "TUR": ("TURKIYE CUMHURIYETI", "TURKIYE"),
    "UKR": ("УКРАЇНА",),
    "USA": ("UNITED STATES OF AMERICA",),
}
"""Names that documents print beside, or instead of, the English one; without marks."""


@dataclass(frozen=True, slots=True)
class Country:
    """A state or organisation that issues documents."""

    code: str
    """ISO 3166-1 alpha-3, or ICAO's."""
    name: str
    blinkid: str
    """Kebab case, as in ``documentClassInfo.country``."""
    alpha2: str
    """Empty for a code that only ICAO has."""
    number: str
    """Three digits; empty for a code that only ICAO has."""


def country(code: str) -> Country | None:
    """The issuing state of a code of three letters (or ``D``); None when no list has it."""
    wanted = code.strip("< ").upper()
    found = iso3166.countries_by_alpha3.get("DEU" if wanted == "D" else wanted)
    if found is None:
        name = _EXTRAS.get(wanted)
        return Country(wanted, name, _kebab(name), "", "") if name else None
    name = _SHORT_NAMES.get(found.alpha3, found.apolitical_name.split(",")[0])
    return Country(found.alpha3, name, _BLINKID.get(found.alpha3, _kebab(name)), found.alpha2, found.numeric)


def printed_country(lines: Iterable[str]) -> str:
    """Alpha-3 code of the one state that the print names, in English or in its own words; empty when it names none or
    several, for a nationality or a place of birth is a name of a state as well."""
    texts = [f" {words(line)} " for line in lines]
    found = {
        name: code
        for code, names in _printed_names().items()
        for name in names
        if any(f" {name} " in text for text in texts)
    }
    whole = {
        code for name, code in found.items() if not any(f" {name} " in f" {other} " for other in found if other != name)
    }
    return whole.pop() if len(whole) == 1 else ""


def _printed_names() -> Mapping[str, tuple[str, ...]]:
    codes = [*iso3166.countries_by_alpha3, "UTO", "RKS"]
    known = {code: found for code in codes if (found := country(code)) is not None}
    return {code: (words(found.name), *_OWN_NAMES.get(code, ())) for code, found in known.items()}


def _kebab(name: str) -> str:
    return re.sub(r"[^a-z]+", "-", plain(name).lower()).strip("-")
