"""The language of a session, from what the browser wants and what is possible (contract §8.2)."""

from collections.abc import Sequence

DEFAULT_LANGUAGE = "en"

CATALOGUE: dict[str, str] = {
    "en": "English",
    "it": "Italian",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "pt": "Portuguese",
    "ru": "Russian",
    "ja": "Japanese",
    "id": "Indonesian",
    "no": "Norwegian",
    "zh": "Chinese (Simplified)",
    "zh-TW": "Chinese (Traditional)",
    "zh-HK": "Chinese (Cantonese)",
}
"""Ids of the contract and their English titles."""

_SCRIPTS = {"zh-hans": "zh", "zh-hant": "zh-TW", "zh-tw": "zh-TW", "zh-hk": "zh-HK", "zh-cn": "zh"}
_SAME = {"nb": "no", "nn": "no"}


def normalise_language(tag: str) -> str:
    """A BCP 47 tag as an id of the catalogue: without region, but with the kinds of Chinese kept apart."""
    lowered = tag.strip().lower().replace("_", "-")
    for length in (2, 1):
        start = "-".join(lowered.split("-")[: length + 1])
        if start in _SCRIPTS:
            return _SCRIPTS[start]
    base = lowered.partition("-")[0]
    return _SAME.get(base, base)


def resolve_language(
    wanted: Sequence[str], allowed: Sequence[str], default: str, catalogue: Sequence[str] = tuple(CATALOGUE)
) -> str:
    """The first wanted language that is allowed and in the catalogue; else the default one, else English.

    An empty ``allowed`` allows the whole catalogue.
    """
    eligible = {normalise_language(tag) for tag in allowed or catalogue} & set(catalogue)
    for tag in wanted:
        language = normalise_language(tag)
        if language in eligible:
            return language
    fallback = normalise_language(default)
    return fallback if fallback in catalogue else DEFAULT_LANGUAGE
