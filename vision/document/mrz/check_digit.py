"""The check digit of machine-readable zones: a weighted sum modulo 10 (ICAO Doc 9303-3 §4.9)."""

WEIGHTS = (7, 3, 1)
"""Of the first, second, third character, and so on in turn."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
"""All that may stand in a zone, in the order of values: digits count as they are, ``A`` is 10 … ``Z`` 35, ``<`` 0."""

VALUES = {character: value for value, character in enumerate(ALPHABET)} | {"<": 0}


def check_digit(text: str) -> str:
    """Check digit of a field; ``ValueError`` for a character that may not stand in a zone."""
    total = 0
    for place, character in enumerate(text):
        value = VALUES.get(character)
        if value is None:
            raise ValueError(f"place {place + 1} holds a character other than A-Z, 0-9 and '<'")
        total += value * WEIGHTS[place % len(WEIGHTS)]
    return str(total % 10)
