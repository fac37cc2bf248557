"""Reference pictures: every way to name one, and every bad one with its name."""

import base64
import logging
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import cv2
import numpy as np
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.session.vision.images import ReferenceImages
from rtc_server.storage.ports import MediaRecord, SessionRecord
from tests.fakes.stage import Stage

PICTURE = np.zeros((40, 60, 3), np.uint8)
PICTURE[:, :30] = (200, 30, 30)
"""RGB; red at the left."""

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
GIF = b"GIF89a" + bytes(40)


def encoded(suffix: str = ".png") -> bytes:
    return bytes(cv2.imencode(suffix, PICTURE[..., ::-1])[1])


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def strip() -> bytes:
    """A picture that nothing is left of when it is scaled down."""
    return bytes(cv2.imencode(".png", np.zeros((5_000, 1, 3), np.uint8))[1])


def huge_png(width: int, height: int) -> bytes:
    """A file of some bytes that claims to be enormous."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an EXIF segment."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    segment = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


class Files:
    """A server of the customer's; ``answers`` by path."""

    def __init__(self) -> None:
        self.answers: dict[str, web.Response] = {}
        self.bytes_sent = 0

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/endless":
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(50):
                await response.write(bytes(1_000_000))
                self.bytes_sent += 1_000_000
            return response
        return self.answers.get(request.path, web.Response(status=404))


@pytest.fixture
async def files() -> AsyncIterator[tuple[Files, str]]:
    found, app = Files(), web.Application()
    app.router.add_get("/{path:.*}", found.serve)
    async with TestServer(app) as server:
        yield found, str(server.make_url("")).rstrip("/")


@pytest.fixture
async def record(stage: Stage) -> SessionRecord:
    return await stage.create([])


@pytest.fixture
async def images(stage: Stage) -> AsyncIterator[ReferenceImages]:
    """May call this machine, as a test must."""
    policy = OutboundPolicy(allow_private=True, allow_http=True, timeout_seconds=2.0, max_response_bytes=10_000_000)
    loader = ReferenceImages(policy, stage.stores.media, stage.store.session)
    yield loader
    await loader.close()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
async def test_a_data_url_is_read(images: ReferenceImages, record: SessionRecord, suffix: str) -> None:
    kind = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}[suffix]
    loaded = await images.load(record, data_url(encoded(suffix), kind))
    assert (loaded.error, loaded.image is not None) == ("", True)
    assert loaded.image is not None
    assert loaded.image.shape == (40, 60, 3)
    assert loaded.image[20, 10, 0] > 150 > loaded.image[20, 50, 0]


async def test_the_orientation_of_a_photo_is_honoured(images: ReferenceImages, record: SessionRecord) -> None:
    loaded = await images.load(record, data_url(with_orientation(encoded(".jpg"), 6), "image/jpeg"))
    assert loaded.image is not None
    assert loaded.image.shape == (60, 40, 3)
    assert loaded.image[5, 20, 0] > 150


async def test_a_large_photo_is_scaled_down(images: ReferenceImages, record: SessionRecord) -> None:
    large = bytes(cv2.imencode(".jpg", np.full((2400, 3200, 3), 90, np.uint8))[1])
    loaded = await images.load(record, data_url(large, "image/jpeg"))
    assert loaded.image is not None
    assert loaded.image.shape == (1200, 1600, 3)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("", "reference_missing"),
        ("a portrait", "reference_unreadable"),
        (data_url(SVG, "image/svg+xml"), "reference_unreadable"),
        (data_url(SVG), "reference_unreadable"),
        (data_url(GIF, "image/gif"), "reference_unreadable"),
        (data_url(encoded()[:60]), "reference_unreadable"),
        (data_url(encoded(".jpg")[:120], "image/jpeg"), "reference_unreadable"),
        (data_url(b"\xff\xd8\xff" + bytes(50)), "reference_unreadable"),
        (data_url(huge_png(20_000, 20_000)), "reference_too_large"),
        (data_url(huge_png(0, 5)), "reference_unreadable"),
        (data_url(strip()), "reference_unreadable"),
        ("data:image/png;base64,***", "reference_unreadable"),
        ("data:image/png,plain", "reference_unreadable"),
        ("data:image/png;base64," + "A" * 14_000_000, "reference_too_large"),
        ("m_unknown", "reference_missing"),
        ("https://robin:pw@example.org/a.png", "reference_refused"),
        ("ftp://example.org/a.png", "reference_refused"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
async def test_bad_references_have_names(
    images: ReferenceImages, record: SessionRecord, source: str, error: str
) -> None:
    loaded = await images.load(record, source)
    assert (loaded.image, loaded.error) == (None, error)


async def test_an_address_is_fetched(images: ReferenceImages, record: SessionRecord, files: tuple[Files, str]) -> None:
    server, url = files
    server.answers["/me.png"] = web.Response(body=encoded(), content_type="image/png")
    server.answers["/page"] = web.Response(text="<html>", content_type="text/html")
    server.answers["/moved"] = web.Response(status=302, headers={"Location": f"{url}/me.png"})
    assert (await images.load(record, f"{url}/me.png?token=t0k3n")).image is not None
    assert (await images.load(record, f"{url}/page")).error == "reference_unreadable"
    assert (await images.load(record, f"{url}/none")).error == "reference_unreachable"
    assert (await images.load(record, f"{url}/moved")).error == "reference_unreachable"


async def test_an_endless_answer_is_cut_off(
    images: ReferenceImages, record: SessionRecord, files: tuple[Files, str]
) -> None:
    server, url = files
    assert (await images.load(record, f"{url}/endless")).error == "reference_too_large"
    assert server.bytes_sent < 50_000_000


@pytest.mark.parametrize("host", ["127.0.0.1:1", "[::1]:1", "10.0.0.7", "169.254.169.254", "localhost:1"])
async def test_private_addresses_are_refused(stage: Stage, record: SessionRecord, host: str) -> None:
    loader = ReferenceImages(OutboundPolicy(timeout_seconds=2.0), stage.stores.media, stage.store.session)
    assert (await loader.load(record, f"https://{host}/me.png")).error == "reference_refused"
    assert (await loader.load(record, "http://example.org/me.png")).error == "reference_refused"
    await loader.close()


async def test_a_stored_picture_of_the_same_owner_only(stage: Stage, record: SessionRecord) -> None:
    media = Shelf()
    loader = ReferenceImages(OutboundPolicy(), media, stage.store.session)  # type: ignore[arg-type]
    media.kept["m_1"] = (MediaRecord("m_1", record.id, "userPhoto", 0, "image/png", 1, 1), encoded())
    assert (await loader.load(record, "m_1")).image is not None
    stranger = record.with_(tenant="another")
    assert (await loader.load(stranger, "m_1")).error == "reference_missing"
    assert (await loader.load(record.with_(sandbox=True), "m_1")).error == "reference_missing"
    await loader.close()


class Shelf:
    """``MediaStore.get`` without a folder."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def get(self, media_id: str) -> Any:
        return self.kept.get(media_id)


async def test_nothing_of_an_address_is_logged(
    images: ReferenceImages, record: SessionRecord, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await images.load(record, "https://127.0.0.1:1/private-path?token=t0k3n")
        await images.load(record, data_url(encoded()[:50]))
    assert "t0k3n" not in caplog.text
    assert "private-path" not in caplog.text
