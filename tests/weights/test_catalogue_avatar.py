"""The catalogue fetches just what the heads are built of, and says what is wrong when it cannot."""

from pathlib import Path

import pytest

from rtc_server.personas.head import MASKS
from rtc_server.personas.roster import PERSONAS
from rtc_server.personas.shape import targets_of
from rtc_server.weights.catalogue_avatar import AVATAR_HEADS
from vision.models.importers.errors import ImportFailed

FETCHED = [file.name for file in AVATAR_HEADS.files]


def test_every_target_and_mask_that_a_persona_needs_is_fetched_and_no_other() -> None:
    macro, local = targets_of(PERSONAS.values())
    needed = {f"macro/{name}.target.gz" for name in macro}
    needed |= {f"local/{name.split('/')[1]}.target.gz" for name in local}
    needed |= {f"masks/mpfb_{name}.jpg" for name in MASKS}
    units = {name for name in FETCHED if name.startswith("units/")}
    assert set(FETCHED) == needed | units | {"base.obj"}
    assert len(FETCHED) == len(set(FETCHED))
    assert {"units/jawOpen.target", "units/eyeBlinkLeft.target", "units/browInnerUp.target"} <= units


def test_every_persona_has_a_head() -> None:
    assert [file.name for file in AVATAR_HEADS.built] == [f"{persona_id}.glb" for persona_id in PERSONAS]


@pytest.mark.parametrize("content", [None, "# no mesh"])
def test_a_missing_or_damaged_mesh_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "base.obj"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ImportFailed, match=r"base\.obj cannot be imported"):
        AVATAR_HEADS.built[0].build(path)
