"""The writer: what is read back is what was written, within half a step."""

import numpy as np
import pytest

from rtc_server.personas import glb
from rtc_server.personas.eyes import grid_triangles
from rtc_server.personas.part import Part
from tests.personas.glb_reader import read_glb

GRID = np.stack(np.meshgrid(np.linspace(3.0, 4.0, 6), np.linspace(-1.0, 1.0, 6)), axis=-1).reshape(-1, 2)
PLACES = np.column_stack([GRID, np.sin(GRID[:, 0] * 5)])
MOVE = np.where(PLACES[:, 1:2] > 0.5, [[0.0, 0.3, -0.1]], 0.0)
STEP = 1.0 / 32767


def part(name: str = "skin", **changes: object) -> Part:
    count = len(PLACES)
    fields: dict[str, object] = {
        "name": name, "positions": PLACES, "triangles": grid_triangles(6, 6), "colours": np.full((count, 3), 0.25),
        "carriers": np.arange(count)[:, None], "shares": np.ones((count, 1)),
    }  # fmt: skip
    return Part(**{**fields, **changes})  # type: ignore[arg-type]


def test_places_colours_and_facts_come_back() -> None:
    found = read_glb(glb.write([part(areas=np.tile([0.0, 0.2, 0.6, 1.0], (36, 1)))], {}, {"id": "nobody"}))
    assert np.abs(found.places("skin") - PLACES).max() <= STEP
    assert found.triangles("skin").tolist() == grid_triangles(6, 6).tolist()
    assert found.attribute("skin", "COLOR_0") == pytest.approx(0.25, abs=0.5 / 255)
    assert found.attribute("skin", "_AREAS")[0] == pytest.approx([0.0, 0.2, 0.6, 1.0], abs=0.5 / 255)
    (scene,) = found.document["scenes"]
    assert scene["extras"]["persona"] == {"id": "nobody"}


def test_an_expression_moves_what_it_should_and_nothing_else() -> None:
    found = read_glb(glb.write([part()], {"browInnerUp": MOVE}, {}))
    assert found.morphs("skin") == ["browInnerUp"]
    moved = found.places("skin", browInnerUp=1.0)
    assert np.abs(moved - PLACES - MOVE).max() <= 3 * STEP
    (target,) = found.primitive("skin")["targets"]
    assert found.document["accessors"][target["POSITION"]]["sparse"]["count"] == int(MOVE.any(axis=1).sum())


def test_an_expression_that_moves_a_part_nowhere_is_left_out_of_it() -> None:
    still = part("teeth_upper", carriers=np.zeros((36, 1), dtype=np.int64))
    found = read_glb(glb.write([part(), still], {"browInnerUp": MOVE}, {}))
    assert found.morphs("teeth_upper") == []
    assert "targets" not in found.primitive("teeth_upper")


def test_what_is_carried_moves_as_its_carriers_do() -> None:
    top, low = int(PLACES[:, 1].argmax()), int(PLACES[:, 1].argmin())
    lash = part("lashes", carriers=np.tile([top, low], (36, 1)), shares=np.tile([0.75, 0.25], (36, 1)))
    found = read_glb(glb.write([lash], {"browInnerUp": MOVE}, {}))
    assert found.places("lashes", browInnerUp=1.0) - PLACES == pytest.approx(
        np.tile([0.0, 0.225, -0.075], (36, 1)), abs=3 * STEP
    )


def test_a_child_lies_where_it_was_put_in_its_parent() -> None:
    centre = np.array([0.3, 7.2, 1.1])
    eye = part("eye_left", positions=PLACES - PLACES.mean(axis=0), centre=centre, carriers=None, shares=None)
    cornea = part("cornea_left", positions=eye.positions * 0.5, centre=centre, parent="eye_left", carriers=None)
    found = read_glb(glb.write([eye, cornea], {}, {}))
    assert found.node("eye_left")["translation"] == pytest.approx(centre)
    assert np.abs(found.places("cornea_left") - centre - cornea.positions).max() <= 2 * STEP
    (scene,) = found.document["scenes"]
    assert scene["nodes"] == [0], "the cornea hangs on the eye alone"
