"""Kept files: links that work for a quarter of an hour, for nobody who made one up, and bytes that came from disk."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import ClientPayloadError

from rtc_server.api.resources.media import LINK_MS
from rtc_server.storage.ports import MediaRecord
from tests.api.flows import APPENDIX_B
from tests.fakes.whole_server import WholeServer, open_server

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
NOW_MS = 1_790_000_000_000


class Clock:
    """The server's civil time."""

    now_ms = NOW_MS

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(tmp_path: Path, clock: Clock) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path, now_ms=clock) as opened:
        yield opened


async def session_with(server: WholeServer, *kinds: str, content_type: str = "image/png") -> str:
    session_id: str = (await server.post("/sessions", APPENDIX_B))["session"]["id"]
    for number, kind in enumerate(kinds):
        media = MediaRecord(f"m_{number}", session_id, kind, number, content_type, len(PICTURE), NOW_MS + number)
        await server.media.put(media, PICTURE)
    return session_id


async def first_link(server: WholeServer) -> str:
    session_id = await session_with(server, "screenshot")
    media = (await server.get(f"/sessions/{session_id}"))["session"]["report"]["media"]
    link: str = media["screenshots"][0]["url"]
    return link


def path_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


async def test_a_report_without_files_has_no_media(server: WholeServer) -> None:
    session_id = await session_with(server)
    assert "media" not in (await server.get(f"/sessions/{session_id}"))["session"]["report"]


async def test_files_stand_where_the_contract_wants_them(server: WholeServer) -> None:
    kinds = ("screenshot", "userVideo", "avatarAudio", "document.face", "screenshot")
    session_id = await session_with(server, *kinds)
    media = (await server.get(f"/sessions/{session_id}"))["session"]["report"]["media"]
    assert [file["id"] for file in media["screenshots"]] == ["m_0", "m_4"]
    assert (media["userVideo"]["id"], media["avatarVideo"]["id"]) == ("m_1", "m_2")
    assert [(part["kind"], part["part"], part["finished"]) for part in media["recordings"]] == [
        ("userVideo", 1, True),
        ("avatarAudio", 2, True),
    ]
    (document,) = media["documentImages"]
    assert (document["side"], document["type"], document["file"]["id"]) == (3, "face", "m_3")
    shown = media["screenshots"][0]
    assert shown == {
        "id": "m_0",
        "createdAt": NOW_MS,
        "expireAt": NOW_MS + LINK_MS,
        "contentType": "image/png",
        "url": shown["url"],
    }
    assert shown["url"].startswith(f"{server.url}/media/m_0?expires={NOW_MS + LINK_MS}&signature=")


async def test_the_link_alone_opens_the_file(server: WholeServer) -> None:
    response = await server.client.get(path_of(await first_link(server)))
    assert response.status == 200
    assert await response.read() == PICTURE
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Security-Policy"] == "sandbox"


async def test_a_link_runs_out(server: WholeServer, clock: Clock) -> None:
    path = path_of(await first_link(server))
    clock.now_ms += LINK_MS - 1
    assert (await server.client.get(path)).status == 200
    clock.now_ms += 1
    response = await server.client.get(path)
    assert (response.status, (await response.json())["error"]["code"]) == (403, "link_expired")


@pytest.mark.parametrize(
    "change",
    [
        {"expires": str(NOW_MS + 10 * LINK_MS)},
        {"expires": ""},
        {"expires": "²"},
        {"expires": "9" * 5_000},
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "\u00fc"},
    ],
)
async def test_a_link_that_was_changed_opens_nothing(server: WholeServer, change: dict[str, str]) -> None:
    parts = urlsplit(await first_link(server))
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | change
    response = await server.client.get(f"{parts.path}?{urlencode(query)}")
    assert (response.status, (await response.json())["error"]["code"]) == (403, "invalid_signature")
    other = await server.client.get(f"/media/m_1?{parts.query}")
    assert other.status == 403, "a link opens its own file only"


@pytest.mark.parametrize(
    ("asked", "status", "first", "end"),
    [
        (None, 200, 0, 600_000),
        ("bytes=0-", 206, 0, 600_000),
        ("bytes=0-0", 206, 0, 1),
        ("bytes=262140-262150", 206, 262_140, 262_151),
        ("bytes=599999-700000", 206, 599_999, 600_000),
        ("bytes=-10", 206, 599_990, 600_000),
        ("bytes=-700000", 206, 0, 600_000),
        ("Bytes= 5-9", 206, 5, 10),
        ("bytes=-", 200, 0, 600_000),
        ("bytes=" + "9" * 5_000 + "-", 200, 0, 600_000),
        ("bytes=\u0661-", 200, 0, 600_000),
        ("bytes=9-5", 200, 0, 600_000),
        ("bytes=0-1,5-6", 200, 0, 600_000),
        ("lines=1-2", 200, 0, 600_000),
    ],
)
async def test_any_range_of_a_recording_is_sent(
    server: WholeServer, asked: str | None, status: int, first: int, end: int
) -> None:
    path, content = await recorded(server)
    response = await server.client.get(path, headers={"Range": asked} if asked else {})
    assert response.status == status
    assert await response.read() == content[first:end]
    assert response.headers["Content-Type"] == "video/webm"
    assert response.headers["Accept-Ranges"] == "bytes"
    expected = f"bytes {first}-{end - 1}/600000" if status == 206 else None
    assert response.headers.get("Content-Range") == expected


@pytest.mark.parametrize("asked", ["bytes=600000-", "bytes=600000-600010", "bytes=-0"])
async def test_a_range_that_holds_nothing_is_refused(server: WholeServer, asked: str) -> None:
    path, _ = await recorded(server)
    response = await server.client.get(path, headers={"Range": asked})
    assert response.status == 416
    assert response.headers["Content-Range"] == "bytes */600000"


async def test_damage_that_is_found_late_breaks_the_connection(
    server: WholeServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, _ = await recorded(server)
    os.truncate(kept_file(tmp_path, "m_0.rest"), 4 * 65_564)
    async with asyncio.timeout(10):
        response = await server.client.get(path)
        assert response.status == 200
        with pytest.raises(ClientPayloadError):
            await response.read()
    assert "breaks off" in caplog.text


async def test_damage_that_is_found_at_once_is_told(server: WholeServer, tmp_path: Path) -> None:
    path, _ = await recorded(server)
    os.truncate(kept_file(tmp_path, "m_0.bin"), 1_000)
    response = await server.client.get(path)
    assert (response.status, (await response.json())["error"]["code"]) == (503, "storage_unavailable")


async def test_a_recording_that_still_grows_is_sent_as_far_as_it_goes(server: WholeServer) -> None:
    path, content = await recorded(server, finished=False)
    response = await server.client.get(path)
    assert response.status == 200
    assert await response.read() == content[: 262_144 + 5 * 65_536]
    media = (await server.get("/sessions"))["sessions"][0]["id"]
    report = (await server.get(f"/sessions/{media}"))["session"]["report"]
    assert report["media"]["recordings"][0]["finished"] is False


def kept_file(folder: Path, name: str) -> Path:
    (file,) = folder.glob(f"**/{name}")
    return file


async def recorded(server: WholeServer, *, finished: bool = True) -> tuple[str, bytes]:
    """The link to a recording of 600,000 bytes, and these."""
    session_id: str = (await server.post("/sessions", APPENDIX_B))["session"]["id"]
    content = os.urandom(600_000)
    recordings = server.recordings
    file = await recordings.begin(MediaRecord("m_0", session_id, "userVideo", 0, "video/webm", 0, NOW_MS))
    file.write(content)
    if finished:
        assert await recordings.finish("m_0", file.finish())
    media = (await server.get(f"/sessions/{session_id}"))["session"]["report"]["media"]
    return path_of(media["userVideo"]["url"]), content


async def test_an_erased_file_is_gone(server: WholeServer) -> None:
    path = path_of(await first_link(server))
    session_id = (await server.get("/sessions"))["sessions"][0]["id"]
    await server.simulate(session_id)
    redacted = await server.post(f"/sessions/{session_id}/redact", {})
    assert "media" not in redacted["session"]["report"]
    response = await server.client.get(path)
    assert (response.status, (await response.json())["error"]["code"]) == (404, "media_not_found")


async def test_the_log_names_no_signature(server: WholeServer, caplog: pytest.LogCaptureFixture) -> None:
    link = await first_link(server)
    with caplog.at_level("INFO", "rtc_server.access"):
        await server.client.get(path_of(link))
    assert "/media/m_0" in caplog.text
    assert "signature" not in caplog.text
