"""What the bar code of a driving licence or identification card says. Hashable, JSON-able."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vision.document.document import CivilDate
from vision.document.sexes import Sex


@dataclass(frozen=True, slots=True)
class Licence:
    """One bar code by the AAMVA DL/ID Card Design Standard. What it does not say, or not readably, is empty or None."""

    kind: Literal["dl", "id"]
    """Driving licence or identification card, by the type of its sub-file."""
    version: int
    """Of the standard: 1 (2000) to 11 (2025)."""
    issuer: str
    """Issuer identification number, six digits."""
    jurisdiction: str
    """State or province that issued it, kebab case such as ``new-york``; empty when the issuer's number is unknown."""
    country: str
    """ISO 3166-1 alpha-3 of the issuer."""
    last_name: str
    first_name: str
    """Versions 2 and 3 have all given names in one element; they are all here unless commas part them."""
    middle_name: str
    suffix: str
    names_truncated: bool
    """Whether a name was cut to fit, or may have been: it fills its place and no flag denies it."""
    document_number: str
    discriminator: str
    """Number of this very card; another is issued with each renewal."""
    sex: Sex | Literal[""]
    address: str
    """Street, city, state and postal code in one line."""
    vehicle_class: str
    restrictions: str
    endorsements: str
    height_cm: int | None
    weight_kg: int | None
    date_of_birth: CivilDate | None
    date_of_issue: CivilDate | None
    date_of_expiry: CivilDate | None
    entries: tuple[tuple[str, str], ...]
    """Elements as (id, value) in the order of the bar code, such as ``("DAQ", "T64235789")``."""
    problems: tuple[str, ...]
    """What could not be read, one sentence each; never a value."""

    @property
    def elements(self) -> Mapping[str, str]:
        """Values by the standard's element ids."""
        return dict(self.entries)
