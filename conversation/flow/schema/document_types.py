"""Names of identity documents: one spelling, BlinkID's, for the three that flows use (contract §3.3, appendix C)."""

from collections.abc import Mapping

_NAMES = """
consular-id dl dl-public-services-card employment-pass fin-card id multipurpose-id mykad mykid mypr mytentera
pan-card professional-id public-services-card residence-permit resident-id temporary-residence-permit voter-id
work-permit ikad military-id mykas social-security-card health-insurance-card passport s-pass address-card
alien-id alien-passport green-card minors-id postal-id professional-dl tax-id weapon-permit visa
border-crossing-card driver-card global-entry-card mypolis nexus-card passport-card proof-of-age-card refugee-id
tribal-id veteran-id citizenship-certificate my-number-card consular-passport minors-passport
minors-public-services-card driving-privilege-card asylum-request driver-qualification-card provisional-dl
refugee-passport special-id uniformed-services-id immigrant-visa consular-voter-id twic-card exit-entry-permit
mainland-travel-permit-taiwan nbi-clearance proof-of-registration temporary-protection-permit afghan-citizen-card
eid pass sis-id asic-card bidoon-card interim-health-insurance-card non-voter-id reciprocal-health-insurance-card
vehicle-registration esaad-card registration-certificate medical-marijuana-id non-card-tribal-id diplomatic-id
"""
BLINKID_TYPES = frozenset(_NAMES.split())
"""The 81 document types of BlinkID."""

_ALIASES: Mapping[str, str] = {
    "driver_license": "dl",
    "drivers_license": "dl",
    "driver-license": "dl",
    "id_card": "id",
    "national_id": "id",
    "identity-card": "id",
    "MRTD_TYPE_UNKNOWN": "any",
    "MRTD_TYPE_IDENITY_CARD": "id",
    "MRTD_TYPE_IDENTITY_CARD": "id",
    "MRTD_TYPE_PASSPORT": "passport",
    "MRTD_TYPE_VISA": "visa",
    "MRTD_TYPE_GREEN_CARD": "green-card",
    "MRTD_TYPE_MYS_PASS_IMM13P": "pass",
    "MRTD_TYPE_DL": "dl",
    "MRTD_TYPE_INTERNAL_TRAVEL_DOCUMENT": "passport",
    "MRTD_TYPE_BORDER_CROSSING_CARD": "border-crossing-card",
}

COMMON_NAMES = ("passport", "driver_license", "id_card")
"""The spellings to suggest."""


def blinkid_type(name: str) -> str | None:
    """BlinkID's name of a document type in any spelling; ``any`` for MRTD_TYPE_UNKNOWN, None for no document type."""
    if name in _ALIASES:
        return _ALIASES[name]
    hyphenated = name.strip().lower().replace("_", "-")
    if hyphenated in BLINKID_TYPES:
        return hyphenated
    return _ALIASES.get(name.strip().lower())
