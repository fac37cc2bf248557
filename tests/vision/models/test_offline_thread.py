"""A thread that cannot reach the network, and MediaPipe on it."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from vision.models.offline_thread import CannotGoOffline, run_offline

CREATE_AND_CLOSE = """
import sys, time
from pathlib import Path
import numpy as np
from vision.models.mediapipe_tracker import MediaPipeFaceTracker
tracker = MediaPipeFaceTracker(Path(sys.argv[1]))
tracker.track(np.zeros((64, 64, 3), np.uint8), 0.0)
tracker.close()
time.sleep(1.5)  # what it reports, it sends after it was closed, from a thread of its own
"""


def opens_socket(family: socket.AddressFamily) -> bool:
    try:
        socket.socket(family, socket.SOCK_DGRAM).close()
    except PermissionError:
        return False
    return True


@pytest.fixture(autouse=True)
def offline_is_possible() -> None:
    try:
        run_offline(lambda: None)
    except CannotGoOffline as error:
        pytest.skip(str(error))


def test_an_offline_thread_opens_no_internet_socket() -> None:
    assert not run_offline(lambda: opens_socket(socket.AF_INET))
    assert not run_offline(lambda: opens_socket(socket.AF_INET6))


def test_neither_do_the_threads_that_it_starts() -> None:
    def ask_a_thread() -> list[bool]:
        answers: list[bool] = []
        thread = threading.Thread(target=lambda: answers.append(opens_socket(socket.AF_INET)))
        thread.start()
        thread.join()
        return answers

    assert run_offline(ask_a_thread) == [False]


def test_the_rest_of_the_process_keeps_its_network() -> None:
    run_offline(lambda: None)
    assert opens_socket(socket.AF_INET)
    assert run_offline(lambda: opens_socket(socket.AF_UNIX))


def test_results_and_errors_come_back() -> None:
    assert run_offline(lambda: "result") == "result"
    with pytest.raises(ZeroDivisionError):
        run_offline(lambda: 1 / 0)


@pytest.mark.models
def test_mediapipe_reports_nothing_to_anybody(weights: Path, tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("no strace on this machine: apt-get install strace")
    pytest.importorskip("mediapipe", exc_type=ImportError)
    task_file, trace = weights / "face-landmarker" / "face_landmarker.task", tmp_path / "trace"
    command = [
        strace,
        "-f",
        "-e",
        "trace=socket",
        "-o",
        str(trace),
        sys.executable,
        "-c",
        CREATE_AND_CLOSE,
        str(task_file),
    ]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    if "ptrace" in done.stderr and not trace.exists():
        pytest.skip("strace may not trace on this machine")
    if "libEGL" in done.stderr or "libGLES" in done.stderr:
        pytest.skip("MediaPipe's system libraries are missing")
    assert done.returncode == 0, done.stderr
    sockets = [line for line in trace.read_text().splitlines() if "AF_INET" in line]
    assert sockets, "nothing was even tried: the trace does not prove anything"
    assert [line for line in sockets if "EACCES" not in line] == []
