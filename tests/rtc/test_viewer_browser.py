"""Two pages of a real Chromium: one is the person, the other the agent, who sees, hears and speaks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from playwright.async_api import Page as BrowserPage
from playwright.async_api import async_playwright

from rtc_server.rtc.audio_out import HANGOVER_FRAMES
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import PeerPolicy, PeerState
from rtc_server.rtc.viewer import Viewer
from tests.rtc import test_browser
from tests.rtc.client import sine, until
from tests.static.browser import LAUNCH_FLAGS, chromium_path

AGENT_PAGE = """<!doctype html><video id=eye autoplay muted></video>
<audio id=person autoplay></audio><audio id=avatar autoplay></audio><script>
const element = (id) => document.getElementById(id);
window.shown = [];
const noteFrame = () => element('eye').requestVideoFrameCallback((now) => { shown.push(now); noteFrame(); });
async function watch(withMicrophone) {
  const pc = window.pc = new RTCPeerConnection();
  const started = performance.now();
  const microphone = withMicrophone && (await navigator.mediaDevices.getUserMedia({audio: true})).getAudioTracks()[0];
  const voice = pc.addTransceiver(microphone || 'audio', {direction: microphone ? 'sendrecv' : 'recvonly'});
  const avatar = pc.addTransceiver('audio', {direction: 'recvonly'});
  const camera = pc.addTransceiver('video', {direction: 'recvonly'});
  for (const [transceiver, id] of [[voice, 'person'], [avatar, 'avatar'], [camera, 'eye']])
    element(id).srcObject = new MediaStream([transceiver.receiver.track]);
  noteFrame();
  await pc.setLocalDescription();
  await new Promise((done) => {
    pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done();
    if (pc.iceGatheringState === 'complete') done();
  });
  const response = await fetch('/watch', {method: 'POST', body: pc.localDescription.sdp});
  await pc.setRemoteDescription({type: 'answer', sdp: await response.text()});
  return started;
}
window.pixels = () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 64, height: 48});
  const context = canvas.getContext('2d');
  context.drawImage(element('eye'), 0, 0, 64, 48);
  return Array.from(context.getImageData(0, 0, 64, 48).data);
};
window.loudest = async (id, milliseconds) => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(element(id).srcObject).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  const end = performance.now() + milliseconds;
  let loudest = 0;
  while (performance.now() < end) {
    analyser.getFloatTimeDomainData(wave);
    loudest = Math.max(loudest, ...wave.map(Math.abs));
    await new Promise((done) => setTimeout(done, 10));
  }
  await context.close();
  return loudest;
};
window.person = () => pc.getStats().then((all) => Object.fromEntries(
  [...all.values()].filter((entry) => entry.type === 'inbound-rtp').map((entry) => [entry.mid, entry])));
</script>"""


class Desk(test_browser.Host):
    """The person's signalling, and beside it the agent's."""

    def __init__(self) -> None:
        super().__init__()
        self.hub = MediaHub()
        self.peer = self.new_peer()
        self.voice: list[bytes] = []
        self.states: list[PeerState] = []
        self.viewer = Viewer(PeerPolicy(), self.hub, on_state=self.states.append, on_voice=self._spoke)

    def new_peer(self) -> Peer:
        return Peer(PeerPolicy(), replace(self.heard.handlers(), hub=self.hub))

    def _spoke(self, payload: bytes) -> None:
        self.voice.append(payload)
        self.peer.audio_out.relay(payload)

    async def agent(self, request: web.Request) -> web.Response:
        return web.Response(text=AGENT_PAGE, content_type="text/html")

    async def watch(self, request: web.Request) -> web.Response:
        return web.Response(text=await self.viewer.answer(await request.text()))


@pytest.fixture
async def desk() -> AsyncIterator[tuple[Desk, str]]:
    served = Desk()
    app = web.Application()
    app.add_routes([web.get("/", served.page), web.post("/offer", served.offer)])
    app.add_routes([web.post("/candidates", served.candidates)])
    app.add_routes([web.get("/agent", served.agent), web.post("/watch", served.watch)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield served, f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await served.viewer.close()
        await served.peer.close()
        await runner.cleanup()


@pytest.fixture
async def pages() -> AsyncIterator[tuple[BrowserPage, BrowserPage]]:
    """The person's and the agent's."""
    program = chromium_path()
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    async with async_playwright() as playwright:
        arguments = [*LAUNCH_FLAGS, "--use-fake-ui-for-media-stream"]
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield await browser.new_page(), await browser.new_page()
        finally:
            await browser.close()


async def difference_of_pictures(agent: Any) -> float:
    """How much two pictures half a second apart differ, 0 to 255."""
    first = np.array(await agent.evaluate("pixels()"))
    await agent.wait_for_timeout(500)
    return float(np.abs(np.array(await agent.evaluate("pixels()")) - first).mean())


@pytest.mark.browser
async def test_an_agent_sees_hears_and_speaks(desk: tuple[Desk, str], pages: tuple[BrowserPage, BrowserPage]) -> None:
    served, address = desk
    person, agent = pages
    await person.goto(address)
    await person.evaluate("call()")
    await until(lambda: PeerState.CONNECTED in served.heard.states, timeout=15)
    await until(lambda: served.peer.frames.received > 5, timeout=10)

    await agent.goto(address + "agent")
    started = await agent.evaluate("watch(true)")
    await agent.wait_for_function("shown.length > 3", timeout=10_000)
    join_ms = await agent.evaluate("shown[0]") - started
    print(f"first frame shown after {join_ms:.0f} ms")
    assert join_ms < 1_000
    assert await difference_of_pictures(agent) > 0.3, "the picture moves"

    # Chromium's fake microphone beeps once a second.
    assert await agent.evaluate("loudest('person', 1500)") > 0.05
    served.peer.audio_out.play("u1", sine(1.5, 24_000), 24_000, last=True)
    assert await agent.evaluate("loudest('avatar', 1000)") > 0.1
    await until(lambda: len(served.heard.playback) == 2)
    await agent.wait_for_timeout(1_000 * HANGOVER_FRAMES * 0.02 + 200)

    served.peer.audio_out.begin_relay()
    assert await person.evaluate("loudest(3000)") is not None, "the person hears the agent's beep"
    # The browser may still play the end of the utterance; the agent's own beep would come back every second.
    windows = [await agent.evaluate("loudest('avatar', 1500)") for _ in range(2)]
    assert min(windows) < 0.02, "the agent does not hear themselves"
    served.peer.audio_out.end_relay()


@pytest.mark.browser
async def test_an_agent_without_a_microphone_sees_over_a_reconnection_and_goes(
    desk: tuple[Desk, str], pages: tuple[BrowserPage, BrowserPage]
) -> None:
    served, address = desk
    person, agent = pages
    await person.goto(address)
    await person.evaluate("call()")
    await until(lambda: PeerState.CONNECTED in served.heard.states, timeout=15)
    await agent.goto(address + "agent")
    await agent.evaluate("watch(false)")
    await agent.wait_for_function("shown.length > 3", timeout=10_000)
    assert served.voice == []

    former, served.peer = served.peer, served.new_peer()
    await person.evaluate("pc.close(); call()")
    await former.close()
    await until(lambda: served.peer.frames.received > 3, timeout=10)
    shown = await agent.evaluate("shown.length")
    await agent.wait_for_function(f"shown.length > {shown} + 10", timeout=5_000)
    assert await difference_of_pictures(agent) > 0.3, "the picture moves again"

    await agent.evaluate("pc.close()")
    await until(lambda: PeerState.LOST in served.states, timeout=10)
