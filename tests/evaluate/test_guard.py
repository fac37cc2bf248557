"""What goes into a language model is cleaned, what it claims is checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.evaluate.guard import MAX_REPLY_CHARACTERS, checked_extracts, clean, locate


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
    ("claimed", "kept"),
    [
        ({"name": "Anna Kovacs"}, {"name": "Anna Kovacs"}),
        ({"name": "Maria"}, {}),
        ({"name": "it's"}, {}),
        ({"age": 42}, {}),
        ({"email": "anna@x.org"}, {}),
        ({"code": "4 1 7"}, {}),
        ({"name": None, "email": True, "code": ["1"]}, {}),
    ],
)
def test_only_values_that_were_said_are_kept(claimed: dict[str, object], kept: dict[str, object]) -> None:
    reply = "I think it's anna kovacs, and the parcel weighs 417 grams"
    assert checked_extracts(claimed, reply, prompt="Who is it for, and what is in it?", language="en") == kept


def test_what_the_rules_read_stands_against_a_claim() -> None:
    reply = "my name is anna kovacs, and maria is with me"
    values = checked_extracts({"name": "maria"}, reply, prompt="May I have your name?", language="en")
    assert values == {"name": "Anna Kovacs"}
