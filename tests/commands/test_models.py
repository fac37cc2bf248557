"""``visavis models in-use``: which models the settings use, replace or switch off."""

import json
from pathlib import Path

import pytest

from rtc_server.cli import main


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
