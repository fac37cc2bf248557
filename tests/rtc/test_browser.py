"""A real Chromium calls a peer: its microphone is heard, the voice is played at the RTP timestamp that was told."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from playwright.async_api import async_playwright

from rtc_server.rtc.messages import Ping
from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import PeerPolicy, PeerState
from tests.rtc.client import Heard, sine, until

PAGE = """<!doctype html><audio id=ear autoplay></audio><script>
async function call() {
  const media = await navigator.mediaDevices.getUserMedia({audio: true, video: true});
  const pc = window.pc = new RTCPeerConnection();
  const [microphone, camera] = [media.getAudioTracks()[0], media.getVideoTracks()[0]];
  window.audio = pc.addTransceiver(microphone, {direction: 'sendrecv'});
  pc.addTransceiver(camera, {direction: 'sendonly'});
  const channel = window.channel = pc.createDataChannel('visavis');
  window.messages = [];
  channel.onmessage = (event) => window.messages.push(JSON.parse(event.data));
  const candidates = [];
  let peerReady = false;
  const trickle = (list) => fetch('/candidates', {method: 'POST', body: JSON.stringify(list)});
  pc.onicecandidate = (event) => {
    const init = event.candidate ? event.candidate.toJSON() : {candidate: '', sdpMid: '0'};
    if (peerReady) trickle([init]); else candidates.push(init);
  };
  pc.ontrack = (event) => { document.getElementById('ear').srcObject = event.streams[0]; };
  await pc.setLocalDescription();
  const response = await fetch('/offer', {method: 'POST', body: pc.localDescription.sdp});
  peerReady = true;
  await trickle(candidates);
  await pc.setRemoteDescription({type: 'answer', sdp: await response.text()});
}
window.loudest = async (milliseconds) => {
  const context = new AudioContext();
  const source = context.createMediaStreamSource(document.getElementById('ear').srcObject);
  const analyser = context.createAnalyser();
  source.connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  const end = performance.now() + milliseconds;
  let found = null;
  while (performance.now() < end && !found) {
    analyser.getFloatTimeDomainData(wave);
    if (Math.max(...wave.map(Math.abs)) > 0.05) found = audio.receiver.getSynchronizationSources()[0].rtpTimestamp;
    await new Promise((done) => setTimeout(done, 5));
  }
  return found;
};
</script>"""


class Host:
    """The signalling that the page needs, for one peer."""

    def __init__(self) -> None:
        self.heard = Heard()
        self.peer = Peer(PeerPolicy(), self.heard.handlers())

    async def page(self, request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def offer(self, request: web.Request) -> web.Response:
        return web.Response(text=await self.peer.answer(await request.text()))

    async def candidates(self, request: web.Request) -> web.Response:
        await self.peer.add_candidates(json.loads(await request.text()))
        return web.Response(status=204)


@pytest.fixture
async def host() -> AsyncIterator[tuple[Host, str]]:
    served = Host()
    app = web.Application()
    app.add_routes([web.get("/", served.page), web.post("/offer", served.offer)])
    app.add_routes([web.post("/candidates", served.candidates)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield served, f"http://localhost:{runner.addresses[0][1]}/"
    finally:
        await served.peer.close()
        await runner.cleanup()


@pytest.fixture
async def chromium() -> AsyncIterator[Any]:
    program = os.environ.get("VISAVIS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    arguments = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
    ]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield await browser.new_page()
        finally:
            await browser.close()


@pytest.mark.browser
async def test_a_browser_talks_and_listens(host: tuple[Host, str], chromium: Any) -> None:
    served, address = host
    await chromium.goto(address)
    await chromium.evaluate("call()")
    await until(lambda: PeerState.CONNECTED in served.heard.states, timeout=15)
    # Chromium's fake microphone beeps once a second.
    await until(lambda: sum(s.size for _, s in served.heard.chunks) > 40_000, timeout=10)
    assert np.abs(served.heard.samples).max() > 0.05
    await until(lambda: served.peer.frames.received > 5, timeout=10)

    await chromium.evaluate("channel.send(JSON.stringify({type: 'ping', atMs: 7}))")
    await chromium.wait_for_function("messages.some((m) => m.type === 'pong' && m.atMs === 7)", timeout=5_000)
    assert Ping(at_ms=7) not in served.heard.messages

    listening = asyncio.ensure_future(chromium.evaluate("loudest(4000)"))
    await asyncio.sleep(0.5)
    told = served.peer.audio_out.play("u1", sine(1.0, 24_000), 24_000, last=True)
    playing = await listening
    assert playing is not None, "the page heard the voice"
    behind_ms = (((playing - told + 2**31) & 0xFFFFFFFF) - 2**31) / 48
    assert -40 < behind_ms < 250, "what the page plays when it hears the voice is the timestamp that play() told"
