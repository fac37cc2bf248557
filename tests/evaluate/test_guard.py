"""What goes into a language model is cleaned, what it claims is checked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.evaluate.guard import MAX_REPLY_CHARACTERS, checked_extracts, clean, locate
from conversation.evaluate.ports import Extracted


def _extract(text: str) -> Extracted:
    """Read digits as an age and anything with an @ as an e-mail address."""
    values: dict[str, str | int | bool] = {}
    if age := re.search(r"\b\d{1,3}\b", text):
        values["age"] = int(age.group())
    if email := re.search(r"\S+@\S+\.\w+", text):
        values["email"] = email.group()
    return values


@given(st.text())
def test_clean_text_is_printable_short_and_stays_the_same(text: str) -> None:
    once = clean(text)
    assert len(once) <= MAX_REPLY_CHARACTERS
    assert clean(once) == once
    once.encode()  # no surrogate is left


@pytest.mark.parametrize(
    ("quote", "reply", "cited"),
    [
        ("not really", "Well, not  really, no.", "not  really"),
        ("I DON'T KNOW.", "i don’t know", "i don’t know"),
        ("", "anything", ""),
        ("no", "I know", None),
        ("I agree", "I do not", None),
        ("ok", "ｏｋ then", "ｏｋ then"),
    ],
)
def test_a_quote_must_stand_in_the_reply(quote: str, reply: str, cited: str | None) -> None:
    assert locate(quote, reply) == cited


@given(st.text(), st.text())
def test_what_is_located_is_part_of_the_reply(quote: str, reply: str) -> None:
    cited = locate(quote, reply)
    assert cited is None or cited in reply


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ({"name": "Anna Kovacs"}, {"name": "anna kovacs", "age": 41}),
        ({"name": "Maria"}, {"age": 41}),
        ({"name": "I am 41"}, {"age": 41}),
        ({"age": 42}, {"age": 41}),
        ({"email": "anna@x.org"}, {"age": 41}),
        ({"name": None, "email": True, "code": ["1"]}, {"age": 41}),
    ],
)
def test_only_values_that_were_said_are_kept(claimed: dict[str, object], expected: dict[str, object]) -> None:
    assert checked_extracts(claimed, "I am 41 and it's anna kovacs", _extract) == expected


def test_a_claimed_value_that_rules_can_read_is_parsed_by_them() -> None:
    def silent_on_sentences(text: str) -> Extracted:
        return {"code": text.replace(" ", "")} if text.replace(" ", "").isdigit() else {}

    claimed = {"code": "4 1 7"}
    assert checked_extracts(claimed, "it says 4 1 7 I think", silent_on_sentences) == {"code": "417"}
