"""Fields that the server asks for during the call: e-mail address, phone number, code."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PASTE = """(text) => {
  const field = document.activeElement;
  const data = new DataTransfer();
  data.setData('text/plain', text);
  const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
  if (field.dispatchEvent(event)) document.execCommand('insertText', false, text);
}"""


def code_field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Enter your code")


async def ask_code(page: Page, server: FakeSessionServer, **more: object) -> Locator:
    """In the call by typing, with a field for a code of six digits."""
    await join_typing(page, server)
    server.ask_input("r1", "code", sentTo="m•••@example.org", **more)
    await expect(code_field(page)).to_be_visible()
    return code_field(page)


@pytest.mark.parametrize(
    ("kind", "label", "value", "attributes"),
    [
        ("email", "Your e-mail address", "ada@example.org", {"type": "email", "autocomplete": "email"}),
        ("phone", "Your phone number", "+44 7700 900123", {"type": "tel", "autocomplete": "tel"}),
    ],
)
async def test_contact_is_typed_sent_and_kept_out_of_the_transcript(
    open_page: OpenPage, server: FakeSessionServer, kind: str, label: str, value: str, attributes: dict[str, str]
) -> None:
    page = await open_page()
    await join(page, server)
    server.ask_input("r1", kind)
    form = page.get_by_role("form", name=label)
    field = form.get_by_role("textbox", name=label)
    await expect(field).to_be_focused()
    for name, expected in attributes.items():
        await expect(field).to_have_attribute(name, expected)
    await field.press("Enter")
    await expect(form.get_by_role("alert")).to_contain_text("first")
    await field.fill(value)
    await expect(form.get_by_role("alert")).to_be_empty()
    await field.press("Enter")
    assert await server.wait_for("input") == {"type": "input", "requestId": "r1", "value": value}
    await expect(form.get_by_role("button", name="Sending…")).to_have_attribute("aria-disabled", "true")
    await field.press("Enter")
    server.send("closeInput", requestId="r1")
    await expect(form).to_have_count(0)
    assert len([message for message in server.messages if message["type"] == "input"]) == 1
    await expect(page.get_by_role("log")).not_to_contain_text(value)
    await expect(page.get_by_role("heading", level=1)).to_be_focused()
    assert [message["state"] for message in server.messages if message["type"] == "microphone"] == ["live"]


async def test_refused_address_is_explained_and_kept_for_correction(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.ask_input("r1", "email", value="ada@example")
    field = page.get_by_role("textbox", name="Your e-mail address")
    await expect(field).to_have_value("ada@example")
    await page.get_by_role("button", name="Send", exact=True).click()
    await server.wait_for("input")
    server.send("inputRefused", requestId="r1", problem="invalid_email", attemptsLeft=0)
    await expect(page.get_by_role("alert")).to_contain_text("does not look like an e-mail address")
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(field).to_have_value("ada@example")
    await expect(field).to_have_accessible_description(re.compile("does not look like an e-mail address"))
    await expect(field).to_be_focused()
    server.send("inputRefused", requestId="another", problem="invalid_phone", attemptsLeft=0)
    server.ask_input("r1", "email", value="ada@example.org")
    await expect(field).to_have_value("ada@example.org")
    await page.get_by_role("button", name="Not now").click()
    assert (await server.wait_for("cancelInput"))["requestId"] == "r1"


async def test_code_sends_itself_when_its_last_digit_is_in(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    field = await ask_code(page, server)
    await expect(page.get_by_text("We sent it to m•••@example.org.")).to_be_visible()
    await expect(field).to_have_attribute("autocomplete", "one-time-code")
    await expect(field).to_have_attribute("inputmode", "numeric")
    await field.press_sequentially("12a34-5")
    await expect(field).to_have_value("12345")
    await field.press("Enter")
    await expect(page.get_by_role("alert")).to_have_text("This code is not complete yet.")
    await field.press_sequentially("6")
    assert await server.wait_for("input") == {"type": "input", "requestId": "r1", "value": "123456"}


async def test_code_is_pasted_in_any_spelling(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await ask_code(page, server)
    spellings = {
        "123 456": "123456",
        "  223-456\n": "223456",
        "٣٢٣٤٥٦": "323456",
        "４２３４５６": "423456",
        "5234567": "523456",
    }
    for count, (text, code) in enumerate(spellings.items(), 1):
        await expect(code_field(page)).to_be_focused()
        await page.evaluate(PASTE, text)
        assert (await server.wait_for("input", count=count))["value"] == code
        server.send("inputRefused", requestId="r1", problem="wrong_code", attemptsLeft=9 - count)
        await expect(page.get_by_role("alert")).to_contain_text(f"{9 - count} more tries")


async def test_wrong_code_is_told_with_the_tries_left_and_goes_again_only_by_the_button(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    field = await ask_code(page, server)
    await field.press_sequentially("111111")
    await server.wait_for("input")
    server.send("inputRefused", requestId="r1", problem="wrong_code", attemptsLeft=2)
    alert = page.get_by_role("alert")
    await expect(alert).to_have_text("That is not the code. You have 2 more tries.")
    assert await field.evaluate("(field) => [field.selectionStart, field.selectionEnd]") == [0, 6]
    await field.press("End")
    await field.press("Backspace")
    await field.press_sequentially("1")  # The same wrong code again: no try is spent on a slip.
    await page.get_by_role("button", name="Check code").click()
    await server.wait_for("input", count=2)
    server.send("inputRefused", requestId="r1", problem="wrong_code", attemptsLeft=1)
    await expect(alert).to_have_text("That is not the code. You have one more try.")
    await page.keyboard.type("222222")  # The old digits are selected.
    assert (await server.wait_for("input", count=3))["value"] == "222222"
    assert len([message for message in server.messages if message["type"] == "input"]) == 3


async def test_another_code_can_be_asked_for_after_the_countdown(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    field = await ask_code(page, server, resendAfterMs=2_500)
    resend = page.get_by_role("button", name=re.compile("ew code"))
    await expect(resend).to_have_text(re.compile(r"^New code in 0:0[23]$"))
    await expect(resend).to_have_attribute("aria-disabled", "true")
    await resend.click(force=True)
    await field.press_sequentially("12")
    await expect(resend).to_have_text("Send a new code")
    await resend.click()
    assert await server.wait_for("resend") == {"type": "resend", "requestId": "r1"}
    await expect(page.get_by_role("form").get_by_role("status")).to_have_text("Sending a new code…")
    server.ask_input("r1", "code", sentTo="m•••@example.org", resendAfterMs=75_000)
    await expect(page.get_by_role("form").get_by_role("status")).to_have_text("A new code is on its way to you.")
    await expect(resend).to_have_text(re.compile(r"^New code in 1:1\d$"))
    await expect(field).to_have_value("")
    assert len([message for message in server.messages if message["type"] == "resend"]) == 1


async def test_without_leave_to_resend_there_is_no_button_for_it(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await ask_code(page, server)
    await expect(page.get_by_role("button", name=re.compile("ew code"))).to_have_count(0)


async def test_update_keeps_the_field_and_what_was_typed(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    field = await ask_code(page, server)
    await field.press_sequentially("123")
    await field.evaluate("(field) => { window.before = field; }")
    server.ask_input("r1", "code", sentTo="a•••@example.org", codeLength=4)
    await expect(page.get_by_text("We sent it to a•••@example.org.")).to_be_visible()
    assert await field.evaluate("(field) => field === window.before")
    await expect(field).to_have_value("123")
    await expect(field).to_be_focused()
    await field.press_sequentially("4")
    assert (await server.wait_for("input"))["value"] == "1234"


async def test_focus_is_not_stolen_from_somebody_who_types(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    composer = page.get_by_role("textbox", name="Type your answer")
    await composer.press_sequentially("One mo")
    server.ask_input("r1", "email")
    await expect(page.get_by_role("textbox", name="Your e-mail address")).to_be_visible()
    await expect(composer).to_be_focused()
    server.send("inputRefused", requestId="r1", problem="invalid_email", attemptsLeft=0)
    await expect(page.get_by_role("alert")).to_contain_text("does not look like")
    await page.keyboard.type("ment")
    await expect(composer).to_have_value("One moment")
    server.send("closeInput", requestId="r1")
    await expect(page.get_by_role("form", name="Your e-mail address")).to_have_count(0)
    await expect(composer).to_be_focused()


async def test_everything_about_a_code_by_keyboard(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=(), reduced_motion="reduce")
    field = await ask_code(page, server, resendAfterMs=0)
    await expect(field).to_be_focused()
    names = []
    for _ in range(4):
        await page.keyboard.press("Tab")
        names.append(await page.evaluate("document.activeElement.textContent || document.activeElement.id"))
    assert names == ["Check code", "Cancel", "Send a new code", "answer"]
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await server.wait_for("resend")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await server.wait_for("cancelInput")
    server.send("closeInput", requestId="r1")
    await expect(page.get_by_role("textbox", name="Type your answer")).to_be_focused()


async def test_field_survives_a_reconnect_and_goes_when_it_is_not_asked_for_again(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    field = await ask_code(page, server)
    await field.press_sequentially("123")
    await server.drop()
    await server.wait_for("microphone", count=2)
    await expect(page.get_by_role("button", name="Check code")).to_have_attribute("aria-disabled", "true")
    server.ask_input("r1", "code", sentTo="m•••@example.org")
    await expect(page.get_by_role("button", name="Check code")).to_have_attribute("aria-disabled", "false")
    await expect(field).to_have_value("123")
    await field.press_sequentially("456")
    assert (await server.wait_for("input"))["value"] == "123456"
    await server.drop()
    await server.wait_for("microphone", count=3)
    await expect(field).to_have_count(0)


async def test_card_fits_every_screen(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=(), color_scheme="dark")
    field = await ask_code(page, server, codeLength=8, resendAfterMs=60_000)
    await field.press_sequentially("1234567")
    for width, height in ((320, 568), (390, 844), (844, 390), (1280, 800)):
        await page.set_viewport_size({"width": width, "height": height})
        scrolled, small, outside = await page.evaluate(
            """() => {
              const field = document.querySelector('.field');
              const targets = [...document.querySelectorAll('.card button, .card input')].filter((e) => e.offsetParent);
              const boxes = targets.map((e) => [e.textContent || e.id, e.getBoundingClientRect()]);
              return [field.scrollWidth - field.clientWidth,
                      boxes.filter(([, b]) => b.width < 44 || b.height < 44).map(([name]) => name),
                      boxes.filter(([, b]) => b.left < 0 || b.right > innerWidth).map(([name]) => name)];
            }"""
        )
        assert scrolled <= 0, f"all digits are in sight at {width} × {height}"
        assert (small, outside) == ([], [])
        for button in ("Check code", "Cancel"):
            await page.get_by_role("button", name=button).scroll_into_view_if_needed()
            await expect(page.get_by_role("button", name=button)).to_be_in_viewport()
        await expect(page.locator(".hint")).to_be_in_viewport()


async def test_waiting_says_who_waits_for_whom(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.send("state", state="waiting")
    await expect(page.locator(".hint")).to_have_text("One moment")
    server.ask_input("r1", "email")
    await expect(page.locator(".hint")).to_have_text("Waiting for you")
    server.send("state", state="speaking")
    await expect(page.locator(".hint")).to_have_text("Speaking")
