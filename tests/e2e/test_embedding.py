"""A session in the page of a partner on another origin: widget, modal window, plain frame, and who must not embed."""

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.e2e.conftest import KEY, MICROPHONE, wait_for
from tests.e2e.partner import HEARD, Demo, foreign_site, running_demo
from tests.e2e.people import SETTINGS, Clips
from tests.scores.flows import name_flow
from vision.ports import RgbImage

pytestmark = [pytest.mark.browser, pytest.mark.models, pytest.mark.shared, pytest.mark.slow]

CAMERA = Path(__file__).with_name("reacting_camera.js")


@pytest.fixture(scope="module")
def demo(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_demo(tmp_path_factory.mktemp("demo"), weights, KEY, **SETTINGS) as running:
        yield running


@pytest.fixture(scope="module")
def camera(seen: Clips) -> str:
    """The script of a camera before which somebody sits."""
    clips = {"calm": [jpeg(frame) for frame in seen.calm], "turns": [jpeg(frame) for frame in seen.turns]}
    return CAMERA.read_text().replace('"CLIPS"', json.dumps(clips))


def jpeg(frame: RgbImage) -> str:
    done, data = cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    assert done
    return base64.b64encode(data.tobytes()).decode()


@pytest.fixture
def page(chromium: Browser, camera: str) -> Iterator[Page]:
    """A fresh profile whose pages remember what they hear; exceptions in them fail the test."""
    context = chromium.new_context(permissions=["microphone", "camera"])
    context.add_init_script(HEARD)
    context.add_init_script(camera)
    # Frames that show no page of ours have no devices.
    context.add_init_script(f"if (navigator.mediaDevices) {{ {MICROPHONE.read_text()} }}")
    page = context.new_page()
    page.set_default_timeout(20_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def heard(page: Page, *types: str) -> list[dict[str, Any]]:
    """What the embedding page heard of these types, oldest first."""
    found: list[dict[str, Any]] = page.evaluate("types => heard.filter(({type}) => types.includes(type))", list(types))
    return found


def open_account(page: Page, demo: Demo, variant: str) -> str:
    """From the partner's page to its report, with a typed name and a look into the camera; the session's id."""
    page.goto(f"{demo.site}/")
    page.get_by_role("radio", name="Open an account").check()
    page.get_by_role("radio", name=variant).check()
    page.get_by_role("button", name="Start the conversation").click()
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Continue", exact=True).click()
    frame.get_by_role("button", name="Start the conversation").click()
    type_answer(frame, "May I have your full name?", "Maria Lopez")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. That was all we need.", timeout=70_000)
    expect(page.locator(".report dl")).to_contain_text("Lopez")
    expect(page.locator("#panel-events li").filter(has_text="complete")).to_contain_text("verified")
    (session,) = demo.server.call("GET", "/sessions?limit=1")["sessions"]
    return str(session["id"])


def type_answer(frame: FrameLocator, question: str, answer: str) -> None:
    """Into the field of the call, once the question is asked."""
    expect(frame.locator("body")).to_contain_text(question, timeout=30_000)
    field = frame.get_by_role("textbox", name="Type your answer")
    if not field.is_visible():
        frame.get_by_role("button", name="Show transcript").click()
    field.fill(answer)
    field.press("Enter")


def assert_verified(demo: Demo, session_id: str) -> None:
    """The session came to its good end, and somebody was seen."""
    session = demo.server.finished(session_id)
    assert session["status"] == "complete"
    reports = session["report"]["nodeReports"]
    assert [(node["nodeId"], node["outcome"]) for node in reports] == [
        ("hello", "live"),
        ("live", "livenessDetected"),
        ("open_bye", "end"),
    ], reports[1]["evidence"]
    assert session["report"]["livenessDetected"] is True


@pytest.mark.parametrize("variant", ["Widget in the page", "Widget over the page"])
def test_the_widget_tells_every_step_of_an_identity_check(page: Page, demo: Demo, variant: str) -> None:
    session_id = open_account(page, demo, variant)
    assert_verified(demo, session_id)
    told = heard(page, "ready", "permission", "state", "node", "finished", "error")
    assert told[0] == {"type": "ready", "sessionId": session_id, "locale": "en"}
    assert [message["nodeId"] for message in told if message["type"] == "node"] == [
        "hello",
        "live",
        "open_bye",
        "end",
    ]
    assert told[-1] == {"type": "finished", "sessionId": session_id, "status": "complete"}
    assert {"type": "permission", "microphone": "granted", "camera": "granted"} in told
    assert {"speaking", "listening"} <= {message["state"] for message in told if message["type"] == "state"}
    assert [message for message in told if message["type"] == "error"] == []
    lines = [caption["text"] for caption in heard(page, "caption") if caption["final"]]
    assert "Please turn your head slowly to your left." in lines, lines
    posted = [message["data"] for message in heard(page, "posted")]
    legacy = [json.loads(data) for data in posted if isinstance(data, str)]
    assert legacy == [{"message": "SESSION_FINISHED", "sessionId": session_id, "status": "complete"}]
    assert {message["origin"] for message in heard(page, "posted")} == {demo.server.url}


def test_a_plain_frame_tells_its_end_and_nothing_else(page: Page, demo: Demo) -> None:
    session_id = open_account(page, demo, "Plain iframe")
    assert_verified(demo, session_id)
    (posted,) = heard(page, "posted")
    assert json.loads(posted["data"]) == {"message": "SESSION_FINISHED", "sessionId": session_id, "status": "complete"}


def test_a_frame_without_allow_is_diagnosed(page: Page, demo: Demo) -> None:
    _, link = demo.server.create(name_flow())
    advice: list[str] = []
    page.on("console", lambda message: advice.append(message.text) if message.type == "error" else None)
    with foreign_site(
        {"/": f'<!doctype html><title>Shop</title><iframe src="{link}" width="900" height="700">'}
    ) as site:
        page.goto(site)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Continue", exact=True).click()
        expect(frame.get_by_role("alert")).to_contain_text("This site keeps the microphone from us")
        expect(frame.get_by_role("button", name="Answer by typing")).to_be_visible()
    assert any('allow="camera; microphone' in text for text in advice), advice


def test_a_site_that_is_not_on_the_list_gets_an_empty_frame(page: Page, demo: Demo) -> None:
    with urllib.request.urlopen(urllib.request.Request(f"{demo.site}/demo/session", method="POST")) as response:
        link = json.load(response)["url"]
    with urllib.request.urlopen(link) as response:
        assert f"frame-ancestors {demo.site}" in response.headers["Content-Security-Policy"]
    script = f'<script type="module" src="{demo.server.url}/static/widget/visavis-session.js"></script>'
    shop = f'<!doctype html><title>Shop</title>{script}<visavis-session src="{link}"></visavis-session>'
    with foreign_site({"/": shop}) as site:
        page.goto(site)
        page.wait_for_function("heard.some(({type}) => type === 'error')")
        (error,) = heard(page, "error")
        assert (error["code"], error["recoverable"]) == ("unreachable", True)
        assert f"{site} is among the allowedOrigins" in error["fix"]
        assert page.frame_locator("iframe").get_by_role("button").count() == 0
        assert heard(page, "ready", "state", "posted") == []


def test_forged_messages_change_nothing(page: Page, demo: Demo) -> None:
    session_id, link = demo.server.create(name_flow())
    forgery = json.dumps(
        [
            {"visavis": 1, "type": "finished", "sessionId": session_id, "status": "complete"},
            {"visavis": 1, "type": "node", "nodeId": "forged", "nodeType": "conversation"},
            json.dumps({"message": "SESSION_FINISHED", "sessionId": session_id, "status": "complete"}),
        ]
    )
    hostile = json.dumps({"visavis": 1, "type": "hello", "options": {"strings": {"welcome.allow": "Pay now"}}})
    pages = {
        "/": f"""<!doctype html><title>Shop</title>
            <script type="module" src="{demo.server.url}/static/widget/visavis-session.js"></script>
            <visavis-session src="{link}"></visavis-session><iframe src="/forger" name="forger"></iframe>""",
        "/forger": f"""<!doctype html><script>
            setInterval(() => {{
              for (const message of {forgery}) parent.postMessage(message, "*");
              for (let i = 0; i < parent.length; i += 1) if (parent[i] !== self) parent[i].postMessage({hostile}, "*");
            }}, 200);</script>""",
    }
    with foreign_site(pages) as site:
        page.goto(site)
        page.wait_for_function("heard.some(({type}) => type === 'ready')")
        page.wait_for_function("document.querySelector('visavis-session').ignoredMessages > 10")
        frame = page.frame_locator("visavis-session iframe")
        expect(frame.get_by_role("button", name="Continue", exact=True)).to_be_visible()
        assert frame.get_by_text("Pay now").count() == 0
        assert heard(page, "finished", "node", "error") == []
        assert page.evaluate("document.querySelector('visavis-session').session") == {
            "id": session_id,
            "status": "open",
        }
    assert demo.server.call("GET", f"/sessions/{session_id}")["session"]["status"] == "created"


def test_a_webhook_without_a_valid_signature_is_refused_and_counted(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/")
    page.get_by_role("button", name="Start the conversation").click()
    expect(page.locator("#panel-events li")).to_contain_text(["verified"])
    forged = json.dumps({"id": "evt_1", "type": "session.status", "sessionId": "x", "status": "complete"}).encode()
    headers = {"webhook-id": "evt_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{demo.site}/demo/webhook", forged, headers, method="POST"))
    assert refused.value.code == 401
    expect(page.get_by_role("status").filter(has_text="no valid signature")).to_be_visible()
    wait_for(lambda: page.locator("#panel-events li").count() == 1, 5, "no other event")
