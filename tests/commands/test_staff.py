"""``visavis staff`` on the database of the settings."""

import asyncio
import re
from pathlib import Path

import pytest

from rtc_server.cli import main
from rtc_server.session.clock import unix_ms
from rtc_server.settings import load_settings
from rtc_server.staff.roles import Role
from rtc_server.staff.totp import code_at
from rtc_server.staff_room import open_staff

Output = pytest.CaptureFixture[str]

PASSWORD = "an umbrella stand in the hall"
MIA = ("mia@example.org", "--name", "Mia Lopez", "--role", "admin")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VISAVIS_PUBLIC_URL", "https://verify.example.org/")
    return tmp_path


def staff(*words: str) -> int:
    return main(["staff", *words])


def link_in(output: str) -> str:
    found = re.search(r"^https://verify\.example\.org/console/#setup=([\w-]{43})$", output, re.MULTILINE)
    assert found is not None, output
    return found[1]


def set_up(token: str) -> str:
    """Do what the page does with the link; the secret of the authenticator."""

    async def do() -> str:
        async with open_staff(load_settings()) as room:
            secret = (await room.setup.look(token)).totp_secret
            await room.setup.finish(token, PASSWORD, code_at(secret, unix_ms()))
            return secret

    return asyncio.run(do())


def sign_in(secret: str) -> None:
    async def do() -> None:
        async with open_staff(load_settings()) as room:
            person = await room.sign_in.check("mia@example.org", PASSWORD, code_at(secret, unix_ms()), "192.0.2.1")
            await room.sessions.open(person, "192.0.2.1", "Firefox\x1b[31m")

    asyncio.run(do())


def test_an_empty_list_says_what_to_do(capsys: Output) -> None:
    assert staff("list") == 0
    assert "visavis staff add" in capsys.readouterr().out


def test_from_the_link_to_a_session_and_out(capsys: Output) -> None:
    assert staff("add", *MIA, "--role", "agent", "--tenant", "acme", "--tenant", "bank", "--sandbox-only") == 0
    token = link_in(capsys.readouterr().out)
    staff("list")
    listed = capsys.readouterr().out
    for word in ("mia@example.org", "Mia Lopez", "not set up", "admin,agent", "acme,bank, sandbox only"):
        assert word in listed
    assert token not in listed
    secret = set_up(token)
    staff("list")
    assert "active" in capsys.readouterr().out
    sign_in(secret)
    assert staff("sessions") == 0
    shown = capsys.readouterr().out
    assert "192.0.2.1" in shown
    assert "Firefox?[31m" in shown  # no escape reaches the terminal
    assert staff("reset", "mia@example.org") == 0
    set_up(link_in(capsys.readouterr().out))
    assert staff("sessions", "mia@example.org") == 0
    assert "Nobody is signed in" in capsys.readouterr().out


def test_disabling_and_enabling_by_address_or_id(capsys: Output) -> None:
    staff("add", *MIA)
    staff("add", "jo@example.org", "--name", "Jo", "--role", "viewer")
    jo = re.findall(r"stf_\w+", capsys.readouterr().out)[-1]
    assert staff("disable", jo) == 0
    staff("list")
    assert "disabled 2" in capsys.readouterr().out
    assert staff("reset", jo) == 1
    assert "enable it first" in capsys.readouterr().err
    assert staff("enable", " JO@example.org") == 0
    assert "visavis staff reset jo@example.org" in capsys.readouterr().out


def test_the_last_admin_stays(capsys: Output) -> None:
    staff("add", *MIA)
    set_up(link_in(capsys.readouterr().out))
    assert staff("disable", "mia@example.org") == 1
    assert "last admin" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("add", "nonsense", "--name", "x", "--role", "admin"), "no e-mail address"),
        (("add", "a@example.org", "--name", " ", "--role", "admin"), "printable"),
        (("add", "a@example.org", "--name", "x", "--role", "root"), "choose among viewer, agent"),
        (("add", "a@example.org", "--name", "x", "--role", "admin", "--tenant", ""), "1 to 64"),
        (("disable", "nobody@example.org"), "visavis staff list"),
        (("reset", "stf_x"), "visavis staff list"),
        (("sessions", "stf_x"), "visavis staff list"),
        (("list", "--config", "nothing.toml"), "nothing.toml"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(capsys: Output, words: tuple[str, ...], hint: str) -> None:
    assert staff(*words) == 1
    output = capsys.readouterr()
    assert hint in output.err
    assert output.out == ""


def test_help_teaches(capsys: Output) -> None:
    with pytest.raises(SystemExit) as left:
        staff("--help")
    assert left.value.code == 0
    output = capsys.readouterr().out
    assert "examples:" in output
    assert all(role in output for role in Role)
    assert "within 24 hours" in output
