"""The model bundle: what is in it, and what is said when it is not."""

import zipfile
from pathlib import Path

import pytest

from vision.models.litert_tracker import LiteRtFaceTracker
from vision.models.task_file import BLENDSHAPES, DETECTOR, LANDMARKS, TaskFileError, read_task_file


@pytest.mark.models
def test_the_bundle_holds_three_networks(weights: Path) -> None:
    task = read_task_file(weights / "face-landmarker" / "face_landmarker.task")
    for network in (task.detector, task.landmarks, task.blendshapes):
        assert network[4:8] == b"TFL3"  # the file identifier of TFLite's schema


def test_a_missing_file_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(TaskFileError, match=r"absent\.task is missing; run: visavis models pull"):
        read_task_file(tmp_path / "absent.task")


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.task"
    path.write_bytes(b"PK\x03\x04 and then the connection broke")
    with pytest.raises(TaskFileError, match=r"half\.task is no intact \.task file.*models pull"):
        read_task_file(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaskFileError, match="cannot be read"):
        read_task_file(tmp_path)


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as bundle:
        for name, content in members.items():
            bundle.writestr(name, content)
    return path


def test_a_bundle_without_blendshapes_names_what_it_lacks(tmp_path: Path) -> None:
    path = archive(tmp_path / "old.task", {DETECTOR: b"", LANDMARKS: b""})
    with pytest.raises(TaskFileError, match=r"old\.task holds no face_blendshapes\.tflite"):
        read_task_file(path)


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "damaged.task", {DETECTOR: b"a network" * 50, LANDMARKS: b"", BLENDSHAPES: b""})
    content = path.read_bytes()
    path.write_bytes(content.replace(b"a network", b"a Network", 1))
    with pytest.raises(TaskFileError, match=r"no intact \.task file"):
        read_task_file(path)


def test_members_that_are_no_networks_are_refused_by_the_tracker(tmp_path: Path) -> None:
    path = archive(tmp_path / "text.task", {DETECTOR: b"text" * 9, LANDMARKS: b"text" * 9, BLENDSHAPES: b"text" * 9})
    with pytest.raises(TaskFileError, match=r"text\.task holds networks that do not fit"):
        LiteRtFaceTracker(path)
