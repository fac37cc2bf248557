"""E-mail addresses and phone numbers: one normal form each, masked for the screen, and as said to a person."""

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from conversation.text.language import base_language

_REGION_OF_LANGUAGE = {"en": "US", "es": "ES", "fr": "FR", "de": "DE", "it": "IT", "pt": "PT"}
_LONGEST = 320
"""Characters of the longest address (RFC 3696, erratum 1690); anything longer is not looked at."""
_HIDDEN = "•••"
_SPOKEN_SIGNS = {
    "en": {"@": "at", ".": "dot", "-": "dash", "_": "underscore", "+": "plus"},
    "es": {"@": "arroba", ".": "punto", "-": "guion", "_": "guion bajo", "+": "más"},
    "fr": {"@": "arobase", ".": "point", "-": "tiret", "_": "tiret bas", "+": "plus"},
    "de": {"@": "ät", ".": "Punkt", "-": "Bindestrich", "_": "Unterstrich", "+": "plus"},
}


def normal_email(text: str) -> str | None:
    """Return an e-mail address in its normal form, or None when it is none.

    The syntax is that of RFC 5321 and 6531 as ``email-validator`` reads it. No name server is asked. The domain is in
    lower case; names reserved for tests (RFC 2606) are taken, because test sessions use them.
    """
    if not 3 <= len(text) <= _LONGEST:
        return None
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True).normalized
    except EmailNotValidError:
        return None


def phone_region(country: object, language: str) -> str:
    """Return the region (ISO 3166-1 alpha-2) in which a number without a country code is read.

    ``country`` decides when it is a region that has phone numbers, then the region of the language tag (``en-GB``),
    then the language.
    """
    candidates = [country.strip().upper()] if isinstance(country, str) else []
    candidates += [part.upper() for part in re.split(r"[-_]", language)[1:]]
    known = next((region for region in candidates if region in phonenumbers.SUPPORTED_REGIONS), None)
    return known or _REGION_OF_LANGUAGE.get(base_language(language), "US")


def normal_phone(text: str, region: str) -> str | None:
    """Return a phone number in E.164, or None when it is none.

    With a country code its length decides, because numbering plans change. Without one the region is a guess, so that
    the number must also belong to its numbering plan.
    """
    if len(text) > _LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    international = text.lstrip(" (").startswith(("+", "00"))
    known = phonenumbers.is_possible_number(number) if international else phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if known else None


def masked_email(address: str) -> str:
    """Return an address that its owner recognises: ``m•••@example.com``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{_HIDDEN}@{domain}"


def masked_phone(number: str) -> str:
    """Return a number in E.164 that its owner recognises: ``+49 ••• 71``."""
    parsed = phonenumbers.parse(number)
    return f"+{parsed.country_code} {_HIDDEN} {number[-2:]}"


def spoken_email(address: str, language: str = "en") -> str:
    """Return an address as it is said aloud: ``mia dot k at example dot com``."""
    signs = _SPOKEN_SIGNS.get(base_language(language), _SPOKEN_SIGNS["en"])
    return "".join(f" {signs[sign]} " if sign in signs else sign for sign in address)


def spoken_phone(number: str) -> str:
    """Return a number in E.164 in the groups in which it is usually said: ``+49 30 901820``."""
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
