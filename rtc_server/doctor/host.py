"""What stands on this machine: Python, cores, memory, codecs, browser, model weights."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import av

from rtc_server.doctor.report import Check, Outcome
from rtc_server.weights import FileState, verify

SUPPORTED_PYTHONS = ((3, 11), (3, 13))
LEAST_CORES = 2
LEAST_MEMORY_BYTES = 2 * 10**9
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CGROUP_MEMORY = Path("/sys/fs/cgroup/memory.max")
CGROUP_CPU = Path("/sys/fs/cgroup/cpu.max")

NEEDED_CODECS = {
    "libopus": "Opus, the audio of every call",
    "libvpx": "VP8, the camera of every browser",
    "h264": "H.264, the camera of some phones",
}


def check_python(version: tuple[int, int, int] = sys.version_info[:3]) -> Check:
    """Whether this Python is one that the project is tested with."""
    lowest, highest = SUPPORTED_PYTHONS
    name = f"{version[0]}.{version[1]}.{version[2]} ({sys.executable})"
    if lowest <= version[:2] <= highest:
        return Check("Python", Outcome.OK, name)
    return Check("Python", Outcome.PROBLEM, name, "use Python 3.11, 3.12 or 3.13: PYTHON=python3.12 make setup")


def check_cores(cores: float | None = None) -> Check:
    """Whether speech recognition and the network get a core each. A container's limit counts."""
    found = usable_cores() if cores is None else cores
    if found >= LEAST_CORES:
        return Check("Processor", Outcome.OK, f"{found:g} cores")
    advice = "give it two cores; with fewer, replies take longer and the smaller transcriber is used"
    return Check("Processor", Outcome.WARNING, f"{found:g} cores", advice)


def usable_cores(cpu_max: Path = CGROUP_CPU) -> float:
    """Cores that this process may use: its affinity, or the quota of its cgroup (v2) if that is less."""
    cores = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    try:
        quota, period = cpu_max.read_text().split()
        return min(cores, int(quota) / int(period))
    except (OSError, ValueError):  # no such file, or "max"
        return cores


def check_memory(memory_bytes: int | None = None) -> Check:
    """Whether the models fit. A container's limit counts."""
    found = usable_memory_bytes() if memory_bytes is None else memory_bytes
    if found >= LEAST_MEMORY_BYTES:
        return Check("Memory", Outcome.OK, f"{found / 1e9:.1f} GB")
    advice = "give it at least 2 GB: the models take about 1 GB, each session some 20 MB more"
    return Check("Memory", Outcome.WARNING, f"{found / 1e9:.1f} GB", advice)


def usable_memory_bytes(memory_max: Path = CGROUP_MEMORY) -> int:
    """Memory of the machine, or the limit of the cgroup (v2) if that is less."""
    installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(installed, int(memory_max.read_text()))
    except (OSError, ValueError):  # no such file, or "max"
        return installed


def check_codecs(available: frozenset[str] | None = None) -> Check:
    """Whether PyAV was built with the codecs of WebRTC."""
    known = frozenset(av.codecs_available) if available is None else available
    missing = [f"{codec} ({use})" for codec, use in NEEDED_CODECS.items() if codec not in known]
    if not missing:
        return Check("Codecs", Outcome.OK, f"{', '.join(NEEDED_CODECS)} (PyAV {av.__version__})")
    advice = "install PyAV from its wheel: pip install --force-reinstall --only-binary=av av"
    return Check("Codecs", Outcome.PROBLEM, f"PyAV lacks {', '.join(missing)}", advice)


def check_browser() -> Check:
    """Whether there is a Chromium for the browser tests; a call itself takes any recent browser anywhere."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    advice = "only the browser tests need one here: sudo apt-get install chromium"
    if path is None:
        return Check("Browser", Outcome.WARNING, "no Chromium on this machine", advice)
    try:
        shown = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        return Check("Browser", Outcome.WARNING, f"{path} does not run ({type(error).__name__})", advice)
    return Check("Browser", Outcome.OK, f"{shown.stdout.strip()} ({path})")


def check_weights(folder: Path, names: tuple[str, ...] = (), *, full: bool) -> Check:
    """Whether these weights (without names: the default ones) are there: by size, or with ``full`` by SHA-256."""
    reports = verify(folder, names, full=full)
    wrong = [report for report in reports if report.state is not FileState.OK]
    if not wrong:
        how = "SHA-256 compared" if full else "sizes compared; --full hashes them"
        return Check("Model weights", Outcome.OK, f"{len(reports)} files in {folder} ({how})")
    first = wrong[0]
    detail = f"{len(wrong)} of {len(reports)} files: {first.artefact}/{first.file} is {first.state.value}"
    return Check("Model weights", Outcome.PROBLEM, f"{detail} in {folder}", "run: visavis models pull")
