"""``visavis audit`` on real databases: what it finds, what it hands out, what it refuses."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from rtc_server.audit.head import HeadFile
from rtc_server.cli import main
from rtc_server.server_key import load_server_key
from rtc_server.storage.ports import Owner
from rtc_server.storage.stores import Stores, open_stores
from tests.audit.chains import fill, tamper
from tests.storage.records import session_record

DEFAULT = Owner("default", sandbox=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """A data folder and a database with a chain of nine, the last three of a session that came and went."""
    data = tmp_path / "data"
    monkeypatch.setenv("VISAVIS_DATA_DIR", str(data))
    monkeypatch.setenv("VISAVIS_DATABASE_URL", database_url)

    async def write(stores: Stores) -> None:
        await fill(stores, 6)
        await stores.sessions.create_session(session_record(1, tenant="default", status="inProgress"))
        report: dict[str, Any] = {"isVerified": True, "transcript": [{"text": "I am Robin"}]}
        await stores.sessions.finish_session(
            "session-00001", [], status="complete", reason="end", report=report, finished_at=9
        )
        await stores.lifecycle.redact("session-00001", DEFAULT, 10, "api")
        await stores.lifecycle.delete("session-00001", DEFAULT, 11, "subject")

    data.mkdir()
    use(data, database_url, write)
    return tmp_path


def use(data: Path, url: str, work: Callable[[Stores], Awaitable[None]]) -> None:
    """Do something with the stores as a server with this data folder has them."""

    async def opened() -> None:
        stores = await open_stores(url, audit_head=HeadFile.in_folder(data, load_server_key(data)))
        try:
            await work(stores)
        finally:
            await stores.close()

    asyncio.run(opened())


def audit(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["audit", *words])
    output = capsys.readouterr()
    return status, output.out, output.err


def test_a_whole_chain(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = audit(capsys, "verify")
    assert (status, "Whole: 9 entries" in out, "head.json" in out) == (0, True, True)
    status, out, _ = audit(capsys, "verify", "--json")
    finding = json.loads(out)
    assert (status, finding["state"], finding["entries"], finding["breaks"]) == (0, "whole", 9, [])


def test_a_broken_chain(folder: Path, database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def bend(stores: Stores) -> None:
        await tamper(
            stores,
            "UPDATE audit_entries SET tenant = 'other' WHERE sequence = 2",
            "DELETE FROM audit_entries WHERE sequence IN (4, 8, 9)",
            "DELETE FROM audit_head",
        )

    use(folder / "data", database_url, bend)
    status, out, _ = audit(capsys, "verify")
    assert status == 1
    assert "BROKEN: 3 breaks in 6 entries." in out
    assert "entry 2: was changed" in out
    assert "entry 4: is not there" in out
    assert "entries 8 to 9: was there once" in out, "the head in the data folder knows"
    status, out, _ = audit(capsys, "verify", "--json")
    kinds = [(one["kind"], one["sequence"], one["until"]) for one in json.loads(out)["breaks"]]
    assert (status, kinds) == (1, [("edited", 2, 2), ("missing", 4, 4), ("cut_off", 8, 9)])


def test_a_head_that_was_kept_elsewhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, head, _ = audit(capsys, "head")
    assert head.startswith("9:")
    kept = folder / "kept.json"
    kept.write_bytes((folder / "data" / "audit" / "head.json").read_bytes())
    assert audit(capsys, "verify", "--head", head.strip(), "--head", str(kept))[0] == 0
    status, out, _ = audit(capsys, "verify", "--head", f"9:{'ab' * 32}")
    assert (status, "entry 9: was there once" in out) == (1, True)
    kept.write_text(kept.read_text().replace('"sequence":9', '"sequence":8'))
    status, out, _ = audit(capsys, "verify", "--head", str(kept))
    assert (status, "kept.json: it was not signed" in out) == (1, True)


def test_a_damaged_head_in_the_data_folder_is_no_whole_audit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "data" / "audit" / "head.json").write_text("{}")
    status, out, _ = audit(capsys, "verify")
    assert (status, "counts for nothing: it is no head" in out) == (1, True)


def test_checking_a_copy_with_the_public_key_alone(
    folder: Path, database_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = folder / "visavis.pem"
    status, _, err = audit(capsys, "key", str(pem))
    assert (status, "Fingerprint: " in err) == (0, True)
    monkeypatch.setenv("VISAVIS_DATA_DIR", str(folder / "elsewhere"))
    assert audit(capsys, "verify", "--database", database_url, "--public-key", str(pem))[0] == 0
    status, _, err = audit(capsys, "verify", "--database", database_url)
    assert (status, "give --public-key" in err) == (1, True)
    assert not (folder / "elsewhere").exists(), "looking makes nothing"
    other = folder / "other.pem"
    other.write_text("ab" * 32)
    status, out, _ = audit(capsys, "verify", "--database", database_url, "--public-key", str(other))
    assert (status, "entries 1 to 9: was not signed" in out) == (1, True)
    other.write_text("no key")
    assert "holds no Ed25519 public key" in audit(capsys, "verify", "--public-key", str(other))[2]


def test_export(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "all.jsonl"
    assert audit(capsys, "export", str(file))[0] == 0
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["sequence"] for line in lines] == list(range(1, 10))
    assert all(line["previous"] == before["hash"] for before, line in itertools.pairwise(lines))
    assert "Robin" not in json.dumps(lines[6:])
    assert file.stat().st_mode & 0o077 == 0
    assert "exists: choose another name" in audit(capsys, "export", str(file))[2]
    early = folder / "early.jsonl"
    assert "3 entries" in audit(capsys, "export", "--to", "1970-01-02", str(early))[1]
    late = folder / "late.jsonl"
    assert "6 entries" in audit(capsys, "export", "--from", "2020-01-01T00:00+01:00", str(late))[1]
    assert "is no time" in audit(capsys, "export", "--from", "yesterday", str(folder / "x"))[2]


def test_a_proof_is_written_and_verified_offline(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proof, pem = folder / "proof.json", folder / "visavis.pem"
    status, out, _ = audit(capsys, "proof", "session-00001", str(proof))
    assert (status, "session.deleted" in out) == (0, True)
    audit(capsys, "key", str(pem))
    assert audit(capsys, "verify-proof", str(proof))[0] == 0
    monkeypatch.setenv("VISAVIS_DATA_DIR", str(folder / "elsewhere"))
    monkeypatch.setenv("VISAVIS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")
    status, out, _ = audit(capsys, "verify-proof", str(proof), "--public-key", str(pem))
    assert (status, "Genuine: session session-00001 of default" in out) == (0, True)
    status, _, err = audit(capsys, "verify-proof", str(proof))
    assert (status, "give --public-key" in err.lower()) == (1, True)
    proof.write_text(proof.read_text().replace("session-00001", "session-00002"))
    status, _, err = audit(capsys, "verify-proof", str(proof), "--public-key", str(pem))
    assert (status, "proves nothing: the signature does not fit" in err) == (1, True)


def test_what_is_not_there_is_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no proof for this session" in audit(capsys, "proof", "session-9", str(folder / "p"))[2]
    assert "there is no database" in audit(capsys, "verify", "--database", f"sqlite:///{folder / 'none.db'}")[2]
    assert not (folder / "none.db").exists()
    assert "cannot be read" in audit(capsys, "verify-proof", str(folder / "none.json"))[2]
    (folder / "empty.db").write_bytes(b"")
    assert "no audit yet" in audit(capsys, "verify", "--database", f"sqlite:///{folder / 'empty.db'}")[2]
    assert "is no head" in audit(capsys, "verify", "--head", "12:abc")[1]
