"""Somebody of the support team in a browser of their own: signs in, looks on, acts."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Server

LOUD = 1e-5
"""Energy of sound (``totalAudioEnergy``) that is more than a microphone's noise."""

PASSWORD = "seven lamps along the harbour wall"

CONNECTIONS = """
window.testConnections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...parts) {
    super(...parts);
    window.testJoined = performance.now();
    testConnections.push(this);
  }
};
window.testEnergy = async () => {
  const found = [];
  for (const connection of testConnections)
    for (const entry of (await connection.getStats()).values())
      if (entry.type === "inbound-rtp" && entry.kind === "audio") found.push([entry.mid, entry.totalAudioEnergy ?? 0]);
  return found;
};
"""
"""The sound that has come in over every connection of the page, by medium."""

FIRST_FRAME = """
window.testFrame = null;
addEventListener("click", () => {
  const clicked = performance.now();
  window.testFrame = new Promise((seen, failed) => {
    setTimeout(() => failed(new Error("no picture came")), 20_000);
    const look = () => {
      const video = [...document.querySelectorAll("video")].find((each) => each.currentTime > 0 && each.videoWidth > 0);
      if (video) seen([performance.now() - clicked, performance.now() - testJoined]);
      else requestAnimationFrame(look);
    };
    look();
  });
}, { capture: true, once: true });
"""
"""Milliseconds to the first picture of a video: from the next click, and from when the page began to connect."""


@dataclass
class Agent:
    """An account and its browser."""

    server: Server
    data_dir: Path
    page: Page
    email: str

    def row(self, session_id: str) -> Locator:
        """The line of a session in the list."""
        return self.page.locator(f".row[data-id='{session_id}']")

    def open(self, session_id: str) -> tuple[float, float]:
        """Open a session from the list; seconds until its picture moves, from the click and from joining."""
        self.page.goto(f"{self.server.url}/console/#/live")
        row = self.row(session_id)
        row.wait_for()
        self.page.evaluate(FIRST_FRAME)
        row.click()
        from_click, from_join = self.page.evaluate("testFrame")
        return from_click / 1000, from_join / 1000

    def press(self, name: str) -> None:
        """A button of the page, by its whole name."""
        self.page.get_by_role("button", name=re.compile(f"^{name}")).first.click()

    def whisper(self, text: str) -> None:
        """Have the avatar say a line."""
        field = self.page.get_by_role("textbox", name=re.compile("whisper|avatar says", re.IGNORECASE))
        field.fill(text)
        field.press("Enter")

    def audit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``visavis audit …`` beside the running server."""
        environment = os.environ | {"VISAVIS_DATA_DIR": str(self.data_dir)}
        command = [sys.executable, "-m", "rtc_server", "audit", *arguments]
        return subprocess.run(
            command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    def audited(self, session_id: str, folder: Path) -> list[dict[str, Any]]:
        """The entries about a session, oldest first, of a chain that is whole."""
        verified = self.audit("verify", "--json")
        assert verified.returncode == 0, verified.stdout + verified.stderr
        file = folder / "audit.jsonl"
        exported = self.audit("export", str(file))
        assert exported.returncode == 0, exported.stderr
        entries = [json.loads(line) for line in file.read_text().splitlines()]
        return [entry for entry in entries if entry.get("sessionId") == session_id]


def inbound_energy(page: Page) -> dict[str, float]:
    """Sound that has come in so far, by medium; of the newest connection."""
    found: list[list[Any]] = page.evaluate("testEnergy()")
    return {str(medium): float(energy) for medium, energy in found}


def hears(page: Page, seconds: float = 10.0, medium: str | None = None) -> bool:
    """Whether sound comes in, of one medium or of any, within so long."""
    before = inbound_energy(page)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        page.wait_for_timeout(200)
        for name, energy in inbound_energy(page).items():
            if medium in (None, name) and energy > before.get(name, 0.0) + LOUD:
                return True
    return False


def add_agent(server: Server, data_dir: Path, context: BrowserContext, email: str, name: str) -> Agent:
    """An account made on the command line, set up by its link, and signed in."""
    environment = os.environ | {"VISAVIS_DATA_DIR": str(data_dir)}
    command = [sys.executable, "-m", "rtc_server", "staff", "add", email, "--name", name, "--role", "supervisor"]
    added = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert added.returncode == 0, added.stderr
    link = re.search(r"#setup=\S+", added.stdout)
    assert link is not None, added.stdout
    page = context.new_page()
    page.goto(f"{server.url}/console/{link.group()}")
    authenticator = pyotp.TOTP(page.locator(".secret code").inner_text())
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_label("Code").fill(authenticator.now())
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".codes li")).to_have_count(8)
    page.get_by_role("button", name="Go to sign-in").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    # The code of this half minute is used up; a clock may be one step ahead.
    page.get_by_label("Code").fill(authenticator.at(time.time() + 30))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Live").wait_for()
    return Agent(server, data_dir, page, email)


def agent_context(browser: Browser) -> BrowserContext:
    """A browser profile with a microphone that beeps."""
    context = browser.new_context(permissions=["microphone"], viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    context.add_init_script(CONNECTIONS)
    return context


def close_quietly(context: BrowserContext) -> None:
    """It may be closed already, in the middle of something."""
    with contextlib.suppress(Exception):
        context.close()
