"""Pipecat's own Python environment, made when it is first needed; ours never gets its packages."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent / "requirements-pipecat.txt"
_MARK = "visavis-bench.sha256"


def python_of(environment: Path) -> Path:
    """Its interpreter."""
    return environment / "bin" / "python"


def ensure(environment: Path) -> None:
    """Make the environment, or leave it when it was made from the same requirements. Raises CalledProcessError."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    mark = environment / _MARK
    if mark.exists() and mark.read_text() == wanted:
        return
    print(f"installing Pipecat into {environment} (once, about 700 MB) …", flush=True)
    if not python_of(environment).exists():
        venv.create(environment, with_pip=True)
    pip = [str(python_of(environment)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", str(REQUIREMENTS)], check=True, stdout=sys.stderr)
    mark.write_text(wanted)
