"""Where the cache folder is, and what the checks say about its files."""

import os
from pathlib import Path

import pytest

from rtc_server.weights.cache import FileState, check_file, locate
from rtc_server.weights.pull import pull
from tests.weights.conftest import Recorder, Shelf


def test_the_variable_wins(tmp_path: Path) -> None:
    location = locate({"VISAVIS_MODELS_DIR": str(tmp_path / "mine")}, tmp_path, tmp_path)
    assert location.folder == tmp_path / "mine"
    assert "VISAVIS_MODELS_DIR" in location.why


def test_a_relative_variable_becomes_absolute(tmp_path: Path) -> None:
    assert locate({"VISAVIS_MODELS_DIR": "models"}, tmp_path, tmp_path).folder == Path.cwd() / "models"


def test_the_cache_of_the_user_comes_next(tmp_path: Path) -> None:
    assert locate({}, tmp_path, tmp_path).folder == tmp_path / ".cache" / "visavis" / "models"
    xdg = {"XDG_CACHE_HOME": str(tmp_path / "xdg")}
    assert locate(xdg, tmp_path, tmp_path).folder == tmp_path / "xdg" / "visavis" / "models"


def test_a_home_that_cannot_be_written_falls_back_to_the_project(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("not a folder, as for users without a home")
    location = locate({}, home, tmp_path / "project")
    assert location.folder == tmp_path / "project" / "var" / "models"
    assert "cannot be written" in location.why


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to a read-only folder")
def test_a_read_only_home_falls_back_to_the_project(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    assert locate({}, home, tmp_path / "project").folder == tmp_path / "project" / "var" / "models"


def test_a_read_only_file_system_falls_back_to_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # what root sees there as well
    assert locate({}, tmp_path, tmp_path / "project").folder == tmp_path / "project" / "var" / "models"


def test_weights_in_a_read_only_home_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".cache" / "visavis" / "models" / "silero-vad").mkdir(parents=True)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert locate({}, tmp_path, tmp_path / "project").folder == tmp_path / ".cache" / "visavis" / "models"


def test_a_file_is_missing_then_right_then_damaged(shelf: Shelf, recorder: Recorder) -> None:
    artefact = shelf.catalogue[0]
    model = artefact.files[0]
    assert check_file(shelf.cache, artefact, model, full=False).state is FileState.MISSING
    pull((), shelf.cache, recorder, catalogue=shelf.catalogue)
    assert check_file(shelf.cache, artefact, model, full=True).state is FileState.OK

    path = shelf.cache / "tiny" / "model.bin"
    path.write_bytes(b"x" * model.size_bytes)
    assert check_file(shelf.cache, artefact, model, full=False).state is FileState.OK  # sizes alone cannot tell
    assert check_file(shelf.cache, artefact, model, full=True).state is FileState.DAMAGED
    path.write_bytes(b"short")
    report = check_file(shelf.cache, artefact, model, full=False)
    assert (report.state, report.detail) == (FileState.DAMAGED, f"5 bytes instead of {model.size_bytes}")


def test_a_folder_in_the_place_of_a_file_is_damage_not_a_crash(shelf: Shelf) -> None:
    artefact = shelf.catalogue[0]
    (shelf.cache / "tiny" / "model.bin").mkdir(parents=True)
    assert check_file(shelf.cache, artefact, artefact.files[0], full=True).state is FileState.DAMAGED
