"""``visavis models`` on the command line, as set-up scripts call it."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rtc_server.weights import listing, verify
from rtc_server.weights.catalogue import CATALOGUE
from tests.conftest import REPOSITORY

NAMES = [artefact.name for artefact in CATALOGUE]


def models(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rtc_server.weights", *arguments],
        cwd=REPOSITORY,
        env=os.environ | {"VISAVIS_MODELS_DIR": str(folder), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_list_names_every_artefact_and_its_state(tmp_path: Path) -> None:
    done = models("list", folder=tmp_path)
    assert done.returncode == 0
    assert all(name in done.stdout for name in NAMES)
    assert "missing" in done.stdout
    assert "VISAVIS_MODELS_DIR" in done.stdout


def test_list_as_json_has_the_hash_of_every_file(tmp_path: Path) -> None:
    document = json.loads(models("list", "--json", folder=tmp_path).stdout)
    assert document["folder"] == str(tmp_path)
    found = {file["sha256"] for artefact in document["artefacts"] for file in artefact["files"]}
    assert found == {file.sha256 for artefact in CATALOGUE for file in artefact.all_files}


def test_verify_fails_and_says_what_to_do(tmp_path: Path) -> None:
    done = models("verify", folder=tmp_path)
    assert done.returncode == 1
    assert "visavis models pull" in done.stdout


def test_verify_as_json_names_each_file(tmp_path: Path) -> None:
    (tmp_path / "silero-vad").mkdir()
    (tmp_path / "silero-vad" / "silero_vad.onnx").write_bytes(b"damaged")
    done = models("verify", "--json", "silero-vad", "smart-turn", folder=tmp_path)
    document = json.loads(done.stdout)
    assert (done.returncode, document["ok"]) == (1, False)
    assert [file["state"] for file in document["files"]] == ["damaged", "missing"]


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    for command in ("verify", "pull"):
        done = models(command, "whisper-enormous", folder=tmp_path)
        assert done.returncode == 1
        assert "whisper-base" in done.stderr


def test_pull_from_an_empty_shelf_names_the_package_without_a_traceback(tmp_path: Path) -> None:
    done = models("pull", "silero-vad", folder=tmp_path)
    assert done.returncode == 1
    assert "pipecat-ai==1.14.0 was not found" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_teaches(tmp_path: Path) -> None:
    done = models("--help", folder=tmp_path)
    assert "run it again after an interruption" in done.stdout


@pytest.mark.models
def test_the_real_weights_have_the_hashes_of_the_catalogue(weights: Path) -> None:
    assert {report.state.value for report in verify(weights)} == {"ok"}
    assert {row["state"] for row in listing(weights) if row["default"]} == {"ok"}


def test_the_catalogue_is_consistent() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for artefact in CATALOGUE:
        assert artefact.licence, artefact.name
        assert (artefact.licence_class == "unclear") == bool(artefact.unclear), artefact.name
        for file in artefact.all_files:
            assert len(file.sha256) == len(hashlib.sha256().hexdigest())
            assert file.size_bytes > 0
        assert all(file.parts for file in artefact.files)
        assert {built.source for built in artefact.built} <= {file.name for file in artefact.files}


def test_the_document_of_models_lists_every_artefact_package_and_hash() -> None:
    document = (REPOSITORY / "docs" / "models.md").read_text()
    for artefact in CATALOGUE:
        assert f"`{artefact.name}`" in document
        assert artefact.licence in document
        for package in artefact.packages:
            assert package.requirement in document
        for file in artefact.all_files:
            assert file.sha256 in document, f"{artefact.name}/{file.name}"
            assert f"{file.size_bytes:,}" in document, f"{artefact.name}/{file.name}"
