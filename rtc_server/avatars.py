"""The avatars of this server: the personas under their own ids, and under those of the vendor's avatars."""

from collections.abc import Mapping

from rtc_server.api.ports import Avatar
from rtc_server.personas.roster import PERSONAS, Persona

DEFAULT_AVATAR = "ava"

_SINCE_MS = 1_790_000_000_000
"""When the first avatars came: September 2026."""

_ALIASES = {
    "June_HR_public": ("June", "ava"),
    "Ann_Therapist_public": ("Ann", "sofia"),
    "Dexter_Lawyer_Sitting_public": ("Dexter", "kenji"),
    "Elenora_IT_Sitting_public": ("Elenora", "amara"),
    "Judy_Lawyer_Sitting2_public": ("Judy", "sofia"),
    "Judy_Teacher_Sitting_public": ("Judy", "sofia"),
    "Judy_Teacher_Sitting2_public": ("Judy", "sofia"),
    "Judy_Teacher_Standing_public": ("Judy", "sofia"),
    "Shawn_Therapist_public": ("Shawn", "leo"),
    "SilasHR_public": ("Silas", "ravi"),
    "Silas_CustomerSupport_public": ("Silas", "ravi"),
}
"""The vendor's ids (contract, section 8.1), so that integrations which name them keep working: name, persona."""


def _avatar(avatar_id: str, name: str, persona: Persona) -> Avatar:
    return Avatar(avatar_id, name, persona.id, persona.gender, _SINCE_MS)


AVATARS: Mapping[str, Avatar] = {
    **{persona.id: _avatar(persona.id, persona.name, persona) for persona in PERSONAS.values()},
    **{alias: _avatar(alias, name, PERSONAS[persona_id]) for alias, (name, persona_id) in _ALIASES.items()},
}
"""By id."""

VOICES: Mapping[str, Mapping[str, str]] = {
    avatar_id: PERSONAS[avatar.persona].voices for avatar_id, avatar in AVATARS.items()
}
"""Avatar → engine → voice."""
