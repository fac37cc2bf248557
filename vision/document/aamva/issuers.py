"""Issuer identification numbers (ISO/IEC 7812) that AAMVA gave to states and provinces."""

from collections.abc import Mapping
from dataclasses import dataclass

_UNITED_STATES = (
    "604427 american-samoa, 604430 northern-mariana-islands, 604431 puerto-rico, 636000 virginia, 636001 new-york, "
    "636002 massachusetts, 636003 maryland, 636004 north-carolina, 636005 south-carolina, 636006 connecticut, "
    "636007 louisiana, 636008 montana, 636009 new-mexico, 636010 florida, 636011 delaware, 636014 california, "
    "636015 texas, 636018 iowa, 636019 guam, 636020 colorado, 636021 arkansas, 636022 kansas, 636023 ohio, "
    "636024 vermont, 636025 pennsylvania, 636026 arizona, 636027 state-department, 636029 oregon, 636030 missouri, "
    "636031 wisconsin, 636032 michigan, 636033 alabama, 636034 north-dakota, 636035 illinois, 636036 new-jersey, "
    "636037 indiana, 636038 minnesota, 636039 new-hampshire, 636040 utah, 636041 maine, 636042 south-dakota, "
    "636043 washington-dc, 636045 washington, 636046 kentucky, 636047 hawaii, 636049 nevada, 636050 idaho, "
    "636051 mississippi, 636052 rhode-island, 636053 tennessee, 636054 nebraska, 636055 georgia, 636058 oklahoma, "
    "636059 alaska, 636060 wyoming, 636061 west-virginia, 636062 virgin-islands"
)
_CANADA = (
    "604426 prince-edward-island, 604428 quebec, 604429 yukon, 604432 alberta, 604433 nunavut, "
    "604434 northwest-territories, 636012 ontario, 636013 nova-scotia, 636016 newfoundland-and-labrador, "
    "636017 new-brunswick, 636028 british-columbia, 636044 saskatchewan, 636048 manitoba"
)
_MEXICO = "636056 coahuila, 636057 hidalgo"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issued a licence."""

    jurisdiction: str
    """Kebab case."""
    country: str
    """ISO 3166-1 alpha-3; that of a territory of the United States is theirs, as in element DCG."""


def _issuers() -> Mapping[str, Issuer]:
    countries = {"USA": _UNITED_STATES, "CAN": _CANADA, "MEX": _MEXICO}
    pairs = ((entry.split(), country) for country, entries in countries.items() for entry in entries.split(", "))
    return {number: Issuer(name, country) for (number, name), country in pairs}


_ISSUERS = _issuers()


def issuer(number: str) -> Issuer | None:
    """The state or province of an issuer identification number; None when AAMVA's list does not have it."""
    return _ISSUERS.get(number)


def printed_issuer(text: str) -> Issuer | None:
    """The issuer whose name stands in a text of plain words, such as the head of a card; None when none or several do.
    ``WEST VIRGINIA`` is not Virginia."""
    words = f"-{'-'.join(text.lower().split())}-"
    named = [one for one in _ISSUERS.values() if f"-{one.jurisdiction}-" in words]
    whole = [one for one in named if not any(one.jurisdiction in other.jurisdiction for other in named if other != one)]
    return whole[0] if len(whole) == 1 else None
