"""Phone numbers in a reply."""

import re

from conversation.text.digits import DigitRun, longest_run

MINIMUM_DIGITS = 7
MAXIMUM_DIGITS = 15
"""ITU-T E.164: a number has at most fifteen digits."""


def phone_number(text: str, language: str = "en") -> str | None:
    """Return the digits of a phone number, with a leading ``+`` when it was said or written, or None."""
    run = phone_run(text, language)
    if run is None:
        return None
    plus = re.search(r"(?:\+|\bplus|\bmás|\bpiù|\bmais)\s*\(?$", text[: run.start], re.IGNORECASE)
    return f"+{run.digits}" if plus else run.digits


def phone_run(text: str, language: str = "en") -> DigitRun | None:
    """Return the digits that are long enough for a phone number, and where they were said."""
    run = longest_run(text, language)
    return run if run and MINIMUM_DIGITS <= len(run.digits) <= MAXIMUM_DIGITS else None
