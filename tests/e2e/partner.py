"""Sites that embed a session: the sample partner of ``visavis demo``, and one that nobody allowed to."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Server, wait_for

LINKS = re.compile(r"Talk to it: +(\S+)\n +Partner's page: +(\S+)\n")
START_SECONDS = 90.0
STOP_SECONDS = 20.0

HEARD = """
window.heard = [];
for (const type of ["ready", "permission", "state", "node", "caption", "error", "finished", "close"]) {
  addEventListener(`visavis-${type}`, ({ detail }) => heard.push({ type, ...detail }));
}
addEventListener("message", ({ data, origin }) => heard.push({ type: "posted", data, origin }));
"""
"""Everything that the embedding page could hear; posted messages beside the widget's events."""


@dataclass(frozen=True)
class Demo:
    """A running ``visavis demo``."""

    server: Server
    site: str
    """Origin of the partner."""


@contextmanager
def running_demo(folder: Path, weights: Path, key: str, **settings: str) -> Iterator[Demo]:
    """``visavis demo`` with these settings, which must end cleanly and without a traceback in its log."""
    folder.mkdir(exist_ok=True)
    environment = os.environ | {
        "VISAVIS_DATA_DIR": str(folder / "data"),
        "VISAVIS_MODELS_DIR": str(weights),
        "VISAVIS_BOOTSTRAP_KEY": key,
        "PYTHONUNBUFFERED": "1",
    }
    environment |= {f"VISAVIS_{name}": value for name, value in settings.items()}
    output, log = folder / "links.txt", folder / "demo.log"
    with output.open("w") as out, log.open("w") as err:
        command = [sys.executable, "-m", "rtc_server", "demo", "--no-browser", "--port", "18400"]
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=out, stderr=err)
    try:
        found = wait_for(lambda: _links(output, process, log), START_SECONDS, "the demo's links")
        yield Demo(Server(found[1].partition("?")[0].rstrip("/"), key, log), found[2].rstrip("/"))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            pytest.fail("the demo did not stop on SIGTERM")
    text = log.read_text()
    assert status == 0, text[-3_000:]
    assert "Traceback" not in text, text[-3_000:]


def _links(output: Path, process: "subprocess.Popen[bytes]", log: Path) -> "re.Match[str] | None":
    if process.poll() is not None:
        pytest.fail(f"the demo ended at once with status {process.returncode}: {log.read_text()[-2_000:]}")
    return LINKS.search(output.read_text())


@contextmanager
def foreign_site(pages: dict[str, str]) -> Iterator[str]:
    """An origin of its own with these pages by path; what they hold may be changed while it runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path)
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, name="foreign-site", daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(STOP_SECONDS)
