"""``visavis keys`` on the database of the settings."""

import asyncio
import re
from pathlib import Path

import pytest

from rtc_server.api.access.secrets import is_api_key, lookup_hash
from rtc_server.cli import main
from rtc_server.storage.ports import ApiKey
from rtc_server.storage.stores import open_stores

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_DATA_DIR", str(tmp_path))
    return tmp_path


def keys(*words: str) -> int:
    return main(["keys", *words])


def made(capsys: Output, *words: str) -> tuple[str, str]:
    """Make a key: what is shown of it, and its id."""
    assert keys("create", *words) == 0
    output = capsys.readouterr().out
    found = re.search(r"key_\w+", output)
    assert found is not None
    return output.splitlines()[0], found[0]


def stored(data: Path, plain: str) -> ApiKey | None:
    async def read() -> ApiKey | None:
        stores = await open_stores(f"sqlite:///{data / 'visavis.db'}")
        try:
            return await stores.keys.key_by_hash(lookup_hash(plain))
        finally:
            await stores.close()

    return asyncio.run(read())


def test_an_empty_list_says_what_to_do(capsys: Output) -> None:
    assert keys("list") == 0
    assert "visavis keys create" in capsys.readouterr().out


def test_a_new_key_is_shown_once_and_kept_as_a_hash(capsys: Output, data: Path) -> None:
    plain, key_id = made(capsys, "--name", "my laptop")
    assert is_api_key(plain)
    assert plain.startswith("sk_test_")
    key = stored(data, plain)
    assert key is not None
    assert (key.id, key.name, key.sandbox, key.scopes, key.tenant) == (key_id, "my laptop", True, ("*",), "default")
    assert keys("list") == 0
    listed = capsys.readouterr().out
    assert key_id in listed
    assert "my laptop" in listed
    assert "never" in listed
    assert plain not in listed


def test_production_scopes_days_and_tenant(capsys: Output, data: Path) -> None:
    words = ("--production", "--scopes", "sessions:read, flows:read", "--days", "0.5", "--tenant", "bank")
    plain, _ = made(capsys, *words)
    assert plain.startswith("sk_prod_")
    key = stored(data, plain)
    assert key is not None
    assert (key.sandbox, key.scopes, key.tenant) == (False, ("sessions:read", "flows:read"), "bank")
    assert key.expires_at is not None
    assert key.expires_at - key.created_at == 43_200_000
    keys("list")
    assert "The tenant 'default' has no keys yet" in capsys.readouterr().out


def test_rotate_and_revoke(capsys: Output, data: Path) -> None:
    plain, key_id = made(capsys, "--name", "n")
    assert keys("rotate", key_id, "--overlap", "60") == 0
    output = capsys.readouterr().out
    successor = stored(data, output.splitlines()[0])
    assert successor is not None
    assert successor.name == "n"
    old = stored(data, plain)
    assert old is not None
    assert old.expires_at is not None
    assert f"({key_id}) works until" in output
    assert keys("revoke", successor.id) == 0
    assert "Revoked" in capsys.readouterr().out
    assert keys("revoke", successor.id) == 0
    assert "already" in capsys.readouterr().out
    assert keys("rotate", successor.id) == 1
    assert "visavis keys create" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("create", "--scopes", "session:read"), "there is no scope 'session:read'"),
        (("create", "--scopes", ","), "leave it out for everything"),
        (("create", "--name", "a\nb"), "printable"),
        (("create", "--tenant", ""), "1 to 64"),
        (("create", "--days", "nan"), "--days must be above 0"),
        (("create", "--days", "-1"), "--days must be above 0"),
        (("revoke", "key_nothing"), "visavis keys list"),
        (("rotate", "key_nothing", "--overlap", "-1"), "from 0 to 2592000"),
        (("list", "--config", "nothing.toml"), "nothing.toml"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(capsys: Output, words: tuple[str, ...], hint: str) -> None:
    assert keys(*words) == 1
    output = capsys.readouterr()
    assert hint in output.err
    assert output.out == ""


def test_help_teaches(capsys: Output) -> None:
    with pytest.raises(SystemExit) as left:
        keys("--help")
    assert left.value.code == 0
    output = capsys.readouterr().out
    assert "examples:" in output
    assert "sessions:write" in output


def test_a_key_may_name_who_embeds_its_sessions(capsys: Output, data: Path) -> None:
    words = ("--allow-origin", "https://Partner.example.org/", "--allow-origin", "http://localhost:*")
    assert keys("create", *words) == 0
    output = capsys.readouterr().out
    assert "embedded by https://partner.example.org, http://localhost:*, and by nobody else" in output
    key = stored(data, output.splitlines()[0])
    assert key is not None
    assert key.allowed_origins == ("https://partner.example.org", "http://localhost:*")
    assert keys("list") == 0
    assert "https://partner.example.org,http://localhost:*" in capsys.readouterr().out


def test_what_is_no_origin_is_quoted_with_the_reason(capsys: Output) -> None:
    assert keys("create", "--allow-origin", "https://a.example", "--allow-origin", "http://b.example") == 1
    error = capsys.readouterr().err
    assert "--allow-origin 'http://b.example'" in error
    assert "must begin with https://" in error
    assert keys("list") == 0
    assert "no keys yet" in capsys.readouterr().out
