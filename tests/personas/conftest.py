"""The base mesh as it was pulled, and the heads that are built of it now."""

from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from rtc_server.personas.head import build_head
from tests.personas.glb_reader import Glb, read_glb


class Heads(Protocol):
    """Head of a persona by its id."""

    def __call__(self, persona_id: str) -> Glb: ...


@pytest.fixture(scope="session")
def mesh_file(weights: Path) -> Path:
    path = weights / "avatar-heads" / "base.obj"
    if not path.exists():
        pytest.skip("no avatar-heads: run 'visavis models pull avatar-heads'")
    return path


@pytest.fixture(scope="session")
def head(mesh_file: Path) -> Heads:
    """Each is built once."""

    @cache
    def build(persona_id: str) -> Glb:
        return read_glb(build_head(persona_id, mesh_file))

    return build
