"""What is documented stays documented: settings, commands, modules, links."""

import dataclasses
import re
import typing

import pytest

from rtc_server.cli import COMMANDS
from rtc_server.settings import Settings
from rtc_server.settings_reader import setting_names
from tests.conftest import REPOSITORY
from vision.document.capture.commands import HintKey
from vision.document.document import Problem

DOCS = REPOSITORY / "docs"


def test_every_setting_is_documented_with_its_variable_and_default() -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    for name in setting_names(Settings):
        row = next((line for line in text.splitlines() if line.startswith(f"| `{name}` |")), None)
        assert row is not None, f"docs/settings.md has no row for {name}"
        assert f"`VISAVIS_{name.replace('.', '_').upper()}`" in row
        assert f"| `{default(name)}` |" in row, f"{name}: the default in docs/settings.md is not {default(name)!r}"


def default(name: str) -> str:
    value: typing.Any = Settings()
    for part in name.split("."):
        value = getattr(value, part)
    return "–" if value == "" else str(value).lower() if isinstance(value, bool) else str(value)


def test_secret_settings_never_show_in_a_printed_tree() -> None:
    secret = {"turn_credential", "api_key", "bootstrap_key", "database_url", "password", "token"}
    for section in (Settings, *[type(getattr(Settings(), f.name)) for f in dataclasses.fields(Settings)]):
        if dataclasses.is_dataclass(section):
            for field in dataclasses.fields(section):
                assert field.repr == (field.name not in secret), field.name


def test_the_readme_names_every_command() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if f"visavis {name}" not in text]
    assert missing == []


@pytest.mark.parametrize("file", sorted(p.relative_to(REPOSITORY).as_posix() for p in REPOSITORY.glob("docs/*.md")))
def test_links_between_documents_lead_somewhere(file: str) -> None:
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
        assert (DOCS / target).exists(), f"{file} links to {target}"


def test_the_readme_links_lead_somewhere() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", text):
        assert (REPOSITORY / target).exists(), target


def test_every_hint_and_problem_of_a_document_is_explained() -> None:
    text = (DOCS / "documents.md").read_text(encoding="utf-8")
    names = [name for kind in (HintKey, Problem) for name in typing.get_args(kind) if name]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_module_map_is_complete() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rooms = {
        f"{package}/{folder.name}/"
        for package in ("conversation", "rtc_server", "static", "vision")
        for folder in (REPOSITORY / package).iterdir()
        if folder.is_dir() and not folder.name.startswith("__")
    }
    missing = sorted(room for room in rooms if room not in text)
    assert missing == [], "docs/architecture.md should say what these rooms are for"
