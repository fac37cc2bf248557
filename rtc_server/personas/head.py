"""Puts a persona's head together: from the files of the base mesh to the bytes of a glTF file."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from rtc_server.personas import glb
from rtc_server.personas.base_mesh import BaseMesh, Floats, read_mesh
from rtc_server.personas.eyes import IRIS_SHARE, eye_parts
from rtc_server.personas.garment import garment_parts
from rtc_server.personas.hair import above_hairline, hair_part
from rtc_server.personas.roster import PERSONAS, Persona
from rtc_server.personas.shape import Shape, shape_of
from rtc_server.personas.skin import mouth_parts, skin_part
from rtc_server.personas.small_hair import brow_part, lash_part
from rtc_server.personas.strands import Surface

_NECK = 0.45
"""Hair and collars keep off the skin down to this many dm below the chin; on the shoulders they lie on clothes."""
MASKS = ("lips", "eyelids", "ears", "inside-mouth")


def build_head(persona_id: str, mesh_file: Path) -> bytes:
    """A persona's head as binary glTF 2.0. Targets and masks lie beside the mesh. Raises MeshError and OSError."""
    persona = PERSONAS[persona_id]
    folder = mesh_file.parent
    mesh = read_mesh(mesh_file)
    masks = {name: _mask(folder / "masks" / f"mpfb_{name}.jpg", mesh) for name in MASKS}
    shape = shape_of(persona, mesh, folder)
    random = np.random.Generator(np.random.PCG64(list(persona.id.encode())))
    above_shoulders = (shape.positions[shape.body][:, :, 1] > shape.chin - _NECK).all(axis=1)
    skin = Surface(shape.positions, shape.normals, shape.body[above_shoulders])
    parts = [
        skin_part(persona, shape, masks, above_hairline(shape.positions, shape)),
        *mouth_parts(shape),
        *eye_parts(shape),
        brow_part(persona, shape, skin, random),
        lash_part(persona, shape, random),
        hair_part(persona, shape, skin, random),
        *garment_parts(persona, shape, skin),
    ]
    return glb.write(parts, shape.moves, _facts(persona, shape))


def _mask(path: Path, mesh: BaseMesh) -> Floats:
    """A grey picture at the place of each vertex, averaged over a few pixels, 0 to 1."""
    with Image.open(path) as picture:
        small = np.asarray(picture.convert("L").resize((512, 512), Image.Resampling.BOX), dtype=np.float64) / 255.0
    x = np.clip((mesh.uvs[:, 0] * 512).astype(int), 0, 511)
    y = np.clip(((1.0 - mesh.uvs[:, 1]) * 512).astype(int), 0, 511)
    return np.asarray(small[y, x])


def _facts(persona: Persona, shape: Shape) -> dict[str, Any]:
    """What the renderer is told besides the meshes."""
    left, right = shape.eyes["left"], shape.eyes["right"]
    iris = [int(persona.iris[at : at + 2], 16) for at in (1, 3, 5)]
    return {
        "id": persona.id,
        "name": persona.name,
        "eyeRadius": shape.eye_radius,
        "irisRadius": IRIS_SHARE * shape.eye_radius,
        "irisColour": iris,
        "faceCentre": [0.0, float(left[1] + right[1]) / 2 - 0.2, float(left[2])],
        "headTop": shape.top + 0.12,
        "chin": shape.chin,
        "skin": {"colour": persona.skin.colour, "roughness": persona.skin.roughness},
        "hair": {"colour": persona.hair.tip, "shine": persona.hair.shine},
        "garment": {"colour": persona.garment.colour, "kind": persona.garment.cloth},
        "background": {"inner": persona.background[0], "outer": persona.background[1]},
    }
