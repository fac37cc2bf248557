"""A real server as a process of its own, a real Chromium, and clips of a voice that is not the avatar's."""

import asyncio
import base64
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from rtc_server.caller.voice import CallerVoice
from tests.conftest import REPOSITORY
from tests.e2e.people import Clips
from tests.fakes.films import FRAMES_PER_SECOND, frames_of, there_and_back
from tests.static.browser import LAUNCH_FLAGS, chromium_path

KEY = "sk_test_end_to_end_0001"
MICROPHONE = Path(__file__).with_name("microphone.js")


@dataclass(frozen=True)
class Server:
    """A running ``visavis serve``."""

    url: str
    key: str
    log: Path

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One REST call with the API key; JSON back."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def create(self, flow: list[dict[str, Any]], **more: Any) -> tuple[str, str]:
        """A new session: (id, link)."""
        answer = self.call("POST", "/sessions", {"flow": flow, **more})
        return answer["session"]["id"], answer["clientSecret"]["url"]

    def finished(self, session_id: str, seconds: float = 30.0) -> dict[str, Any]:
        """The session once it has ended."""
        session: dict[str, Any] = wait_for(
            lambda: self._if_finished(session_id), seconds, f"session {session_id} to end"
        )
        return session

    def _if_finished(self, session_id: str) -> dict[str, Any] | None:
        session: dict[str, Any] = self.call("GET", f"/sessions/{session_id}")["session"]
        return session if session["status"] in ("complete", "incomplete") else None


def wait_for(probe: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until ``probe`` returns something true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := probe():
            return found
        time.sleep(0.1)
    pytest.fail(f"waited {seconds:.0f} s for {what}")


@pytest.fixture(scope="session")
def server(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server as it is without settings of its own."""
    with running_server(tmp_path_factory.mktemp("server"), weights, KEY) as running:
        yield running


@contextmanager
def running_server(folder: Path, weights: Path, key: str, **settings: str) -> Iterator[Server]:
    """A server with these ``VISAVIS_`` settings, which must end cleanly and without a traceback in its log."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "VISAVIS_PORT": str(port),
        "VISAVIS_DATA_DIR": str(folder / "data"),
        "VISAVIS_MODELS_DIR": str(weights),
        "VISAVIS_BOOTSTRAP_KEY": key,
        "VISAVIS_MEDIA_MAX_SESSIONS": "16",
    }
    environment |= {f"VISAVIS_{name}": value for name, value in settings.items()}
    running = Server(f"http://localhost:{port}", key, folder / "server.log")
    log = running.log.open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "rtc_server", "serve"], cwd=REPOSITORY, env=environment, stdout=log, stderr=log
    )
    try:
        wait_for(lambda: _healthy(running.url, process), 60, "the server to start")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            pytest.fail("the server did not stop on SIGTERM")
        finally:
            log.close()
    text = running.log.read_text()
    assert status == 0, text[-3_000:]
    assert "Traceback" not in text, text[-3_000:]


def _healthy(url: str, process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        pytest.fail(f"the server ended at once with status {process.returncode}")
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=1) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Headless Chromium, ended with the module: Playwright's loop must not meet asyncio tests."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=LAUNCH_FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Person:
    """Somebody at the session page."""

    page: Page
    clips: Callable[[str], str]

    def begin(self, link: str, first_button: str = "Continue") -> None:
        """Open the link, allow microphone and camera, start."""
        self.page.goto(link)
        self.page.get_by_role("button", name=first_button, exact=True).click()
        self.page.get_by_role("button", name="Start the conversation").click()

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """Data-channel messages of a type, oldest first."""
        found: list[dict[str, Any]] = self.page.evaluate("kind => testMessages.filter((m) => m.type === kind)", kind)
        return found

    def wait_until(self, state: str, after: int = 0, seconds: float = 25.0) -> int:
        """Wait for a ``state`` message beyond the first ``after`` messages; the number of messages then."""

        def probe() -> int:
            script = "([s, n]) => testMessages.findIndex((m, i) => i >= n && m.type === 'state' && m.state === s) + 1"
            position: int = self.page.evaluate(script, [state, after])
            return position

        found: int = wait_for(probe, seconds, f"the avatar to be {state}")
        return found

    def say(self, text: str) -> None:
        """Speak, and wait until the last word is out."""
        self.page.evaluate("clip => testMicrophone.say(clip)", self.clips(text))


@pytest.fixture(scope="session")
def clips(weights: Path) -> Callable[[str], str]:
    """Text to a base64 WAV of speech, made once for each text."""
    made: dict[str, str] = {}

    async def make(text: str) -> str:
        voice = CallerVoice()
        try:
            samples = await voice.say(text)
        finally:
            await voice.close()
        stream = io.BytesIO()
        with wave.open(stream, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(48_000)
            file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
        return base64.b64encode(stream.getvalue()).decode()

    def clip(text: str) -> str:
        if text not in made:
            # On a thread of its own: Playwright keeps a loop running in this one.
            with ThreadPoolExecutor(1) as thread:
                made[text] = thread.submit(asyncio.run, make(text)).result()
        return made[text]

    return clip


@pytest.fixture
def person(chromium: Browser, clips: Callable[[str], str]) -> Iterator[Person]:
    """A fresh browser profile with the test's microphone; page errors fail the test."""
    context = chromium.new_context(permissions=["microphone", "camera"])
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(path=MICROPHONE)
    yield Person(page, clips)
    context.close()
    assert errors == []


@pytest.fixture(scope="session")
def films(shared_data: Path) -> Path:
    return shared_data / "vision" / "spoof" / "video"


@pytest.fixture(scope="session")
def seen(films: Path) -> Clips:
    frames = frames_of(films / "Krzysiek354_real.mp4", 3.0)
    return Clips(frames[: round(2.0 * FRAMES_PER_SECOND)], there_and_back(frames, turn_at=2.74, back_to=2.07))
