"""The head outside the database: only newer ones, only ours, whole or none."""

import fcntl
import json
import threading
from pathlib import Path

import pytest

from rtc_server.audit import head as head_module
from rtc_server.audit.chain import Head
from rtc_server.audit.head import HeadError, HeadFile, checked_head, parsed_head, signed_head
from rtc_server.audit.signing import AuditKey, KeyFileError, PublicKey, read_public_key

KEY = AuditKey(b"k" * 32)
HEAD = Head(17, "5f" * 32, 1_795_366_800_000)


@pytest.fixture
def file(tmp_path: Path) -> HeadFile:
    return HeadFile(tmp_path / "audit" / "head.json", KEY)


def test_a_head_comes_back_as_it_was(file: HeadFile) -> None:
    assert file.read() is None
    file.advance(HEAD)
    assert file.read() == HEAD
    assert [entry.name for entry in file.file.parent.iterdir() if entry.name.startswith(".")] == []


def test_it_only_moves_on(file: HeadFile) -> None:
    file.advance(HEAD)
    file.advance(Head(16, "ab" * 32, 1))
    file.advance(Head(17, "ab" * 32, 1))
    assert file.read() == HEAD
    file.advance(Head(18, "ab" * 32, 1))
    assert file.read() == Head(18, "ab" * 32, 1)


def test_of_several_writers_the_newest_wins(file: HeadFile) -> None:
    threads = [
        threading.Thread(target=HeadFile(file.file, KEY).advance, args=(Head(number, f"{number:064}", number),))
        for number in range(1, 25)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert file.read() == Head(24, f"{24:064}", 24)


def test_nobody_is_waited_for_without_end(file: HeadFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(head_module, "LOCK_SECONDS", 0.1)
    file.file.parent.mkdir()
    with file.file.with_name("head.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(OSError, match="temporarily unavailable"):
            file.advance(HEAD)
    file.advance(HEAD)
    assert file.read() == HEAD


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b"[" * 20_000, b'{"signature": 5}'])
def test_a_damaged_file_is_named_and_replaced(file: HeadFile, content: bytes) -> None:
    file.file.parent.mkdir()
    file.file.write_bytes(content)
    with pytest.raises(HeadError, match="no head"):
        file.read()
    file.advance(HEAD)
    assert file.read() == HEAD


@pytest.mark.parametrize("change", [{"sequence": 16}, {"hash": "ab" * 32}, {"at": 5}, {"signature": "00" * 64}])
def test_a_changed_head_is_not_ours(change: dict[str, object]) -> None:
    signed = signed_head(HEAD, KEY)
    assert checked_head(json.dumps(signed), (KEY.public,)) == HEAD
    with pytest.raises(HeadError, match="not signed by this server's key"):
        checked_head(json.dumps(signed | change), (KEY.public,))
    with pytest.raises(HeadError, match="not signed by this server's key"):
        checked_head(json.dumps(signed), (AuditKey(b"x" * 32).public,))


def test_a_head_can_be_written_down() -> None:
    assert parsed_head(f"17:{'5f' * 32}") == Head(17, "5f" * 32)
    for wrong in ("", "17", "17:abc", f"-1:{'5f' * 32}", f"x:{'5f' * 32}", f"17:{'5F' * 32}", f"²:{'5f' * 32}"):
        with pytest.raises(HeadError, match="write SEQUENCE:HASH"):
            parsed_head(wrong)


def test_public_keys_are_read_in_both_forms(tmp_path: Path) -> None:
    file = tmp_path / "key"
    for text in (KEY.public.pem, KEY.public.hex + "\n"):
        file.write_text(text)
        assert read_public_key(file).hex == KEY.public.hex
    for wrong in ("", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "ab" * 31):
        file.write_text(wrong)
        with pytest.raises(KeyFileError, match="holds no Ed25519 public key"):
            read_public_key(file)
    with pytest.raises(KeyFileError, match="cannot be read"):
        read_public_key(tmp_path / "none")


def test_the_same_server_key_makes_the_same_signing_key() -> None:
    assert AuditKey(b"k" * 32).public.hex == KEY.public.hex != AuditKey(b"x" * 32).public.hex
    signature = KEY.sign("audit-head/1", b"message")
    assert KEY.public.signed("audit-head/1", b"message", signature)
    assert not KEY.public.signed("audit-entry/1", b"message", signature)
    assert not KEY.public.signed("audit-head/1", b"messagf", signature)
    assert not PublicKey.from_hex("ab" * 32).signed("audit-head/1", b"message", signature)
