"""The check before the call: what is found, how it is said, and that nobody has to wait for it."""

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.preflight import Preflights
from tests.fakes.session_server import FakeSessionServer
from tests.static.conftest import OpenPage
from tests.static.ways import HURRY

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DARK_AND_SILENT = """() => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const brush = canvas.getContext('2d');
  setInterval(() => { brush.fillStyle = `rgb(9 9 ${Date.now() % 9})`; brush.fillRect(0, 0, 320, 240); }, 60);
  const silence = new AudioContext().createMediaStreamDestination();
  navigator.mediaDevices.getUserMedia = async () =>
    new MediaStream([...silence.stream.getTracks(), ...canvas.captureStream(15).getTracks()]);
}"""


TALKING = """() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async ({ video }) => {
    const stream = await real({ video });
    const context = new AudioContext();
    const voice = context.createMediaStreamDestination();
    const tone = context.createOscillator();
    tone.connect(voice);
    tone.start();
    stream.addTrack(voice.stream.getAudioTracks()[0]);
    return stream;
  };
}"""
"""The browser's own fake microphone only clicks, which is not taken for a voice."""


async def to_the_check(page: Page) -> None:
    """From the welcome to the device check."""
    await page.get_by_role("button", name="Continue", exact=True).click()
    await expect(page.get_by_role("button", name="Start the conversation")).to_be_visible()


async def test_everything_is_well(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.preflight = {"transport": "udp", "roundTripMs": 34.4, "kilobitsPerSecond": 8_160}
    page = await open_page()
    await page.evaluate(TALKING)
    await to_the_check(page)
    findings = page.get_by_role("list", name="Checks before we start")
    await expect(findings).to_contain_text("We can hear you")
    await expect(findings).to_contain_text("Your camera works")
    await expect(findings).to_contain_text("Your connection is good")
    await expect(page.locator(".finding[data-verdict='good']")).to_have_count(3)
    await page.get_by_text("Figures").click()
    await expect(page.get_by_text("Direct (UDP). Answer after 34 ms, 8.2 Mbit/s.")).to_be_visible()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")


async def test_server_that_does_not_measure_is_no_failure(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()
    await to_the_check(page)
    await expect(page.get_by_text("Your connection was not checked. You can start.")).to_be_visible()
    await expect(page.locator(".finding").last).to_have_attribute("data-verdict", "unchecked")
    await expect(page.get_by_text("Figures")).to_be_hidden()


async def test_starting_does_not_wait_for_the_check(open_page: OpenPage, server: FakeSessionServer) -> None:
    page = await open_page()

    async def never(route: Any) -> None:
        await page.wait_for_timeout(3_000)
        await route.abort()

    await page.route("**/client/preflight", never)
    await to_the_check(page)
    await expect(page.get_by_text("Checking your connection…")).to_be_visible()
    await page.get_by_role("button", name="Start the conversation").click()
    await server.wait_for("microphone")
    await page.unroute_all(behavior="ignoreErrors")


async def test_a_dark_picture_and_a_silent_microphone_are_said_with_what_to_do(
    open_page: OpenPage, server: FakeSessionServer
) -> None:
    page = await open_page()
    await page.evaluate(DARK_AND_SILENT)
    await page.evaluate("() => { const real = performance.now.bind(performance); performance.now = () => real() * 5; }")
    await page.evaluate(HURRY)
    await to_the_check(page)
    findings = page.get_by_role("list", name="Checks before we start")
    await expect(findings).to_contain_text("it is dark. Turn towards a window or a lamp.")
    await expect(findings).to_contain_text("We have not heard you yet.")
    await page.get_by_role("button", name="Turn camera off").click()
    await expect(findings).to_contain_text("No picture while the camera is off.")


@pytest.mark.parametrize(
    ("found", "verdict", "text"),
    [
        ({"transport": "udp", "roundTripMs": 40, "kilobitsPerSecond": 9_000}, "good", "good"),
        ({"transport": "relay", "roundTripMs": 40, "kilobitsPerSecond": 9_000}, "fair", "relay"),
        ({"transport": "tcp", "roundTripMs": 40, "kilobitsPerSecond": 9_000}, "fair", "tcp"),
        ({"transport": "udp", "roundTripMs": 420, "kilobitsPerSecond": 9_000}, "fair", "slow"),
        ({"transport": "udp", "roundTripMs": 40, "kilobitsPerSecond": 300}, "fair", "slow"),
        ({"transport": "relay", "roundTripMs": 1_200, "kilobitsPerSecond": 300}, "bad", "weak"),
        ({"transport": "udp", "roundTripMs": 40, "kilobitsPerSecond": 60}, "bad", "weak"),
        ("unreachable", "bad", "unreachable"),
        ("unchecked", "unchecked", "unchecked"),
        ("waiting", "waiting", "waiting"),
    ],
)
async def test_connection_is_judged(module_page: Page, found: Any, verdict: str, text: str) -> None:
    finding = await module_page.evaluate(
        """async (connection) => {
          const { findings } = await import('/static/session/preflight_state.js');
          const { INITIAL } = await import('/static/session/state.js');
          return findings({ preflight: { ...INITIAL.preflight, connection }, microphone: 'live', camera: 'on' })[2];
        }""",
        found,
    )
    assert finding == {"part": "connection", "verdict": verdict, "text": text}


@pytest.mark.parametrize("answer", ["not json", '{"transport": "pigeon"}', "[]"])
async def test_junk_from_the_measuring_peer_is_no_result(module_page: Page, answer: str) -> None:
    result = await module_page.evaluate(
        """async (answer) => {
          const { measureConnection } = await import('/static/session/preflight_connection.js');
          const other = new RTCPeerConnection();
          other.ondatachannel = ({ channel }) => { channel.onopen = () => channel.send(answer); };
          const real = window.setTimeout;
          window.setTimeout = (call, ms, ...more) => real(call, ms / 20, ...more);
          try {
            return await measureConnection({
              preflight: async (sdp) => {
                await other.setRemoteDescription({ type: 'offer', sdp });
                await other.setLocalDescription();
                await new Promise((resolve) => real(resolve, 200));
                return { sdp: other.localDescription.sdp };
              },
            }, [], new AbortController().signal);
          } finally {
            window.setTimeout = real;
            other.close();
          }
        }""",
        answer,
    )
    assert result == "unchecked", "the connection was there"


async def test_server_that_measures_is_understood(open_page: OpenPage, server: FakeSessionServer) -> None:
    measuring = Preflights(PeerPolicy())
    page = await open_page()

    async def answer(route: Route) -> None:
        sdp = await measuring.answer("session-1", (route.request.post_data_json or {})["sdp"])
        await route.fulfill(json={"sdp": sdp, "type": "answer"})

    await page.route("**/client/preflight", answer)
    await to_the_check(page)
    await expect(page.locator(".finding").last).not_to_have_attribute("data-verdict", "waiting", timeout=11_000)
    await page.get_by_text("Figures").click()
    await expect(page.get_by_text("Direct (UDP). Answer after")).to_be_visible()
    await measuring.close()


async def test_network_that_lets_no_call_through_is_said(open_page: OpenPage, server: FakeSessionServer) -> None:
    server.preflight = {"transport": "udp", "roundTripMs": 30, "kilobitsPerSecond": 9_000}
    page = await open_page()
    await page.evaluate(HURRY)
    await page.evaluate(
        """() => {
          RTCPeerConnection.prototype.setRemoteDescription = async () => {};
        }"""
    )
    await to_the_check(page)
    await expect(page.get_by_text("Calls do not get through from this network.")).to_be_visible()
    await expect(page.get_by_role("button", name="Start the conversation")).to_be_enabled()
