"""Being recorded: asked for apart from everything else, said during the call, and taken back there."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALL = ["userVideo", "userAudio", "avatarAudio"]

BOTH = "I agree that my picture and the sound of this conversation are recorded."
SOUND = "I agree that the sound of this conversation is recorded."
PICTURE = "I agree that my picture is recorded, without sound."

NEXT_SESSION = "() => { sessionStorage.setItem('visavis.recording', JSON.stringify({ 'another-session': true })); }"

COUNT_WORDS = """() => {
  window.said = [];
  for (const status of document.querySelectorAll('[role=status]')) {
    new MutationObserver(() => window.said.push(status.textContent))
      .observe(status, { childList: true, characterData: true, subtree: true });
  }
}"""


async def consent(server: FakeSessionServer) -> dict[str, Any]:
    """The first one that came."""
    async with asyncio.timeout(5):
        while not server.consents:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return server.consents[0]


async def recorded_call(open_page: OpenPage, server: FakeSessionServer, **options: Any) -> Page:
    """A page in a call that is recorded."""
    page = await open_page(**options)
    await join_typing(page, server)
    server.send("recording", state="on")
    await expect(sign(page)).to_be_visible()
    return page


def sign(page: Page) -> Any:
    """The button that says that the call is recorded."""
    return page.get_by_role("button", name="Recording", exact=True)


async def test_nothing_of_it_is_shown_where_nothing_is_recorded(open_page: OpenPage, server: FakeSessionServer) -> None:
    assert "recording" not in server.opening
    for _ in range(2):
        page = await open_page()
        await expect(page.get_by_text("Sound and video are not recorded.")).to_be_visible()
        await expect(page.get_by_role("checkbox")).to_have_count(0)
        await expect(page.get_by_text("encrypted")).to_have_count(0)
        server.opening["recording"] = []


@pytest.mark.parametrize(
    ("tracks", "sentence"),
    [
        (ALL, BOTH),
        (["userVideo", "avatarAudio"], BOTH),
        (["userVideo"], PICTURE),
        (["avatarAudio"], SOUND),
    ],
)
async def test_what_is_recorded_is_said_exactly_and_is_not_agreed_to_beforehand(
    open_page: OpenPage, server: FakeSessionServer, tracks: list[str], sentence: str
) -> None:
    server.opening["recording"] = tracks
    page = await open_page()
    box = page.get_by_role("checkbox", name=sentence, exact=True)
    await expect(box).not_to_be_checked()
    await expect(box).to_be_in_viewport()
    await expect(box).to_have_accessible_description(
        "Optional, and kept encrypted. You can take this back at any time; it is then erased."
    )
    await expect(page.get_by_text("Sound and video are recorded only if you agree below.")).to_have_count(1)
    await expect(page.get_by_text("not recorded")).to_have_count(0)


async def test_who_leaves_it_unticked_goes_on_unrecorded(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["recording"] = ALL
    page = await open_page()
    await join(page, server)
    assert "recording" not in await consent(server)
    await expect(sign(page)).to_have_count(0)


async def test_ticking_agrees_and_unticking_takes_it_back(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["recording"] = ["userVideo", "avatarAudio"]
    page = await open_page()
    await page.get_by_role("checkbox", name=BOTH).check()
    await join(page, server)
    assert (await consent(server))["recording"] == ["userVideo", "avatarAudio"]

    server.consents.clear()
    page = await open_page()
    await page.get_by_role("checkbox", name=BOTH).check()
    await page.get_by_role("checkbox", name=BOTH).uncheck()
    await page.get_by_role("button", name="Continue without microphone").click()
    assert "recording" not in await consent(server)


async def test_reload_and_another_language_keep_the_choice(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening |= {"recording": ALL, "languages": [{"id": "en"}, {"id": "de"}]}
    page = await open_page()
    await page.get_by_text(BOTH).click()
    await page.reload()
    await expect(page.get_by_role("checkbox", name=BOTH)).to_be_checked()
    await page.get_by_role("combobox", name="Language").select_option("de")
    german = "Ich stimme zu, dass mein Kamerabild und der Ton dieses Gesprächs aufgezeichnet werden."
    await expect(page.get_by_role("checkbox", name=german)).to_be_checked()
    await page.get_by_role("checkbox", name=german).uncheck()
    await page.reload()
    await expect(page.get_by_role("checkbox", name=BOTH)).not_to_be_checked()


async def test_who_agreed_in_another_session_of_this_tab_is_asked_anew(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["recording"] = ALL
    page = await open_page()
    await page.evaluate(NEXT_SESSION)
    await page.reload()
    await expect(page.get_by_role("checkbox", name=BOTH)).not_to_be_checked()


async def test_who_has_answered_is_not_asked_again(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    version = await page.evaluate("import('/static/session/opening.js').then((m) => m.CONSENT_VERSION)")
    server.opening |= {"recording": ALL, "consent": {"version": version, "at": 1_790_000_000_000, "recording": ALL}}
    page = await open_page()
    await expect(page.get_by_text("Ava is an AI avatar")).to_be_visible()
    await expect(page.get_by_role("checkbox")).to_have_count(0)
    await join_typing(page, server)
    assert server.consents == []


async def test_consent_that_comes_through_late_brings_the_choice_with_it(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["recording"] = ALL
    page = await open_page(permissions=())
    refusals: list[Route] = []
    await page.route("**/client/consent", lambda route: refusals.append(route), times=1)
    await page.get_by_role("checkbox", name=BOTH).check()
    await join_typing(page, server)
    await refusals[0].fulfill(status=503, body="{}")  # Only now, when the call is there already.
    assert (await consent(server))["recording"] == ALL


async def test_sign_stands_there_while_it_is_recorded_and_is_announced_once(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await join_typing(page, server)
    await page.evaluate(COUNT_WORDS)
    await expect(sign(page)).to_have_count(0)
    server.send("recording", state="on")
    await expect(sign(page)).to_be_visible()
    for state in ("listening", "thinking", "speaking"):
        server.send("state", state=state)
    server.send("recording", state="on")
    await expect(page.get_by_role("status").filter(has_text="Speaking")).to_be_visible()
    assert (await page.evaluate("said")).count("This conversation is being recorded") == 1
    server.send("recording", state="off")
    await expect(sign(page)).to_have_count(0)
    await expect(page.get_by_role("status").filter(has_text="record")).to_have_count(0)


async def test_stopping_is_asked_about_told_to_the_server_and_said(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await recorded_call(open_page, server)
    await sign(page).click()
    dialog = page.get_by_role("dialog", name="This conversation is being recorded")
    await expect(dialog).to_contain_text("what was recorded is erased")
    await dialog.get_by_role("button", name="Go back").click()
    await expect(dialog).to_be_hidden()
    assert [message for message in server.messages if message["type"] == "stopRecording"] == []

    await sign(page).click()
    await dialog.get_by_role("button", name="Stop recording").click()
    await server.wait_for("stopRecording")
    await expect(dialog).to_be_hidden()
    await expect(sign(page)).to_be_visible()  # Until the server says otherwise.
    await page.clock.install()
    server.send("recording", state="erased")
    said = page.get_by_role("status").filter(has_text="Recording stopped, and what was recorded is erased.")
    await expect(said).to_be_visible()
    await expect(sign(page)).to_have_count(0)
    await page.clock.run_for(10_500)
    await expect(said).to_have_count(0)


async def test_by_keyboard_alone(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.opening["recording"] = ALL
    page = await open_page()
    await page.get_by_role("heading", level=1).focus()
    for _ in range(10):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.type === 'checkbox'"):
            break
    await page.keyboard.press("Space")
    await expect(page.get_by_role("checkbox", name=BOTH)).to_be_checked()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Continue", exact=True)).to_be_focused()

    await join_typing(page, server)
    server.send("recording", state="on")
    await expect(sign(page)).to_be_visible()
    await sign(page).focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Go back")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(sign(page)).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await server.wait_for("stopRecording")
    server.send("recording", state="erased")
    await expect(sign(page)).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Type your answer")).to_be_focused()


async def test_wish_to_stop_is_told_again_on_a_new_connection(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await recorded_call(open_page, server)
    await sign(page).click()
    await server.drop()
    await page.get_by_role("button", name="Stop recording").click()
    await page.wait_for_function("() => document.querySelector('.stage').dataset.doing === 'reconnecting'")
    await server.wait_for("microphone", count=2, timeout=20)
    sent = len([message for message in server.messages if message["type"] == "stopRecording"])
    server.send("recording", state="on")
    await server.wait_for("stopRecording", count=sent + 1)


async def test_what_the_server_does_not_say_again_after_a_reconnect_is_over(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await recorded_call(open_page, server)
    await server.drop()
    await server.wait_for("microphone", count=2, timeout=20)
    await expect(sign(page)).to_have_count(0)


async def test_a_check_closes_the_question(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join(page, server)
    server.send("recording", state="on")
    await sign(page).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    server.show_check("r1")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(sign(page)).to_be_visible()


@pytest.mark.parametrize("size", [(390, 844), (844, 390), (320, 568)])
async def test_a_check_has_its_room_beside_the_sign(
    open_page: OpenPage, server: FakeSessionServer, size: tuple[int, int]
) -> None:
    page = await open_page(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    await join(page, server)
    server.send("recording", state="on")
    server.show_check("r1")
    await expect(page.locator(".check-line")).to_be_visible()
    await expect(sign(page)).to_be_in_viewport(ratio=1)
    covered = await sign(page).evaluate(
        """(sign) => {
          const meet = (one, other) => {
            const [a, b] = [one, other].map((element) => element.getBoundingClientRect());
            return b.width > 1 && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
          };
          const all = (selector) => [...document.querySelectorAll(selector)];
          return [
            ...all('.hint, .check-head h2, .check-line').filter((words) => meet(sign.firstElementChild, words)),
            ...all('.check-tools button').filter((button) => meet(sign, button)),
          ].map(({ className }) => className);
        }"""
    )
    assert covered == []


@pytest.mark.parametrize(("direction", "options"), [("ltr", {"forced_colors": "active"}), ("rtl", {})])
async def test_small_screens_have_room_for_it(
    open_page: OpenPage, server: FakeSessionServer, direction: str, options: dict[str, Any]
) -> None:
    server.opening["recording"] = ALL
    path = server.page_url.removeprefix(server.url) + f"&dir={direction}"
    page = await open_page(path, viewport={"width": 320, "height": 568}, **options)
    box = page.get_by_role("checkbox", name=BOTH)
    await box.scroll_into_view_if_needed()
    await expect(box).to_be_in_viewport(ratio=1)
    await join(page, server)
    server.send("recording", state="on")
    server.send("agent", mode="watching", name="Mara")
    await expect(sign(page)).to_be_in_viewport(ratio=1)
    size = await sign(page).bounding_box()
    assert size is not None
    assert min(size["height"], size["width"]) >= 44
    dot = await page.locator(".recording i").evaluate(
        "(dot) => [dot.getBoundingClientRect().width, getComputedStyle(dot).borderTopColor]"
    )
    assert dot[0] == 10
    assert dot[1] != "rgba(0, 0, 0, 0)"
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await sign(page).click()
    await expect(page.get_by_role("button", name="Stop recording")).to_be_in_viewport(ratio=1)
