"""Write ``requirements.lock``: the versions of this environment for every direct and indirect dependency.

Run by ``make lock`` after an upgrade in ``.venv``. The file is a list of constraints: it says which version, never
from where, so any index, mirror or folder of wheels can serve it. Packages that are in the environment for other
reasons are left out.
"""

import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parent.parent
HEADER = """\
# Written by 'make lock'; used as constraints ('pip install -c requirements.lock').
# One set for Python 3.11, 3.12 and 3.13. The extras 'whisper' and 'coqui' are pinned in pyproject.toml.
"""

WITHOUT_DEPENDENCIES = ("mediapipe",)
"""Installed by ``scripts/setup.sh`` and the ``Dockerfile`` with ``--no-deps``: see docs/dependencies.md."""


def closure(requirements: list[str]) -> set[str]:
    """The canonical names of these requirements and of all that they need in this environment."""
    seen: set[tuple[str, str]] = set()
    waiting = [(requirement, "") for requirement in map(Requirement, requirements)]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(line), wanted) for line in metadata.requires(name) or []]
    return {name for name, _ in seen}


def lines(names: set[str]) -> str:
    """One pinned version a line, in order."""
    return "".join(f"{name}=={metadata.version(name)}\n" for name in sorted(names))


def main() -> int:
    """Write the file; 1 when a dependency is not installed."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    try:
        runtime = closure(project["dependencies"])
        test = closure(project["optional-dependencies"]["test"]) - runtime
        text = f"{HEADER}\n# Runtime\n{lines(runtime)}\n# Extra 'test'\n{lines(test)}"
        text += f"\n# Installed with --no-deps\n{lines(set(WITHOUT_DEPENDENCIES))}"
    except metadata.PackageNotFoundError as error:
        print(f"{error.name} is not installed here: run 'scripts/setup.sh test' first", file=sys.stderr)
        return 1
    (PROJECT / "requirements.lock").write_text(text)
    print(f"requirements.lock: {len(runtime)} runtime packages, {len(test)} more for the tests")
    return 0


if __name__ == "__main__":
    sys.exit(main())
