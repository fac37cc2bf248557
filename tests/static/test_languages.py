"""The page in the languages of those who open it: which one it takes, how it fits, and a switch during the call."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TEXTS = "(id) => import(`/static/session/strings/${id}.js`).then((module) => module.default)"


async def test_texts_before_the_answer_are_in_the_language_of_the_browser(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.refusal = (410, {"code": "client_secret_expired"}, {})
    page = await open_page(locale="ja-JP")
    await expect(page.get_by_role("heading", level=1)).to_have_text("リンクの有効期限が切れています")
    assert await page.evaluate("document.documentElement.lang") == "ja"


async def test_page_says_when_another_language_is_spoken(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["pageLanguage"] = "de"
    page = await open_page(locale="en-GB")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Das ist Ava.")
    await expect(page.get_by_text("Gesprochene Sprache: Englisch")).to_be_visible()
    assert await page.evaluate("[document.documentElement.lang, document.title]") == ["de", "Gespräch mit Ava"]


async def test_language_that_the_server_speaks_is_spoken_when_it_is_chosen(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["pageLanguage"] = "de"
    server.opening["languages"] = [{"id": "en", "title": "English"}, {"id": "fr", "title": "French"}]
    page = await open_page(viewport={"width": 1280, "height": 800})
    await page.get_by_role("combobox", name="Sprache").select_option("fr")
    await page.get_by_role("button", name="Continuer", exact=True).wait_for()
    assert await page.get_by_text("Langue parlée").count() == 0
    await page.get_by_role("button", name="Continuer sans microphone").click()
    await server.wait_for("microphone")
    assert server.offers[0]["language"] == "fr"


async def test_words_that_are_spoken_are_marked_with_their_language(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["pageLanguage"] = "de"
    page = await open_page(viewport={"width": 1280, "height": 800})
    await page.get_by_role("button", name="Ohne Mikrofon weiter").click()
    await server.wait_for("microphone")
    assert server.offers[0]["language"] == "en"
    server.send("caption", id="1", speaker="avatar", text="Hello there.", final=True)
    await expect(page.locator(".caption")).to_have_attribute("lang", "en")
    await expect(page.locator(".lines .words")).to_have_attribute("lang", "en")


CUT_OFF = """() => {
  const wide = document.documentElement.scrollWidth > innerWidth ? ['the page'] : [];
  const texts = [...document.querySelectorAll('button, h1, h2, p, strong, label')].filter((e) => e.checkVisibility());
  const outside = (e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline';
  const beyond = (e) => e.getBoundingClientRect().right > innerWidth + 1 || e.getBoundingClientRect().left < -1;
  const hidden = (e) => e.closest('.visually-hidden, .caption');
  return wide.concat(texts.filter((e) => !hidden(e) && (outside(e) || beyond(e))).map((e) => e.textContent));
}"""


@pytest.mark.parametrize("language", ["de", "fr", "ja", "ru"])
async def test_long_words_fit_on_a_phone(
    open_page: OpenPage, server: FakeSessionServer, module_page: Page, language: str
) -> None:
    server.opening["pageLanguage"] = language
    texts: dict[str, Any] = await module_page.evaluate(TEXTS, language)
    page = await open_page(locale=language, viewport={"width": 360, "height": 740})
    await page.get_by_role("button", name=texts["welcome.continue.button"], exact=True).wait_for()
    assert await page.evaluate(CUT_OFF) == []
    await page.get_by_role("button", name=texts["welcome.continue.button"], exact=True).click()
    await page.get_by_role("button", name=texts["page.startConversation.button"]).wait_for()
    assert await page.evaluate(CUT_OFF) == []
    await page.get_by_role("button", name=texts["page.startConversation.button"]).click()
    await server.wait_for("microphone")
    server.ask_input("r1", "code", sentTo="m•••@example.org", codeLength=6, resendAfterMs=0)
    await page.get_by_role("button", name=texts["field.newCode.button"]).wait_for()
    assert await page.evaluate(CUT_OFF) == []
    server.send("closeInput", requestId="r1")
    server.show_check("r2")
    server.send("checkHint", requestId="r2", key="uncover")
    await page.get_by_text(texts["check.hint.uncover.detail"]).wait_for()
    assert await page.evaluate(CUT_OFF) == []


async def test_switch_during_the_call_keeps_the_talk_and_what_was_typed(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["languages"] = [{"id": "en", "title": "English"}, {"id": "fr", "title": "French"}]
    page = await open_page(viewport={"width": 1280, "height": 800})
    await join(page, server)
    server.send("caption", id="1", speaker="avatar", text="Hello there.", final=True)
    await page.get_by_role("textbox", name="Type your answer").fill("half a sen")
    await page.evaluate("window.before = document.querySelector('visavis-avatar')")
    await page.get_by_role("button", name="Settings", exact=True).click()
    await page.get_by_role("combobox", name="Language").select_option("fr")
    await expect(page.get_by_role("heading", name="Entretien avec Ava")).to_be_attached()
    assert await page.evaluate("document.documentElement.lang") == "fr"
    assert await page.evaluate("before === document.querySelector('visavis-avatar') && before.isConnected")
    await expect(page.locator("#answer")).to_have_value("half a sen")
    await expect(page.locator("#answer")).to_have_attribute("placeholder", "Écrivez votre réponse")
    await expect(page.locator(".lines")).to_contain_text("Hello there.")
    assert await page.locator("main, .dock").count() == 2
