"""Ids that nobody can guess."""

import secrets
import string

ID_CHARACTERS = 20

_ALPHABET = string.ascii_letters + string.digits
_POSSIBLE = len(_ALPHABET) ** ID_CHARACTERS


def new_id(prefix: str = "") -> str:
    """A random id, such as ``evt_…``: the prefix and 20 letters and digits, which are 119 bits."""
    number = secrets.randbelow(_POSSIBLE)  # one draw: a draw for each character takes ten times as long
    characters = []
    for _ in range(ID_CHARACTERS):
        number, place = divmod(number, len(_ALPHABET))
        characters.append(_ALPHABET[place])
    return prefix + "".join(characters)
