"""Elements of the bar code: AAMVA DL/ID Card Design Standard, Annex D, and the DL/ID-2000 standard for version 1."""

import re
from collections.abc import Mapping

ELEMENT_ID = re.compile(r"D[A-D][A-Z]")
"""Elements of the sub-files DL and ID; those of a state's own sub-file begin with Z."""

NAMES: Mapping[str, str] = {
    "DAA": "full name (version 1)",
    "DAB": "family name (version 1)",
    "DAC": "first name",
    "DAD": "middle name",
    "DAE": "suffix (version 1)",
    "DAG": "street",
    "DAH": "street, second line",
    "DAI": "city",
    "DAJ": "state or province",
    "DAK": "postal code",
    "DAQ": "document number",
    "DAR": "vehicle class (version 1)",
    "DAS": "restrictions (version 1)",
    "DAT": "endorsements (version 1)",
    "DAU": "height",
    "DAV": "height in centimetres (version 1)",
    "DAW": "weight in pounds",
    "DAX": "weight in kilograms",
    "DAY": "eye colour",
    "DAZ": "hair colour",
    "DBA": "date of expiry",
    "DBB": "date of birth",
    "DBC": "sex",
    "DBD": "date of issue",
    "DCA": "vehicle class",
    "DCB": "restrictions",
    "DCD": "endorsements",
    "DCF": "document discriminator",
    "DCG": "country",
    "DCS": "family name",
    "DCT": "given names (versions 2 and 3)",
    "DCU": "suffix",
    "DDE": "whether the family name was truncated",
    "DDF": "whether the first name was truncated",
    "DDG": "whether the middle name was truncated",
}
"""Those that are read; every other element is kept as it is."""

NO_VALUE = frozenset({"", "NONE", "UNAVL", "UNAVAIL", "UNK"})
"""What stands where a mandatory element has no value (Annex D.12.3), in capitals."""


def described(element: str) -> str:
    """An element for a message, such as ``date of birth (DBB)``."""
    return f"{NAMES[element]} ({element})" if element in NAMES else element
