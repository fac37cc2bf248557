"""Which models of the camera half the settings use, replace or switch off, and which weights are needed for that."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rtc_server.settings import Settings
from rtc_server.weights.artefacts import Artefact
from rtc_server.weights.cache import FileState, check_artefact, models_folder
from rtc_server.weights.catalogue import select
from rtc_server.weights.catalogue_vision import VISION_CATALOGUE

CHOICES: Mapping[str, Mapping[str, str]] = {
    "tracker": {"auto": "face-landmarker", "mediapipe": "face-landmarker", "litert": "face-landmarker"},
    "texture": {"fr-liveness": "fr-liveness"},
    "embedder": {"dlib": "dlib-face", "fr-feature": "fr-feature"},
    "attributes": {"faceres": "faceres"},
}
"""Setting of the section ``vision``: value: artefact. Any other value but ``off`` is the path of a user's own file."""

WITHOUT = {
    "tracker": "nobody looks at the camera: every node that would is not checked",
    "texture": "passive liveness is not checked",
    "embedder": "faces are not compared or recognised: such nodes are not checked",
    "attributes": "age and sex are not checked",
}


class Use(StrEnum):
    """What the settings do with a model."""

    ACTIVE = "active"
    OFF = "off"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class ModelUse:
    """One model of the camera half."""

    setting: str
    """Dotted name of the setting that decides."""
    value: str
    use: Use
    artefact: Artefact | None
    """Which one is used; None when it is off or a user's own file."""
    state: FileState
    """Of the files, by their sizes. Of what is off: ok."""
    remark: str
    """What it means that it is off, or what is unclear about a licence; empty when there is nothing to say."""

    def to_json(self) -> dict[str, Any]:
        """For ``--json``."""
        artefact = self.artefact
        return {
            "setting": self.setting,
            "value": self.value,
            "use": self.use.value,
            "state": self.state.value,
            "artefact": artefact.name if artefact else None,
            "licence": artefact.licence if artefact else None,
            "licenceClass": artefact.licence_class if artefact else None,
            "remark": self.remark,
        }


def models_in_use(settings: Settings) -> tuple[ModelUse, ...]:
    """What the settings do with each model of the camera half."""
    folder = models_folder(settings.models_dir)
    return tuple(_use_of(name, getattr(settings.vision, name), folder) for name in CHOICES)


def _use_of(name: str, value: str, folder: Path) -> ModelUse:
    setting = f"vision.{name}"
    if value == "off":
        return ModelUse(setting, value, Use.OFF, None, FileState.OK, WITHOUT[name])
    if value not in CHOICES[name]:
        state = FileState.OK if Path(value).is_file() else FileState.MISSING
        return ModelUse(
            setting, value, Use.REPLACED, None, state, "your own file: neither hash nor licence is known here"
        )
    (artefact,) = select((CHOICES[name][value],))
    states = {report.state for report in check_artefact(folder, artefact, full=False)}
    worst = next((state for state in (FileState.DAMAGED, FileState.MISSING) if state in states), FileState.OK)
    return ModelUse(setting, value, Use.ACTIVE, artefact, worst, artefact.unclear)


def needed_weights(settings: Settings) -> tuple[str, ...]:
    """Names of the artefacts that a server with these settings needs: those of a pull, less those of the camera half
    that are switched off or replaced."""
    vision = {artefact.name for artefact in VISION_CATALOGUE}
    used = {model.artefact.name for model in models_in_use(settings) if model.artefact is not None}
    return (*(artefact.name for artefact in select(()) if artefact.name not in vision), *sorted(used))
