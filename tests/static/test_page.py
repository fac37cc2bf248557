"""A person's ways through the session page, against a server that really speaks WebRTC."""

import re

import pytest
from playwright.async_api import expect

from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import join, join_typing

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

REFUSE_DEVICES = """(name) => {
  navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', name); };
}"""


async def test_talk_by_voice_from_welcome_to_the_end(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")
    await expect(page.get_by_text("Ava is an AI avatar")).to_be_visible()
    await join(page, server)
    assert (await server.wait_for("microphone"))["state"] == "live"
    assert "m=audio" in server.offers[0]["sdp"]
    assert "m=video" in server.offers[0]["sdp"]

    server.send("state", state="speaking")
    server.send("caption", id="1", speaker="avatar", text="Hello, what is your name?", final=True)
    await expect(page.locator(".hint")).to_have_text("Speaking")
    await expect(page.get_by_role("log")).to_contain_text("Hello, what is your name?")
    server.send("state", state="hearing")
    await expect(page.locator(".hint")).to_have_text("Hearing you")

    server.send("finished", status="complete", reason="end")
    await expect(page.get_by_role("heading", level=1)).to_have_text("All done. Thank you!")
    await expect(page.get_by_role("heading", level=1)).to_be_focused()


async def test_typing_is_an_equal_way_to_answer(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    assert (await server.wait_for("microphone"))["state"] == "absent"
    assert "a=recvonly" in server.offers[0]["sdp"]
    field = page.get_by_role("textbox", name="Type your answer")
    await expect(field).to_be_focused()
    await field.fill("Ada Lovelace")
    await field.press("Enter")
    assert (await server.wait_for("text"))["text"] == "Ada Lovelace"
    await expect(field).to_have_value("")
    await field.press("Enter")
    await field.fill("two\nlines")
    await page.get_by_role("button", name="Send answer").click()
    assert (await server.wait_for("text", count=2))["text"] == "two\nlines"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("NotAllowedError", "The microphone is blocked"),
        ("NotFoundError", "No microphone found"),
        ("NotReadableError", "The microphone is busy"),
        ("OverconstrainedError", "This device does not fit"),
    ],
)
async def test_refused_devices_are_explained_and_typing_still_works(
    open_page: OpenPage, server: FakeSessionServer, error: str, words: str
) -> None:
    page = await open_page(permissions=())
    await page.evaluate(REFUSE_DEVICES, error)
    await page.get_by_role("button", name="Continue", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text(words)
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
    await page.get_by_role("button", name="Answer by typing").click()
    await server.wait_for("microphone")


async def test_camera_that_is_not_to_be_had_is_done_without(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await page.evaluate(
        """() => {
          const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            if (wanted.video) throw new DOMException('none', 'NotFoundError');
            return real(wanted);
          };
        }"""
    )
    await join(page, server)
    assert "m=video" not in server.offers[0]["sdp"]
    await expect(page.locator(".self")).to_be_hidden()


async def test_microphone_meter_moves_and_hears_somebody(open_page: OpenPage) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Continue", exact=True).click()
    await expect(page.get_by_role("meter", name="Microphone level")).to_be_visible()
    await expect(page.locator("level-meter .lit").first).to_be_attached()
    await page.get_by_role("button", name="Turn camera off").click()
    await expect(page.get_by_text("Your camera is off")).to_be_visible()


async def test_mute_is_told_to_the_server(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join(page, server)
    await page.get_by_role("button", name="Mute microphone", exact=True).click()
    assert (await server.wait_for("microphone", count=2))["state"] == "muted"
    await page.get_by_role("button", name="Unmute microphone").click()
    assert (await server.wait_for("microphone", count=3))["state"] == "live"
    statistics = await server.wait_for("statistics")
    assert {"roundTripMs", "jitterBufferMs", "packetsLost", "concealedSamples"} <= set(statistics)


async def test_microphone_that_is_unplugged_is_told_and_typing_offered(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(
        """() => {
          const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => (window.captured = await real(wanted));
        }"""
    )
    await join(page, server)
    await page.evaluate("captured.getAudioTracks()[0].dispatchEvent(new Event('ended'))")
    assert (await server.wait_for("microphone", count=2))["state"] == "absent"
    await expect(page.locator(".banner")).to_contain_text("Your microphone was disconnected")
    await expect(page.get_by_role("button", name="No microphone")).to_be_disabled()
    await page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    assert (await server.wait_for("microphone", count=3))["state"] == "live"
    await expect(page.locator(".banner")).to_be_hidden()


async def test_reconnects_with_the_same_page_id_when_the_server_falls_silent(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.send("caption", id="1", speaker="avatar", text="Where were we?", final=True)
    await expect(page.get_by_role("log")).to_contain_text("Where were we?")
    await server.drop()
    await server.wait_for("microphone", count=2)
    assert len({offer["pageId"] for offer in server.offers}) == 1
    assert len(server.offers) == 2
    await expect(page.locator(".banner")).to_be_hidden()
    await expect(page.get_by_role("log")).to_contain_text("Where were we?")


async def test_says_that_it_reconnects_while_the_server_is_away(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.refusal = (500, {"code": "internal"}, {})
    await server.drop()
    await expect(page.locator(".banner")).to_contain_text("attempt 2 of 6")
    await expect(page.get_by_role("button", name="Send answer")).to_be_disabled()
    server.refusal = None
    await page.evaluate("dispatchEvent(new Event('online'))")
    await server.wait_for("microphone", count=2)
    await expect(page.locator(".banner")).to_be_hidden()


async def test_page_that_was_replaced_says_so_and_can_take_the_session_back(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.send("replaced")
    await expect(page.get_by_role("heading", level=1)).to_have_text("The conversation continues elsewhere")
    server.opening["session"]["status"] = "inProgress"
    await page.get_by_role("button", name="Continue here instead").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")


async def test_reload_ends_nothing(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    await page.reload()
    await join_typing(page, server)
    await server.wait_for("microphone", count=2)
    assert not server.left.is_set()
    assert not any(message["type"] == "leave" for message in server.messages)


@pytest.mark.parametrize(
    ("status", "code", "heading"),
    [
        (404, "client_secret_unknown", "We do not know this link"),
        (410, "client_secret_expired", "This link has expired"),
        (409, "session_finished", "All done. Thank you!"),
        (500, "internal", "Something went wrong on our side"),
    ],
)
async def test_links_that_lead_nowhere_are_explained(
    open_page: OpenPage, server: FakeSessionServer, status: int, code: str, heading: str
) -> None:
    server.refusal = (status, {"code": code, "status": "complete"}, {})
    page = await open_page()
    await expect(page.get_by_role("heading", level=1)).to_have_text(heading)


async def test_link_without_a_secret_is_explained(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page("/")
    await expect(page.get_by_role("heading", level=1)).to_have_text("This link is not complete")
    page = await open_page("/?cs=cs_wrong")
    await expect(page.get_by_role("heading", level=1)).to_have_text("We do not know this link")


async def test_busy_server_is_tried_again_after_the_time_it_named(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.refusal = (503, {"code": "busy"}, {"Retry-After": "2"})
    page = await open_page()
    await expect(page.get_by_role("timer")).to_have_text(re.compile(r"Next try in [12] s"))
    server.refusal = None
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Meet Ava")


async def test_barge_in_silences_the_speaker_at_once(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await join(page, server)
    audio = page.locator("audio")
    clause = {"utteranceId": "u", "text": "Hello", "durationMs": 60_000, "visemes": [[0, "aa", 1.0]]}
    server.send("speech", **clause, rtpTimestamp=await server.playing_rtp())
    await page.wait_for_function(
        """() => {
          const mouth = document.querySelector('visavis-avatar').shadowRoot.querySelector('.mouth clipPath path');
          return mouth.getBBox().height > 25;
        }"""
    )
    server.send("speechPaused", utteranceId="u")
    await expect(audio).to_have_js_property("muted", True)
    server.send("speechResumed", utteranceId="u", rtpTimestamp=await server.playing_rtp(), offsetMs=900)
    await expect(audio).to_have_js_property("muted", False)
    server.send("speechStopped", utteranceId="u")
    await expect(audio).to_have_js_property("muted", True)
    server.send("speech", **{**clause, "utteranceId": "v"}, rtpTimestamp=await server.playing_rtp())
    await expect(audio).to_have_js_property("muted", False)


async def test_captions_and_transcript_can_be_hidden(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page(permissions=())
    await join_typing(page, server)
    server.send("caption", id="1", speaker="user", text="My answer", final=False)
    caption = page.locator(".caption")
    await expect(caption).to_have_text("You: My answer")
    await page.get_by_role("button", name="Hide captions").click()
    await expect(caption).to_be_hidden()
    await page.get_by_role("button", name="Hide transcript").last.click()
    await expect(page.get_by_role("log")).to_be_hidden()
    await expect(page.get_by_role("textbox", name="Type your answer")).to_be_visible()


async def test_words_of_the_customer_in_the_language_of_the_session(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    server.opening["session"]["language"] = "de-AT"
    server.opening["customization"] = {
        "permissionsPage": {
            "mainHeading": "Hi",
            "mainHeadingTranslates": {"de": "Guten Tag"},
            "buttonText": "<b>Go</b>",
        }
    }
    page = await open_page()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag")
    await expect(page.get_by_role("button", name="<b>Go</b>")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "de"
