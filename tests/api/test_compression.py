"""Files go out compressed to those who take it, as the version that stands in the folder."""

import gzip
import os
from pathlib import Path

import pytest

from rtc_server.api.compression import MAX_FILE_BYTES, GzipStore, accepts_gzip
from tests.api.conftest import Edge

TEXT = "export const words = 'again and again';\n" * 200
PATH = "/static/session/long.js"


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("GZIP, deflate, br", True),
        ("br;q=1.0, gzip;q=0.8", True),
        ("gzip ; q=0.001", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br, gzipped", False),
    ],
)
def test_who_accepts_gzip(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


async def test_both_forms_have_their_own_tag_and_the_same_text(edge: Edge, static_folder: Path) -> None:
    (static_folder / "session" / "long.js").write_text(TEXT)
    packed = await edge.client.get(PATH, headers={"Accept-Encoding": "gzip"})
    plain = await edge.client.get(PATH, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 10
    assert await packed.text() == await plain.text() == TEXT
    assert packed.headers["ETag"] != plain.headers["ETag"]
    for response in (packed, plain):
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


async def test_who_has_a_form_does_not_get_it_again(edge: Edge, static_folder: Path) -> None:
    file = static_folder / "session" / "long.js"
    file.write_text(TEXT)
    for encoding in ("gzip", "identity"):
        first = await edge.client.get(PATH, headers={"Accept-Encoding": encoding})
        known = {"Accept-Encoding": encoding, "If-None-Match": f'"other", W/{first.headers["ETag"]}'}
        again = await edge.client.get(PATH, headers=known)
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert "script-src 'self'" in again.headers["Content-Security-Policy"]
    file.write_text(TEXT + "// changed\n")
    changed = await edge.client.get(PATH, headers=known | {"Accept-Encoding": "gzip"})
    assert changed.status == 200
    assert (await changed.text()).endswith("// changed\n")


async def test_head_says_what_get_would_send(edge: Edge, static_folder: Path) -> None:
    (static_folder / "session" / "long.js").write_text(TEXT)
    asked = await edge.client.head(PATH, headers={"Accept-Encoding": "gzip"})
    sent = await edge.client.get(PATH, headers={"Accept-Encoding": "gzip"})
    for name in ("Content-Length", "ETag", "Content-Encoding"):
        assert asked.headers[name] == sent.headers[name]


async def test_a_file_that_gains_too_little_goes_out_as_it_is(tmp_path: Path) -> None:
    store = GzipStore()
    for name, content in {"short": b"short", "noise": os.urandom(5_000), "large": b"a" * (MAX_FILE_BYTES + 1)}.items():
        (tmp_path / name).write_bytes(content)
        assert await store.compressed(tmp_path / name) is None


async def test_a_version_is_compressed_once_and_a_new_one_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compressed = list[int]()
    plain_compress = gzip.compress

    def counted(data: bytes, mtime: float) -> bytes:
        compressed.append(len(data))
        return plain_compress(data, mtime=mtime)

    monkeypatch.setattr(gzip, "compress", counted)
    file, store = tmp_path / "a.js", GzipStore()
    file.write_text(TEXT)
    first = await store.compressed(file)
    assert first is not None
    assert await store.compressed(file) == first
    file.write_text(TEXT * 2)
    second = await store.compressed(file)
    assert second is not None
    assert second.etag != first.etag
    assert second.content is not None
    assert gzip.decompress(second.content).decode() == TEXT * 2
    assert compressed == [len(TEXT), len(TEXT) * 2]


async def test_memory_is_bounded_and_what_is_asked_for_stays(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.js" for number in range(4)]
    for file in files:
        file.write_text(TEXT)
    size = len(gzip.compress(TEXT.encode(), mtime=0))
    store = GzipStore(max_kept_bytes=2 * size)
    first = [await store.compressed(file) for file in (files[0], files[1], files[0], files[2])]
    assert await store.compressed(files[0]) is first[0], "it was asked for since"
    assert await store.compressed(files[1]) is not first[1], "it made way"
