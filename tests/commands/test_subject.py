"""``visavis subject`` on a real database and folder: what it hands out, what it erases, what it refuses."""

import asyncio
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from rtc_server.cli import main
from rtc_server.server_key import load_server_key
from rtc_server.storage.face_seal import FaceSeal
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import FaceRecord, JournalLine, MailboxMessage, MediaRecord, Owner, SessionRecord
from rtc_server.storage.stores import Stores, open_stores
from tests.storage.records import session_record

RECORDED = bytes(range(256)) * 5_000
"""Longer than its head, and than one piece of it."""
REPORT = {"transcript": [{"text": "I am Robin Ünal \ud800"}], "lang": "en", "nodeReports": []}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Path:
    """A data folder with two sessions of a customer, one of another one, and one in the sandbox."""
    monkeypatch.setenv("VISAVIS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("VISAVIS_DATABASE_URL", database_url)
    monkeypatch.setenv("VISAVIS_JOURNAL_DIR", str(tmp_path / "journals"))
    asyncio.run(_fill(tmp_path, database_url))
    return tmp_path


async def _open(folder: Path, url: str) -> Stores:
    server_key = load_server_key(folder)
    return await open_stores(url, MediaFiles(folder / "media", server_key), face_seal=FaceSeal(server_key))


async def _fill(folder: Path, url: str) -> None:
    stores = await _open(folder, url)
    for number, reference in ((1, "c-4711"), (2, "c-4711"), (3, "c-5000")):
        record = session_record(number, tenant="default", client_reference_id=reference, status="inProgress")
        await stores.sessions.create_session(record)
        await stores.media.put(MediaRecord(f"m_{number}", record.id, "screenshot", 0, "image/png", 4, 1), b"\x89PNG")
        recording = await stores.recordings.begin(
            MediaRecord(f"r_{number}", record.id, "userVideo", 0, "video/webm", 0, 1)
        )
        recording.write(RECORDED)
        await stores.recordings.finish(f"r_{number}", recording.finish())
        await stores.mailbox.add_message(
            MailboxMessage(f"mail{number}", "default", record.id, "sms", "+15550100", "", "code", "", 1)
        )
        lines = [JournalLine(0, 0.0, {"type": "Heard", "text": "I am Robin"}, [])]
        await stores.sessions.finish_session(
            record.id, lines, status="complete", reason="end", report=REPORT, finished_at=9
        )
    owner, consent = Owner("default", sandbox=False), {"text": "I agree.", "locale": "en", "givenAt": 1}
    for number, reference in enumerate(("c-4711", "c-face-only", "c-5000")):
        face = FaceRecord(f"face_{number}", owner, "dlib", reference, {"name": "Robin"}, consent, "", 1, 1)
        await stores.faces.save_face(face, np.ones(8, np.float32), if_last=number, at_most=9)
    sandbox = session_record(4, tenant="default", sandbox=True, client_reference_id="c-4711", delete_after=10**15)
    await stores.sessions.create_session(sandbox)
    await stores.close()
    (folder / "journals").mkdir()
    (folder / "journals" / "session-00001.jsonl").write_text("I am Robin")


def session(folder: Path, url: str, number: int) -> SessionRecord | None:
    async def read() -> SessionRecord | None:
        stores = await _open(folder, url)
        try:
            return await stores.sessions.session(f"session-{number:05}")
        finally:
            await stores.close()

    return asyncio.run(read())


def test_export_hands_out_everything_of_one_person(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out.zip"
    assert main(["subject", "export", "c-4711", "--out", str(out)]) == 0
    assert "2 sessions. It holds personal data" in capsys.readouterr().out
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(contents["subject.json"])["sessions"] == ["session-00001", "session-00002"]
    assert json.loads(contents["sessions/session-00001/session.json"])["report"] == REPORT
    assert json.loads(contents["sessions/session-00001/journal.json"])[0]["event"]["text"] == "I am Robin"
    assert json.loads(contents["sessions/session-00002/messages.json"])[0]["recipient"] == "+15550100"
    assert [e["data"] for e in json.loads(contents["sessions/session-00002/events.json"])] == [
        {"status": "inProgress"},
        {"status": "complete"},
    ]
    (face,) = json.loads(contents["faces.json"])
    assert (face["id"], face["fields"], face["consent"]["text"]) == ("face_0", {"name": "Robin"}, "I agree.")
    assert "template" not in face
    assert contents["sessions/session-00002/media/m_2.png"] == b"\x89PNG"
    assert contents["sessions/session-00002/media/r_2.webm"] == RECORDED
    sizes = [media["sizeBytes"] for media in json.loads(contents["sessions/session-00002/media.json"])]
    assert sizes == [4, len(RECORDED)]
    assert not [name for name in contents if "session-00003" in name or "session-00004" in name]
    assert b"secret" not in b"".join(contents.values())
    assert out.stat().st_mode & 0o077 == 0


def test_export_writes_over_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out.zip"
    out.write_text("something else")
    assert main(["subject", "export", "c-4711", "--out", str(out)]) == 1
    assert "exists: choose another name" in capsys.readouterr().err
    assert out.read_text() == "something else"
    assert main(["subject", "export", "c-4711", "--out", str(folder / "nowhere" / "out.zip")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_erase_takes_the_person_and_leaves_the_others(
    folder: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["subject", "erase", "c-4711", "--yes"]) == 0
    assert "Erased the personal data of 2 sessions" in capsys.readouterr().out
    erased, other = session(folder, database_url, 1), session(folder, database_url, 3)
    assert erased is not None
    assert erased.redacted_at is not None
    assert erased.report["transcript"] == []
    assert other is not None
    assert other.report == REPORT
    assert {file.stem for file in (folder / "media").glob("*/*")} == {"m_3", "r_3"}
    assert not list((folder / "journals").iterdir())
    assert main(["subject", "erase", "c-4711", "--yes"]) == 0, "again, by the same reference"


def test_erase_completely_leaves_no_session(folder: Path, database_url: str) -> None:
    assert main(["subject", "erase", "c-4711", "--completely", "--yes"]) == 0
    assert session(folder, database_url, 1) is None
    assert session(folder, database_url, 3) is not None
    assert main(["subject", "erase", "c-4711", "--sandbox", "--yes"]) == 0
    unopened = session(folder, database_url, 4)
    assert unopened is not None
    assert (unopened.status, unopened.redacted_at is not None) == ("incomplete", True)


def test_erase_asks_and_does_nothing_without_an_answer(
    folder: Path, database_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["subject", "erase", "c-4711"]) == 1
    assert "--yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert main(["subject", "erase", "c-4711"]) == 1
    kept = session(folder, database_url, 1)
    assert kept is not None
    assert kept.redacted_at is None


def test_a_session_in_progress_is_named_and_left(
    folder: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def begin() -> None:
        stores = await _open(folder, database_url)
        record = session_record(7, tenant="default", client_reference_id="c-4711", status="inProgress")
        await stores.sessions.create_session(record)
        await stores.close()

    asyncio.run(begin())
    assert main(["subject", "erase", "c-4711", "--yes"]) == 1
    captured = capsys.readouterr()
    assert "Erased the personal data of 2 sessions" in captured.out
    assert "still in progress, so left alone: session-00007" in captured.err


def test_faces_are_erased_also_of_somebody_without_sessions(folder: Path, database_url: str) -> None:
    async def left() -> list[str]:
        stores = await _open(folder, database_url)
        try:
            return [face.id for face in (await stores.faces.faces(Owner("default", sandbox=False), 9))[0]]
        finally:
            await stores.close()

    for reference in ("c-4711", "c-face-only"):
        assert main(["subject", "erase", reference, "--yes"]) == 0
    assert asyncio.run(left()) == ["face_2"]


def test_an_unknown_reference_is_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["subject", "erase", "c-9999", "--yes"]) == 1
    assert "has no production sessions or faces with this reference" in capsys.readouterr().err
    assert main(["subject", "erase", "", "--yes"]) == 1
    assert "REFERENCE is empty" in capsys.readouterr().err
