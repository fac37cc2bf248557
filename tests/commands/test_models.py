"""``visavis models in-use``: which models the settings use, replace or switch off."""

import json
from pathlib import Path

import pytest

from rtc_server.cli import main
from rtc_server.commands.models import CHOICES, Use, models_in_use
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.settings import Settings
from rtc_server.weights.cache import FileState
from rtc_server.weights.catalogue import CATALOGUE


def settings(folder: Path, **vision: str) -> Settings:
    """Settings with this folder of weights."""
    return Settings(models_dir=str(folder), vision=VisionSettings(**vision))


def test_the_defaults_are_active_and_say_what_is_unclear(tmp_path: Path) -> None:
    found = {model.setting: model for model in models_in_use(settings(tmp_path))}
    assert {model.use for model in found.values()} == {Use.ACTIVE}
    assert {model.state for model in found.values()} == {FileState.MISSING}
    assert "legal review" in found["vision.texture"].remark
    assert found["vision.embedder"].remark == ""


def test_what_is_off_says_what_is_not_checked_then(tmp_path: Path) -> None:
    off = dict.fromkeys(CHOICES, "off")
    for model in models_in_use(settings(tmp_path, **off)):
        assert (model.use, model.artefact) == (Use.OFF, None)
        assert "not checked" in model.remark


def test_a_file_of_one_s_own_replaces_a_model(tmp_path: Path) -> None:
    own = tmp_path / "own.onnx"
    first = models_in_use(settings(tmp_path, texture=str(own)))[1]
    assert (first.use, first.state) == (Use.REPLACED, FileState.MISSING)
    own.write_bytes(b"")
    assert models_in_use(settings(tmp_path, texture=str(own)))[1].state is FileState.OK


def test_a_set_of_clear_licences_is_possible() -> None:
    """Every model that must be there for a call to see at all comes with a clear licence."""
    clear = {artefact.name for artefact in CATALOGUE if artefact.licence_class == "permissive"}
    assert set(CHOICES["tracker"].values()) <= clear
    assert CHOICES["embedder"][VisionSettings().embedder] in clear


def test_every_choice_is_an_artefact_of_the_catalogue() -> None:
    known = {artefact.name for artefact in CATALOGUE}
    assert {name for choices in CHOICES.values() for name in choices.values()} <= known


def test_the_command_prints_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VISAVIS_MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("VISAVIS_VISION_TEXTURE", "off")
    assert main(["models", "in-use"]) == 0
    said = capsys.readouterr().out
    assert "VISAVIS_VISION_TEXTURE) = off: off" in said
    assert "dlib: active, missing, CC0-1.0" in said
    assert main(["models", "in-use", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [model["use"] for model in document["models"]] == ["active", "off", "active", "active"]


def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("VISAVIS_VISION_THREADS", "many")
    assert main(["models", "in-use"]) == 1
    assert "VISAVIS_VISION_THREADS must be a number" in capsys.readouterr().err
