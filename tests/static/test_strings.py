"""The page's texts: every catalogue is whole, every text is used, and no text stands anywhere else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page

from rtc_server.session.languages import LANGUAGES, normalize_language
from tests.fakes.session_server import STATIC

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SESSION = STATIC / "session"

OTHERS = [language for language in LANGUAGES if language != "en"]

LATIN = ["it", "de", "fr", "es", "pt", "id", "no"]

LOAD = """async (languages) => {
  const { useLanguage, languageTag } = await import('/static/session/strings.js');
  const found = {};
  for (const id of languages) {
    if (!(await useLanguage(id))) throw new Error(id);
    const { pluralCategories } = new Intl.PluralRules(languageTag()).resolvedOptions();
    const { default: texts } = await import(`/static/session/strings/${id}.js`);
    found[id] = { texts, tag: languageTag(), plurals: pluralCategories };
  }
  await useLanguage('en');
  return found;
}"""

Texts = dict[str, str | dict[str, str]]


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def catalogues(module_page: Page) -> dict[str, dict[str, Any]]:
    """Texts, tag and plural categories by language."""
    found: dict[str, dict[str, Any]] = await module_page.evaluate(LOAD, list(LANGUAGES))
    return found


def forms(entry: str | dict[str, str]) -> list[str]:
    """A text in all its plurals."""
    return [entry] if isinstance(entry, str) else list(entry.values())


def places(text: str) -> set[str]:
    """Names of the places that are filled in."""
    return set(re.findall(r"\{(\w+)\}", text))


def modules() -> Iterator[tuple[str, str]]:
    """Name and code of each module of the page, without its comments."""
    for path in sorted(SESSION.rglob("*.js")):
        if path.parent.name != "strings":
            code = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            yield str(path.relative_to(SESSION)), re.sub(r"(?m)(^|\s)//.*$", "", code)


def literals(code: str) -> list[str]:
    """What stands between quotation marks; of a template the part before, between and after its values, with ``…``."""
    plain = re.findall(r'"((?:[^"\\\n]|\\.)*)"', code)
    return plain + [re.sub(r"\$\{.*?\}", "…", text) for text in re.findall(r"`([^`]*)`", code)]


async def test_languages_are_those_of_the_server(module_page: Page) -> None:
    ids = await module_page.evaluate("import('/static/session/strings.js').then((m) => m.LANGUAGES)")
    assert ids == list(LANGUAGES)
    assert {path.stem for path in (SESSION / "strings").iterdir()} == set(LANGUAGES)


TAGS = [
    "en-GB", "de-AT", "nb-NO", "nn", "in", "pt-PT", "zh", "zh-CN", "zh-Hans-HK", "zh-Hant", "zh-TW", "zh-HK", "zh_MO",
    "yue", "ar", "x", "",
]  # fmt: skip


@pytest.mark.parametrize("tag", TAGS)
async def test_page_chooses_a_language_as_the_server_does(module_page: Page, tag: str) -> None:
    choose = "(tag) => import('/static/session/strings.js').then((m) => m.suitableLanguage([tag]))"
    assert await module_page.evaluate(choose, tag) == (normalize_language(tag) or "en")


@pytest.mark.parametrize("language", OTHERS)
async def test_catalogue_has_the_keys_and_places_of_the_english_one(
    catalogues: dict[str, dict[str, Any]], language: str
) -> None:
    english: Texts = catalogues["en"]["texts"]
    texts: Texts = catalogues[language]["texts"]
    assert list(texts) == list(english)
    for key, entry in texts.items():
        wanted = places(forms(english[key])[-1])
        for text in forms(entry):
            missing = wanted ^ places(text)
            assert missing <= ({"count"} if isinstance(entry, dict) else set()), key


@pytest.mark.parametrize("language", LANGUAGES)
async def test_plurals_are_those_of_the_language(catalogues: dict[str, dict[str, Any]], language: str) -> None:
    english: Texts = catalogues["en"]["texts"]
    for key, entry in catalogues[language]["texts"].items():
        assert isinstance(entry, dict) == isinstance(english[key], dict), key
        if isinstance(entry, dict):
            assert set(entry) == set(catalogues[language]["plurals"]), key


@pytest.mark.parametrize("language", OTHERS)
async def test_no_sentence_was_left_in_english(catalogues: dict[str, dict[str, Any]], language: str) -> None:
    english: Texts = catalogues["en"]["texts"]
    left = [key for key, entry in catalogues[language]["texts"].items() if entry == english[key]]
    assert [key for key in left if len(forms(english[key])[0].split()) > 2] == []
    assert len(left) < 10, left


@pytest.mark.parametrize("language", LATIN)
async def test_buttons_stay_short(catalogues: dict[str, dict[str, Any]], language: str) -> None:
    english: dict[str, str] = catalogues["en"]["texts"]
    texts: dict[str, str] = catalogues[language]["texts"]
    buttons = [key for key in texts if key.endswith(".button")]
    assert [key for key in buttons if len(texts[key]) > max(14, 2.2 * len(english[key]))] == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_marks_are_those_of_print(catalogues: dict[str, dict[str, Any]], language: str) -> None:
    for key, entry in catalogues[language]["texts"].items():
        for text in forms(entry):
            assert text == text.strip(), key
            assert not re.search(r'"|\.\.\.|  |--', text), key
            if language.startswith("zh") or language == "ja":
                assert not re.search(r"[\u3040-\u30ff\u4e00-\u9fff][,;:?!()]", text), key


async def test_every_text_is_used_and_every_used_one_is_there(catalogues: dict[str, dict[str, Any]]) -> None:
    keys = set(catalogues["en"]["texts"])
    areas = {key.split(".")[0] for key in keys}
    used: set[str] = set()
    for name, code in modules():
        for literal in literals(code):
            if "…" not in literal:
                found = {literal} & keys
                is_key = re.fullmatch(r"\w+(\.\w+)+", literal) and literal.split(".")[0] in areas
                assert found or not (is_key and re.search(rf'\bt\([^()]*"{literal}"', code)), f"{name}: {literal}"
            elif re.match(r"\w+\.[\w.…]*…", literal):
                pattern = ".+".join(re.escape(part) for part in literal.split("…"))
                found = {key for key in keys if re.fullmatch(pattern, key)}
                assert found or literal.split(".")[0] not in areas, f"{name}: {literal}"
            else:
                continue
            used |= found
    used |= {f"{key}.detail" for key in used}
    assert sorted(keys - used) == []


NO_TEXTS = {
    # Names in the code: of keys, file drags, elements, headers and the persona of a state that nobody has seen yet.
    "Escape", "Enter", "Files", "INPUT", "TEXTAREA", "Authorization", "Retry-After", "Content-Type", "Bearer …", "Ava",
}  # fmt: skip

NOT_ON_THE_PAGE = ("avatar/personas/", "embed_checks.js")
"""Names of personas, and advice that goes to the console of the embedding page's developer."""


async def test_no_text_stands_outside_the_catalogues() -> None:
    """A text begins with a capital letter and goes on in small ones, or ends as a sentence does."""
    found = [
        f"{name}: {literal}"
        for name, code in modules()
        if not name.startswith(NOT_ON_THE_PAGE)
        for literal in literals(re.sub(r"new \w*Error\(.*?\)", "", code))
        if re.match(r"[A-Z][a-z]+( |$)", literal) or re.search(r"[a-z] [a-z]+[.?!…]$", literal)
        if literal not in NO_TEXTS and not literal.endswith("Error")
    ]
    assert found == []
    markup = re.sub(r"<noscript>.*?</noscript>", "", (SESSION / "index.html").read_text(encoding="utf-8"))
    assert re.findall(r">\s*([^<>\s][^<>]*)<", markup) == ["Conversation"]


async def test_places_are_filled_with_text_and_numbers_as_the_language_writes_them(module_page: Page) -> None:
    said = await module_page.evaluate(
        """async () => {
          const { t, useLanguage } = await import('/static/session/strings.js');
          const tries = (count) => t('refused.wrong_code', { count });
          const english = [tries(1), tries(3), t('call.ownCaption', { text: '<b>{name}</b> $&' })];
          await useLanguage('ru');
          const russian = [1, 2, 5, 21].map(tries);
          await useLanguage('de');
          const german = t('stop.nextTry', { seconds: 1234.5 });
          await useLanguage('en');
          return { english, russian, german };
        }"""
    )
    assert said["english"] == [
        "That is not the code. You have one more try.",
        "That is not the code. You have 3 more tries.",
        "You: <b>{name}</b> $&",
    ]
    assert [re.sub(r".*Остал", "Остал", text) for text in said["russian"]] == [
        "Осталась 1 попытка.", "Осталось 2 попытки.", "Осталось 5 попыток.", "Осталась 21 попытка.",
    ]  # fmt: skip
    assert "1.234,5 s" in said["german"]


async def test_last_wish_counts_and_an_unknown_language_changes_nothing(module_page: Page) -> None:
    said = await module_page.evaluate(
        """async () => {
          const { useLanguage, languageTag } = await import('/static/session/strings.js');
          const outcomes = await Promise.all([useLanguage('ja'), useLanguage('no'), useLanguage('tlh')]);
          const tag = languageTag();
          await useLanguage('en');
          return [outcomes, tag];
        }"""
    )
    assert said == [[False, True, False], "nb"]
