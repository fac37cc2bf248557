"""Which models the settings use, replace or switch off, and what must be fetched for that."""

from pathlib import Path

from rtc_server.model_use import CHOICES, Use, models_in_use, needed_weights
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.settings import Settings
from rtc_server.weights.cache import FileState
from rtc_server.weights.catalogue import CATALOGUE, select


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


def test_the_defaults_need_what_a_pull_fetches(tmp_path: Path) -> None:
    assert set(needed_weights(settings(tmp_path))) == {artefact.name for artefact in select(())}


def test_what_is_off_or_replaced_need_not_be_fetched(tmp_path: Path) -> None:
    needed = needed_weights(settings(tmp_path, texture="off", attributes="/mine.onnx", embedder="fr-feature"))
    assert not {"fr-liveness", "faceres", "dlib-face"} & set(needed)
    assert {"fr-feature", "face-landmarker", "silero-vad"} <= set(needed)


def test_a_permissive_pull_is_enough_with_the_unclear_models_off(tmp_path: Path) -> None:
    needed = needed_weights(settings(tmp_path, texture="off", attributes="off"))
    assert set(needed) == {artefact.name for artefact in select((), permissive=True)}
