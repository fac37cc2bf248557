"""Languages of a conversation: the catalogue and which of it suits a person (contract §8.2)."""

from collections.abc import Mapping, Sequence

DEFAULT_LANGUAGE = "en"

LANGUAGES: Mapping[str, str] = {
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
"""Id → English title of every language of the contract."""

_SAME = {"nb": "no", "nn": "no", "in": "id", "yue": "zh-hk"}
"""Codes that browsers send for a language which the catalogue has under another id."""

_BY_LOWER = {language.lower(): language for language in LANGUAGES}


def normalize_language(tag: str) -> str:
    """The catalogue's id for a BCP 47 tag, whatever its case, region or script; empty when it has none.

    ``fr-CA`` is ``fr``, ``zh-Hans-CN`` is ``zh``, ``zh-Hant`` is ``zh-TW``, ``zh-Hant-HK`` is ``zh-HK``.
    """
    primary, *rest = tag.strip().replace("_", "-").lower().split("-")
    primary = _SAME.get(primary, primary)
    if primary != "zh":
        return _BY_LOWER.get(primary, "")
    if "hans" in rest:
        return "zh"
    # A region says more than a script: people in Hong Kong write Traditional and speak Cantonese.
    if "hk" in rest or "mo" in rest:
        return "zh-HK"
    return "zh-TW" if "hant" in rest or "tw" in rest else "zh"


def resolve_language(
    wanted: Sequence[str], allowed: Sequence[str], default: str, catalogue: Sequence[str] = tuple(LANGUAGES)
) -> str:
    """The language for somebody who prefers ``wanted`` (BCP 47, best first).

    ``allowed`` are the session's ``langs``; empty = all of ``catalogue``, the ids in which the server can hold a
    conversation. The first match wins; else ``default``, the session's ``defaultLang``; else English; else whatever
    the server speaks.
    """
    permitted = {normalize_language(tag) for tag in allowed}
    eligible = [language for language in catalogue if language in permitted or not allowed]
    for tag in wanted:
        if (language := normalize_language(tag)) in eligible:
            return language
    for tag in (default, DEFAULT_LANGUAGE):
        if (language := normalize_language(tag)) in catalogue:
            return language
    return next(iter(catalogue), DEFAULT_LANGUAGE)
