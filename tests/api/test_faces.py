"""Enrolled faces by REST, with real stores, index and judgement of pictures; people are painted."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientResponse
from sqlalchemy import select

from rtc_server.session.vision.picture import encode_jpeg
from rtc_server.storage import schema
from tests.fakes.vision import Actor, Eyes
from tests.fakes.whole_server import OTHER_KEY, PRODUCTION_KEY, WholeServer, open_server

CONSENT = {"text": "I agree that my face is kept.", "locale": "en", "givenAt": 1_790_000_000_000}


def picture(hue: int) -> str:
    """Of a person whom the fake embedder knows by this hue; 20 apart are different people."""
    return data_url(encode_jpeg(Actor(hue=hue).picture()))


def data_url(content: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(content).decode()


def enrolment(hue: int, reference: str = "", **more: Any) -> dict[str, Any]:
    return {"reference": reference, "image": picture(hue), "consent": CONSENT} | more


@pytest.fixture
def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
async def server(tmp_path: Path, eyes: Eyes) -> AsyncIterator[WholeServer]:
    async with open_server(tmp_path, eyes=eyes.engines()) as opened:
        yield opened


async def enrol(server: WholeServer, hue: int, reference: str = "", **more: Any) -> dict[str, Any]:
    response = await server.call("POST", "/faces", json=enrolment(hue, reference, **more))
    assert response.status == 201, await response.text()
    face: dict[str, Any] = await response.json()
    return face


async def refused(response: ClientResponse, status: int, code: str) -> dict[str, Any]:
    assert response.status == status, await response.text()
    error: dict[str, Any] = (await response.json())["error"]
    assert error["code"] == code, error
    return error


async def test_a_face_is_enrolled_shown_and_deleted(server: WholeServer) -> None:
    face = await enrol(server, 12, "p-1", fields={"name": "Robin Ünal", "email": None})
    assert face["id"].startswith("face_")
    assert (face["reference"], face["fields"], face["consent"]) == ("p-1", {"name": "Robin Ünal"}, CONSENT)
    assert "template" not in face
    assert await server.get(f"/faces/{face['id']}") == face
    assert (await server.get("/faces"))["faces"] == [face]
    assert (await server.call("DELETE", f"/faces/{face['id']}")).status == 204
    await refused(await server.call("GET", f"/faces/{face['id']}"), 404, "face_not_found")
    await refused(await server.call("DELETE", f"/faces/{face['id']}"), 404, "face_not_found")
    assert (await server.get("/faces")) == {"faces": [], "hasMore": False}


async def test_pages_and_references(server: WholeServer) -> None:
    ids = [(await enrol(server, hue, f"p-{hue}"))["id"] for hue in (10, 60, 110)]
    first = await server.get("/faces?limit=2")
    rest = await server.get(f"/faces?limit=2&cursor={first['nextCursor']}")
    assert (first["hasMore"], rest["hasMore"]) == (True, False)
    assert sorted(face["id"] for face in first["faces"] + rest["faces"]) == sorted(ids)
    assert [face["id"] for face in (await server.get("/faces?reference=p-60"))["faces"]] == [ids[1]]
    await refused(await server.call("GET", "/faces?cursor=face_unknown"), 400, "invalid_value")


async def test_a_duplicate_is_reported_and_the_same_reference_replaced(server: WholeServer) -> None:
    first = await enrol(server, 12, "p-1")
    error = await refused(await server.call("POST", "/faces", json=enrolment(12, "p-2")), 409, "duplicate_face")
    assert error["duplicateOf"] == first["id"]
    again = await enrol(server, 60, "p-1")
    assert (again["id"], again["createdAt"]) == (first["id"], first["createdAt"])
    assert (await enrol(server, 12, "p-2"))["id"] != first["id"]


async def test_a_face_may_be_changed(server: WholeServer) -> None:
    face = await enrol(server, 12, "p-1", fields={"name": "Robin"})
    changed = await (await server.call("PUT", f"/faces/{face['id']}", json={"fields": {"company": "Acme"}})).json()
    assert (changed["fields"], changed["reference"], changed["consent"]) == ({"company": "Acme"}, "p-1", CONSENT)
    other = await enrol(server, 60)
    response = await server.call("PUT", f"/faces/{face['id']}", json={"image": picture(60)})
    assert (await refused(response, 409, "duplicate_face"))["duplicateOf"] == other["id"]
    response = await server.call("PUT", f"/faces/{face['id']}", json={"image": picture(110)})
    assert response.status == 200
    assert (await enrol(server, 12))["id"] != face["id"], "the former template is gone"
    await refused(await server.call("PUT", "/faces/face_unknown", json={}), 404, "face_not_found")


@pytest.mark.parametrize("missing", ["image", "consent", "consent.text", "consent.locale", "consent.givenAt"])
async def test_what_is_required_is_named(server: WholeServer, missing: str) -> None:
    body = enrolment(12) | {"consent": dict(CONSENT)}
    holder, _, name = missing.rpartition(".")
    del (body[holder] if holder else body)[name]
    assert (await refused(await server.call("POST", "/faces", json=body), 400, "parameter_missing"))["param"] == missing


@pytest.mark.parametrize(
    "image", ["https://example.org/face.jpg", "data:image/svg+xml;base64,PHN2Zz4=", "data:image/png;base64,", "m_12", 5]
)
async def test_what_is_no_picture_is_refused(server: WholeServer, image: Any) -> None:
    response = await server.call("POST", "/faces", json=enrolment(12) | {"image": image})
    assert (response.status, (await response.json())["error"]["param"]) == (400, "image")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"no picture", "unreadable"),
        (encode_jpeg(np.full((1, 5_000, 3), 128, np.uint8)), "unreadable"),
        (encode_jpeg(np.zeros((480, 640, 3), np.uint8)), "too_dark"),
        (encode_jpeg(np.full((1, 1, 3), 128, np.uint8)), "too_coarse"),
    ],
)
async def test_a_poor_picture_is_named(server: WholeServer, eyes: Eyes, content: bytes, problem: str) -> None:
    eyes.actor.present = False
    response = await server.call("POST", "/faces", json=enrolment(12) | {"image": data_url(content)})
    assert (await refused(response, 400, "low_quality"))["problem"] == problem


@pytest.mark.parametrize(
    ("actor", "problem"),
    [(Actor(others=1), "more_faces"), (Actor(yaw=30), "turned"), (Actor(present=False), "no_face")],
)
async def test_whoever_cannot_be_seen_well_is_not_enrolled(
    server: WholeServer, eyes: Eyes, actor: Actor, problem: str
) -> None:
    eyes.actor = actor
    response = await server.call("POST", "/faces", json=enrolment(12))
    assert (await refused(response, 400, "low_quality"))["problem"] == problem
    assert (await server.get("/faces"))["faces"] == []


@pytest.mark.parametrize("key", [OTHER_KEY, PRODUCTION_KEY])
async def test_faces_belong_to_one_tenant_and_one_world(server: WholeServer, key: str) -> None:
    face = await enrol(server, 12)
    for method in ("GET", "PUT", "DELETE"):
        await refused(await server.call(method, f"/faces/{face['id']}", key=key, json={}), 404, "face_not_found")
    assert (await (await server.call("GET", "/faces", key=key)).json())["faces"] == []
    assert (await server.call("POST", "/faces", key=key, json=enrolment(12))).status == 201, "no duplicate over there"


async def test_sending_again_enrols_once_and_a_deleted_face_leaves_no_answer(server: WholeServer) -> None:
    body, headers = enrolment(12, "p-1", fields={"name": "Robin"}), {"Idempotency-Key": "k-1"}
    first = await (await server.call("POST", "/faces", json=body, headers=headers)).json()
    again = await server.call("POST", "/faces", json=body, headers=headers)
    assert (again.status, again.headers["Idempotent-Replayed"], await again.json()) == (201, "true", first)
    await server.call("DELETE", f"/faces/{first['id']}")
    async with server.stage.stores.database.read() as connection:
        assert (await connection.execute(select(schema.idempotency))).all() == []


async def test_a_subject_is_exported_and_erased_with_its_face(server: WholeServer) -> None:
    face, other = await enrol(server, 12, "p-1", fields={"name": "Robin"}), await enrol(server, 60, "p-2")
    export = await server.get("/subjects/p-1/export")
    (kept,) = export["faces"]
    assert (kept["id"], kept["fields"], kept["consent"]) == (face["id"], {"name": "Robin"}, CONSENT)
    erased = await (await server.call("DELETE", "/subjects/p-1")).json()
    assert erased == {"clientReferenceId": "p-1", "cancelled": 0, "redacted": 0, "faces": 1}
    assert [left["id"] for left in (await server.get("/faces"))["faces"]] == [other["id"]]
    assert (await server.call("GET", "/subjects/p-1/export")).status == 404


async def test_without_eyes_it_is_said(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        response = await server.call("POST", "/faces", json=enrolment(12))
        assert "vision.tracker" in (await refused(response, 503, "recognition_unavailable"))["message"]
        assert (await server.get("/faces"))["faces"] == []
