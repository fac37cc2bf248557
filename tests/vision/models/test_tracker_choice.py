"""Which tracker runs, and the reason that people read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from vision.models.litert_tracker import LiteRtFaceTracker
from vision.models.offline_thread import CannotGoOffline
from vision.models.task_file import TaskFileError
from vision.models.tracker_choice import TrackerUnavailable, choose_tracker, explain, why_mediapipe_fails

CHOOSE = """
import sys
from pathlib import Path
from vision.models.tracker_choice import choose_tracker
choice = choose_tracker("auto", Path(sys.argv[1]))
print(choice.name, choice.reason, sep="|")
"""


@pytest.fixture
def task_file(weights: Path) -> Path:
    return weights / "face-landmarker" / "face_landmarker.task"


@pytest.mark.models
def test_auto_takes_mediapipe_where_it_works(task_file: Path) -> None:
    problem = why_mediapipe_fails(task_file)
    choice = choose_tracker("auto", task_file)
    assert (choice.name, choice.reason) == (("litert", problem) if problem else ("mediapipe", "it works here"))
    tracker = choice.new_tracker()
    assert tracker.name == choice.name
    tracker.close()


@pytest.mark.models
def test_without_mediapipe_auto_takes_litert_and_says_why(task_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mediapipe", None)  # as if it were not installed
    choice = choose_tracker("auto", task_file)
    assert choice.name == "litert"
    assert choice.reason == "the Python package mediapipe is not installed; run scripts/setup.sh"
    assert isinstance(choice.new_tracker(), LiteRtFaceTracker)
    with pytest.raises(TrackerUnavailable, match="mediapipe is not installed"):
        choose_tracker("mediapipe", task_file)


@pytest.mark.models
def test_a_system_library_that_does_not_load_leads_to_litert(task_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("mediapipe", exc_type=ImportError)
    (tmp_path / "libEGL.so.1").write_bytes(b"")
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LD_LIBRARY_PATH": str(tmp_path)}
    command = [sys.executable, "-c", CHOOSE, str(task_file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("litert|")
    assert "libEGL.so.1" in done.stdout


@pytest.mark.models
def test_litert_can_be_asked_for(task_file: Path) -> None:
    choice = choose_tracker("litert", task_file)
    assert (choice.name, choice.reason) == ("litert", "the settings ask for it")


def test_an_unknown_tracker_and_a_missing_model_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no tracker 'dlib'; choose auto, mediapipe, litert or off"):
        choose_tracker("dlib", tmp_path)
    for wanted in ("auto", "litert", "mediapipe"):
        with pytest.raises(TaskFileError, match="visavis models pull"):
            choose_tracker(wanted, tmp_path / "face_landmarker.task")


def test_failures_are_explained_with_what_to_do() -> None:
    absent = "libEGL.so.1: cannot open shared object file: No such file or directory"
    assert explain(OSError(absent)) == "libEGL.so.1 is missing; apt-get install libegl1 libgles2"
    other = "libm-extra.so.6: cannot open shared object file: No such file or directory"
    assert explain(OSError(other)) == "libm-extra.so.6 is missing; install the package of this system that has it"
    matplotlib = ModuleNotFoundError("No module named 'matplotlib.pyplot'", name="matplotlib.pyplot")
    assert explain(matplotlib) == "the Python package matplotlib is not installed; run scripts/setup.sh"
    assert "reports its use to Google" in explain(CannotGoOffline("the kernel refuses a seccomp filter (EINVAL)"))
    assert explain(RuntimeError("graph failed")) == "RuntimeError: graph failed"
