"""OBJ files and targets, good and bad."""

import gzip
from pathlib import Path

import pytest

from rtc_server.personas.base_mesh import MeshError, read_mesh, read_target

OBJ = """# a square and a triangle
v 0 0 0
v 1 0 0
v 1 1 0
v 0 1 0.5
vt 0 0
vt 1 0
vt 1 1
vt 0 1
g body
f 1/1 2/2 3/3 4/4
g helper-l-eye
f 1/1 2/2 3/3
"""


def test_quads_become_triangles_of_their_group(tmp_path: Path) -> None:
    path = tmp_path / "base.obj"
    path.write_text(OBJ)
    mesh = read_mesh(path)
    assert mesh.positions.tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0.5]]
    assert mesh.uvs.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    assert {name: faces.tolist() for name, faces in mesh.triangles.items()} == {
        "body": [[0, 1, 2], [0, 2, 3]],
        "helper-l-eye": [[0, 1, 2]],
    }


@pytest.mark.parametrize("text", ["", "v 0 0 0\n", "# nothing\n"])
def test_a_file_without_a_mesh_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "empty.obj"
    path.write_text(text)
    with pytest.raises(MeshError, match=r"empty\.obj"):
        read_mesh(path)


@pytest.mark.parametrize("packed", [False, True])
def test_a_target_moves_only_the_vertices_that_it_names(tmp_path: Path, packed: bool) -> None:
    text = "# basis\n\n2 0 -.5 .25\n0 1 0 0\n"
    path = tmp_path / ("smile.target.gz" if packed else "smile.target")
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert read_target(path, 4).tolist() == [[1, 0, 0], [0, 0, 0], [0, -0.5, 0.25], [0, 0, 0]]


def test_an_empty_target_moves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "average.target"
    path.write_text("# nothing to do\n")
    assert not read_target(path, 3).any()


@pytest.mark.parametrize("line", ["7 0 0 0", "one 0 0 0", "1 0 zero 0", "1 0 0"])
def test_a_target_of_another_mesh_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "other.target"
    path.write_text(f"0 0 0 0\n{line}\n")
    with pytest.raises(MeshError, match=r"other\.target is no target"):
        read_target(path, 4)
