"""``visavis serve`` and ``visavis demo`` as a person meets them: processes that are started, used and stopped."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from tests.conftest import REPOSITORY
from tests.scores.flows import name_flow

KEY = "sk_test_commands_serve_0001"
START_SECONDS = 90.0
"""Loading the models on a busy machine."""
STOP_SECONDS = 10.0
LINKS = r"Talk to it: +(\S+)\n +Partner's page: +(\S+)\n +Codes it sends: +(\S+)"


@contextmanager
def visavis(folder: Path, *arguments: str, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """The command as a process of its own; killed at the end if it still runs."""
    environment = os.environ | {f"VISAVIS_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "rtc_server", *arguments],
        cwd=REPOSITORY,
        env=environment | {"VISAVIS_DATA_DIR": str(folder / "data"), "PYTHONUNBUFFERED": "1"},
        stdout=(folder / "out.txt").open("w"),
        stderr=(folder / "err.txt").open("w"),
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(STOP_SECONDS)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_text(process: "subprocess.Popen[str]", file: Path, pattern: str) -> "re.Match[str]":
    """Wait until the process has printed something."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if found := re.search(pattern, file.read_text()):
            return found
        assert process.poll() is None, (file.parent / "err.txt").read_text()
        time.sleep(0.1)
    pytest.fail(f"{pattern!r} was not printed in {START_SECONDS:.0f} s")


def call(url: str, body: Any = None, key: str = KEY) -> Any:
    """One REST call; JSON back."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as response:
        return json.load(response)


def stop(process: "subprocess.Popen[str]", folder: Path, how: int = signal.SIGTERM) -> None:
    """Ask the process to end; it must do so in time, with status 0 and without a traceback."""
    started_at = time.monotonic()
    process.send_signal(how)
    assert process.wait(STOP_SECONDS) == 0
    assert time.monotonic() - started_at < STOP_SECONDS
    assert "Traceback" not in (folder / "err.txt").read_text()


@pytest.mark.models
@pytest.mark.slow
def test_a_server_takes_sessions_with_the_first_key_and_stops(weights: Path, tmp_path: Path) -> None:
    port = free_port()
    settings = {"port": str(port), "models_dir": str(weights), "bootstrap_key": KEY}
    with visavis(tmp_path, "serve", **settings) as process:
        wait_for_text(process, tmp_path / "err.txt", rf"listening on http://127\.0\.0\.1:{port}")
        answer = call(f"http://127.0.0.1:{port}/sessions", {"flow": name_flow()})
        assert answer["session"]["status"] == "created"
        again = call(f"http://127.0.0.1:{port}/sessions/{answer['session']['id']}")
        assert again["session"]["id"] == answer["session"]["id"]
        log = (tmp_path / "err.txt").read_text()
        assert KEY not in log
        assert answer["clientSecret"]["secret"] not in log
        # Another one on the same port says so in one line.
        other = tmp_path / "other"
        other.mkdir()
        with visavis(other, "serve", **settings) as second:
            assert second.wait(START_SECONDS) == 1
        (line,) = [line for line in (other / "err.txt").read_text().splitlines() if line.startswith("visavis:")]
        assert f"127.0.0.1:{port} is taken by another program; choose another port with --port" in line
        assert "Traceback" not in (other / "err.txt").read_text()
        stop(process, tmp_path)


@pytest.mark.models
@pytest.mark.slow
def test_the_demo_takes_the_next_free_ports_and_prints_its_links(weights: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with visavis(tmp_path, "demo", "--no-browser", "--port", str(port), models_dir=str(weights)) as process:
            found = wait_for_text(process, tmp_path / "out.txt", LINKS)
            session_page, partner_page, mailbox = found.groups()
            chosen, partner_port = (int(URL(page).port or 0) for page in (session_page, partner_page))
            assert port < chosen < partner_port < port + 40, "the partner is on an origin of its own"
            for url in (session_page, partner_page, mailbox):
                with urllib.request.urlopen(url.replace("localhost", "127.0.0.1"), timeout=10) as response:
                    assert response.status == 200
                    assert b"<html" in response.read().lower()
            with urllib.request.urlopen(f"{mailbox.replace('localhost', '127.0.0.1')}messages", timeout=10) as response:
                assert json.load(response) == {"messages": []}
            stop(process, tmp_path, signal.SIGINT)


@pytest.mark.parametrize("command", [["serve"], ["demo", "--no-browser"]])
def test_missing_models_are_one_line_that_says_what_to_type(tmp_path: Path, command: list[str]) -> None:
    settings = {"port": str(free_port()), "models_dir": str(tmp_path / "none")}
    with visavis(tmp_path, *command, **settings) as process:
        assert process.wait(START_SECONDS) == 1
    (line,) = (tmp_path / "err.txt").read_text().splitlines()
    assert line.startswith("visavis: ")
    assert "visavis models pull" in line


def test_a_damaged_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "visavis.db").write_bytes(b"this is no database" * 100)
    with visavis(tmp_path, "serve", port=str(free_port())) as process:
        assert process.wait(START_SECONDS) == 1
    (line,) = (tmp_path / "err.txt").read_text().splitlines()
    assert line.startswith("visavis: ")
    assert "visavis.db" in line
