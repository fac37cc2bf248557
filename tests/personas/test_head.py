"""The finished heads: valid, small, whole, and moving as faces do. Needs the base mesh in the model cache.

That the same files give the same bytes is tested with the other built files, by the hashes of the catalogue.
"""

import numpy as np
import pytest

from rtc_server.personas.roster import PERSONAS
from tests.personas.conftest import Heads
from tests.personas.glb_reader import WIDTHS, Array, Glb

pytestmark = [pytest.mark.models, pytest.mark.parametrize("persona", PERSONAS)]

LIMIT_BYTES = 700 * 1024
NODES = {
    "skin", "eye_left", "eye_right", "cornea_left", "cornea_right", "teeth_upper", "teeth_lower", "tongue", "lashes",
    "brows", "hair", "garment",
}  # fmt: skip
MORPHS = {
    "skin": {"jawOpen", "eyeBlinkLeft", "eyeBlinkRight", "mouthSmileLeft", "mouthSmileRight", "mouthPucker",
             "mouthFunnel", "mouthClose", "browInnerUp", "browDownLeft", "browDownRight", "cheekSquintLeft"},
    "teeth_lower": {"jawOpen"},
    "tongue": {"jawOpen", "tongueOut"},
    "lashes": {"eyeBlinkLeft", "eyeBlinkRight"},
    "brows": {"browInnerUp", "browDownLeft", "browDownRight"},
}  # fmt: skip
SIDES = (("left", "Left"), ("right", "Right"))


def facts(head: Glb) -> dict[str, object]:
    (scene,) = head.document["scenes"]
    return dict(scene["extras"]["persona"])


def heights_at(head: Glb, points: Array, **expression: float) -> Array:
    """How far forward the skin reaches at points of the picture plane, (n,); -inf where there is none."""
    places, triangles = head.places("skin", **expression), head.triangles("skin")
    a, b, c = (places[triangles[:, at]] for at in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    found = np.full(len(points), -np.inf)
    usable = np.abs(area) > 1e-9
    a, b, c, area = a[usable], b[usable], c[usable], area[usable]
    for index, (x, y) in enumerate(points):
        v = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / area
        w = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / area
        inside = (v >= 0) & (w >= 0) & (v + w <= 1)
        if inside.any():
            found[index] = (a[:, 2] + v * (b[:, 2] - a[:, 2]) + w * (c[:, 2] - a[:, 2]))[inside].max()
    return found


def iris_points(head: Glb, side: str) -> tuple[Array, Array]:
    """A pattern of points of the iris in the picture plane, and how far forward the eyeball reaches there."""
    eye, radius = np.array(head.node(f"eye_{side}")["translation"]), float(str(facts(head)["eyeRadius"]))
    iris = float(str(facts(head)["irisRadius"]))
    turn = np.linspace(0.0, 2 * np.pi, 8, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    offsets = np.concatenate([np.zeros((1, 2)), 0.4 * iris * ring, 0.8 * iris * ring])
    return eye[:2] + offsets, eye[2] + np.sqrt(radius**2 - (offsets**2).sum(axis=1))


def test_it_is_small_and_whole(head: Heads, persona: str) -> None:
    assert head(persona).size_bytes < LIMIT_BYTES
    names = [node["name"] for node in head(persona).document["nodes"]]
    assert len(set(names)) == len(names)
    assert set(names) >= NODES
    assert {name.rpartition("_")[0] for name in set(names) - NODES} <= {"garment"}


def test_it_is_valid(head: Heads, persona: str) -> None:
    found = head(persona)
    document = found.document
    assert document["extensionsRequired"] == ["KHR_mesh_quantization"]
    for view in document["bufferViews"]:
        assert view["byteOffset"] % 4 == 0
        assert view.get("byteStride", 4) % 4 == 0
        assert view["byteOffset"] + view["byteLength"] <= document["buffers"][0]["byteLength"]
    for mesh in document["meshes"]:
        (primitive,) = mesh["primitives"]
        accessors = document["accessors"]
        count = accessors[primitive["attributes"]["POSITION"]]["count"]
        corners = found.values(primitive["indices"])
        assert len(corners) % 3 == 0
        assert 0 <= corners.min() <= corners.max() < count, mesh["name"]
        for index in [*primitive["attributes"].values(), *(t["POSITION"] for t in primitive.get("targets", []))]:
            assert accessors[index]["count"] == count, mesh["name"]
            assert found.values(index).shape == (count, WIDTHS[accessors[index]["type"]])
        assert len(mesh["extras"]["targetNames"]) == len(primitive.get("targets", []))
        bounds = accessors[primitive["attributes"]["POSITION"]]
        steps = np.round(found.values(primitive["attributes"]["POSITION"]) * 32767)
        assert (steps.min(axis=0) == bounds["min"]).all()
        assert (steps.max(axis=0) == bounds["max"]).all()


def test_it_says_who_it_is_and_where_the_face_is(head: Heads, persona: str) -> None:
    said = facts(head(persona))
    assert (said["id"], said["name"]) == (persona, PERSONAS[persona].name)
    places = head(persona).places("skin")
    eye = head(persona).node("eye_left")["translation"]
    assert 0.1 < float(str(said["irisRadius"])) / float(str(said["eyeRadius"])) < 0.6
    assert places[:, 1].min() < float(str(said["chin"])) < eye[1] < float(str(said["headTop"]))
    assert eye[0] > 0, "the persona's own left is +x"
    assert head(persona).places("hair")[:, 1].max() > places[:, 1].max(), "hair lies over the head"


@pytest.mark.parametrize("part", MORPHS)
def test_it_has_the_expressions_that_move_a_part(head: Heads, persona: str, part: str) -> None:
    assert set(head(persona).morphs(part)) >= MORPHS[part]


@pytest.mark.parametrize("still", ["eye_left", "eye_right", "cornea_left", "hair", "garment"])
def test_what_does_not_move_has_no_expressions(head: Heads, persona: str, still: str) -> None:
    assert head(persona).morphs(still) == []


def test_the_jaw_takes_lower_teeth_and_tongue_along(head: Heads, persona: str) -> None:
    found = head(persona)
    for part in ("teeth_lower", "tongue"):
        fall = found.places(part)[:, 1].mean() - found.places(part, jawOpen=1.0)[:, 1].mean()
        assert fall > 0.05, part
    assert np.abs(found.places("teeth_upper", jawOpen=1.0) - found.places("teeth_upper")).max() < 0.02


@pytest.mark.parametrize(("side", "suffix"), SIDES)
def test_open_lids_show_the_iris_and_shut_lids_hide_it(head: Heads, persona: str, side: str, suffix: str) -> None:
    found = head(persona)
    points, ball = iris_points(found, side)
    hidden = heights_at(found, points) > ball
    assert not hidden[0], "the pupil is seen"
    assert hidden.mean() < 0.5, "most of the iris is seen"
    assert (heights_at(found, points, **{f"eyeBlink{suffix}": 1.0}) > ball).all()


def test_brows_rise_with_the_forehead_that_carries_them(head: Heads, persona: str) -> None:
    found = head(persona)
    rise = (found.places("brows", browInnerUp=1.0) - found.places("brows"))[:, 1]
    assert rise.max() > 0.02
    assert rise.min() > -0.02


def test_a_smile_widens_and_lifts_the_mouth(head: Heads, persona: str) -> None:
    found = head(persona)
    lips = found.attribute("skin", "_AREAS")[:, 0] > 0.8
    rest = found.places("skin")[lips]
    smile = found.places("skin", mouthSmileLeft=1.0, mouthSmileRight=1.0)[lips]
    corners = [int(rest[:, 0].argmin()), int(rest[:, 0].argmax())]
    assert np.ptp(smile[:, 0]) > np.ptp(rest[:, 0])
    assert (smile[corners, 1] > rest[corners, 1]).all()
