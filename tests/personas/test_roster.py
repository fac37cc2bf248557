"""The six, and the ids by which they are asked for."""

import re

import pytest

from conversation.speech.providers.hibari import TIMBRES
from rtc_server.avatars import AVATARS, DEFAULT_AVATAR, VOICES
from rtc_server.personas.roster import PERSONAS, Persona


def test_they_differ_in_sex_hair_and_clothes() -> None:
    everyone = list(PERSONAS.values())
    assert len(everyone) == 6
    assert {persona.gender for persona in everyone} == {"female", "male"}
    assert len({(persona.hair.style, persona.hair.root) for persona in everyone}) == 6
    assert len({persona.garment.colour for persona in everyone}) == 6
    assert len({persona.skin.colour for persona in everyone}) == 6


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=lambda persona: persona.id)
def test_shares_and_colours_are_sound(persona: Persona) -> None:
    origins = sum(share for name, share in persona.macro.items() if not name.startswith("universal"))
    builds = sum(share for name, share in persona.macro.items() if name.startswith("universal"))
    assert (origins, builds) == pytest.approx((1.0, 1.0)), "shares of a whole person"
    assert all(persona.gender in name.split("-") for name in persona.macro)
    colours = (persona.iris, persona.skin.colour, persona.skin.lips, persona.hair.root, persona.garment.colour)
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in (*colours, *persona.background))
    assert persona.voices["hibari"].removeprefix("heart").removeprefix("-") in {"", *TIMBRES}


def test_every_avatar_is_a_persona_of_its_sex_and_has_its_voice() -> None:
    assert set(PERSONAS) <= set(AVATARS)
    assert DEFAULT_AVATAR in PERSONAS
    for avatar_id, avatar in AVATARS.items():
        assert avatar.id == avatar_id
        assert avatar.gender == PERSONAS[avatar.persona].gender
        assert VOICES[avatar_id] == PERSONAS[avatar.persona].voices


def test_the_vendors_default_is_ours() -> None:
    assert AVATARS["June_HR_public"].persona == DEFAULT_AVATAR
