"""Which language suits whom (contract §8.2, check C22)."""

import pytest

from rtc_server.session.languages import LANGUAGES, normalize_language, resolve_language

ALL = tuple(LANGUAGES)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"), ("EN", "en"), ("en-GB", "en"), ("fr-CA", "fr"), ("es-MX", "es"), ("pt_BR", "pt"), (" de ", "de"),
        ("zh", "zh"), ("zh-CN", "zh"), ("zh-Hans", "zh"), ("zh-Hans-HK", "zh"), ("ZH-HANT", "zh-TW"),
        ("zh-TW", "zh-TW"), ("zh-Hant-TW", "zh-TW"), ("zh-HK", "zh-HK"), ("zh-Hant-HK", "zh-HK"), ("yue", "zh-HK"),
        ("nb-NO", "no"), ("nn", "no"), ("nl", ""), ("", ""), ("-", ""), ("*", ""), ("x" * 99, ""),
    ],
)  # fmt: skip
def test_tags_become_ids(tag: str, language: str) -> None:
    assert normalize_language(tag) == language


@pytest.mark.parametrize(
    ("wanted", "allowed", "default", "catalogue", "language"),
    [
        (["fr-CA", "en"], [], "en", ALL, "fr"),
        (["fr-CA", "en"], ["de", "en"], "de", ALL, "en"),
        (["ja"], ["de", "fr"], "de", ALL, "de"),
        (["nl"], [], "it", ALL, "it"),
        (["nl"], [], "nl", ALL, "en"),
        ([], [], "", ALL, "en"),
        (["de"], [], "de", ("en",), "en"),
        (["de"], ["de"], "de", ("en",), "en"),
        (["zh-Hant"], ["ZH-TW"], "en", ALL, "zh-TW"),
        (["ja"], ["fr"], "es", ALL, "es"),
        (["ja"], [], "fr", ("de",), "de"),
    ],
)
def test_the_first_wish_that_is_possible(
    wanted: list[str], allowed: list[str], default: str, catalogue: tuple[str, ...], language: str
) -> None:
    assert resolve_language(wanted, allowed, default, catalogue) == language
