"""CPU time and memory of a server process, by thread, as the kernel counts them (standard library and Linux only)."""

import os
import threading
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

OTHERS = "native"
"""Threads that Python does not know: the inner threads of CTranslate2."""


def usage() -> dict[str, object]:
    """``{"rssMib", "cpuSeconds", "threads": {role: CPU seconds}}`` of this process.

    The role of a thread is its name without the number that executors append.
    """
    names = {thread.native_id: thread.name.rsplit("_", 1)[0] for thread in threading.enumerate()}
    threads: dict[str, float] = {}
    for task in Path("/proc/self/task").iterdir():
        try:
            seconds = _cpu_seconds(task / "stat")
        except OSError:
            continue  # ended meanwhile
        role = names.get(int(task.name), OTHERS)
        threads[role] = threads.get(role, 0.0) + seconds
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    total = _cpu_seconds(Path("/proc/self/stat"))
    return {"rssMib": pages * _PAGE_BYTES / 2**20, "cpuSeconds": total, "threads": threads}


def _cpu_seconds(file: Path) -> float:
    fields = file.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
