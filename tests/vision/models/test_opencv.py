"""Several packages put an OpenCV into ``cv2/`` and overwrite each other: only the one without a display may be here."""

import subprocess
import sys
from importlib import metadata

SHOW_LIBRARIES = """
import cv2, numpy
assert cv2.resize(numpy.zeros((4, 4, 3), numpy.uint8), (2, 2)).shape == (2, 2, 3)
print(open("/proc/self/maps").read())
"""


def test_one_opencv_is_installed_and_it_is_the_headless_one() -> None:
    names = {str(distribution.metadata["Name"]).lower() for distribution in metadata.distributions()}
    assert {name for name in names if name.startswith("opencv")} == {"opencv-python-headless"}
    assert set(metadata.packages_distributions()["cv2"]) == {"opencv-python-headless"}


def test_opencv_works_without_opengl_and_without_a_display() -> None:
    done = subprocess.run([sys.executable, "-c", SHOW_LIBRARIES], env={}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = {line.rpartition("/")[2].strip() for line in done.stdout.splitlines() if "/" in line}
    assert any(name.startswith("cv2") for name in loaded)
    assert {name for name in loaded if name.startswith(("libGL", "libEGL", "libX11", "libQt"))} == set()
