"""Whose age a reply tells."""

import pytest

from conversation.text.extract import extract


@pytest.mark.parametrize(
    ("reply", "age"),
    [
        ("I am 41, not 14", 41),
        ("I am not 14, I am 41", 41),
        ("I am 41 years old and my son is 14", 41),
        ("My son is 14 and I am 41", 41),
        ("forty one", 41),
    ],
)
def test_an_age_that_is_denied_or_somebody_elses_is_not_taken(reply: str, age: int) -> None:
    assert extract(reply, "How old are you?")["age"] == age
