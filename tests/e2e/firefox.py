"""Firefox driven by Marionette, the protocol that it speaks itself: no driver program and no package is needed.

Each message is ``length:[type, id, name or error, parameters or result]`` in JSON over TCP; the commands are those of
W3C WebDriver (Firefox source documentation, "Marionette: protocol").
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

START_SECONDS = 60.0
STOP_SECONDS = 20.0
COMMAND_SECONDS = 60.0
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""The key of an element's reference (WebDriver, 12.2)."""

PREFERENCES = {
    "marionette.port": 0,
    # A camera and a microphone that show a pattern and play a tone, and no question about them.
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    # Server and browser are on one machine, which may have no other address.
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    # Nothing is fetched beside the page.
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


def firefox_path() -> str | None:
    """The Firefox of this machine, or None."""
    return next((path for name in ("firefox-esr", "firefox") if (path := shutil.which(name))), None)


class MarionetteError(Exception):
    """Firefox refused a command; the text is its own."""


class Firefox:
    """One window of a running Firefox."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=COMMAND_SECONDS)
        self._stream = self._socket.makefile("rb")
        self._count = 0
        self._read()
        self.version: str = self.command("WebDriver:NewSession")["capabilities"]["browserVersion"]

    def command(self, name: str, **parameters: Any) -> Any:
        """The result of a command. Raises MarionetteError."""
        self._count += 1
        text = json.dumps([0, self._count, name, parameters]).encode()
        self._socket.sendall(str(len(text)).encode() + b":" + text)
        _, _, error, result = self._read()
        if error:
            raise MarionetteError(f"{name}: {error['message']}")
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def open(self, url: str) -> None:
        """Load a page."""
        self.command("WebDriver:Navigate", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a function's body returns in the page; a promise is waited for."""
        return self.command("WebDriver:ExecuteScript", script=script, args=list(arguments))

    def click(self, button: str) -> None:
        """Press the visible button of this name, as soon as it is there."""
        self.command("WebDriver:ElementClick", id=self._element(f"//button[normalize-space()='{button}']"))

    def type(self, path: str, text: str) -> None:
        """Type into the element of this XPath, as soon as it is there."""
        self.command("WebDriver:ElementSendKeys", id=self._element(path), text=text)

    def wait_until(self, script: str, what: str, seconds: float = 30.0) -> Any:
        """What a function's body returns in the page, once it is something true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := self.run(script):
                return found
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds:.0f} s for {what}; the page says: {self.text()[-600:]}")

    def text(self) -> str:
        """All that can be read on the page."""
        return str(self.run("return document.body.innerText"))

    def _element(self, path: str, seconds: float = 20.0) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for element in self.command("WebDriver:FindElements", using="xpath", value=path):
                if self.command("WebDriver:IsElementDisplayed", id=element[ELEMENT]):
                    return str(element[ELEMENT])
            time.sleep(0.1)
        raise AssertionError(f"waited {seconds:.0f} s for {path}; the page says: {self.text()[-600:]}")

    def _read(self) -> Any:
        digits = b""
        while (byte := self._stream.read(1)) != b":":
            if not byte:
                raise MarionetteError("Firefox is gone")
            digits += byte
        return json.loads(self._stream.read(int(digits)))

    def close(self) -> None:
        """End the connection."""
        self._stream.close()
        self._socket.close()


@contextmanager
def running_firefox(path: str, folder: Path) -> Iterator[Firefox]:
    """A headless Firefox with a fresh profile in this folder."""
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items())
    (folder / "user.js").write_text("".join(lines))
    command = [path, "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
    with (folder / "firefox.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        firefox = Firefox(_port(folder / "MarionetteActivePort", process))
        try:
            yield firefox
        finally:
            firefox.close()
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _port(file: Path, process: "subprocess.Popen[bytes]") -> int:
    """Where Firefox listens: it writes the number into its profile."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"Firefox ended at once with status {process.returncode}")
        if file.exists() and (text := file.read_text().strip()):
            return int(text)
        time.sleep(0.05)
    raise AssertionError(f"Firefox did not listen within {START_SECONDS:.0f} s")
