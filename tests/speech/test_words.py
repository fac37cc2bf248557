"""One form for two transcripts, and the errors between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.speech.words import normalise, word_errors


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It costs forty-nine dollars.", "it costs $49"),
        ("john dot smith at gmail dot com", "John.Smith@gmail.com"),
        ("four seven one nine", "4719"),
        ("555-0142", "five five five oh one four two"),
        ("It is J O H N.", "It is J-O-H-N"),
        ("It is J O H N.", "it is JOHN"),
        ("What's your e-mail, Mr. Smith?", "what is your email mister smith"),
        ("1,250 people", "1250 people"),
        ("the 3rd of March", "the 3 of march"),
        ("fifty percent", "50%"),
        ("I don't know", "i do not know"),
    ],
)
def test_form_makes_no_difference(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("reference", "hypothesis", "errors", "words"),
    [
        ("yes", "yes", 0, 1),
        ("yes", "", 1, 1),
        ("I want to cancel", "I went to cancel", 1, 4),
        ("go home", "please go home now", 2, 2),
        ("a b", "b a", 2, 2),
        ("oh no", "0 no", 1, 2),
        ("", "you", 1, 0),
        ("twenty one", "2 1", 0, 2),
    ],
)
def test_word_errors(reference: str, hypothesis: str, errors: int, words: int) -> None:
    found = word_errors(reference, hypothesis)
    assert (found.errors, found.words) == (errors, words)


@given(st.text(max_size=60), st.text(max_size=60))
def test_errors_are_symmetric_bounded_and_zero_for_equals(one: str, other: str) -> None:
    forward, back = word_errors(one, other), word_errors(other, one)
    assert forward.errors == back.errors
    assert abs(forward.words - back.words) <= forward.errors <= max(forward.words, back.words)
    assert word_errors(one, one).errors == 0
