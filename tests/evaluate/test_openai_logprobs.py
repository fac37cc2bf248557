"""P(alias) from token log-probabilities."""

import math

import pytest

from conversation.evaluate.providers.openai_llm.logprobs import Token, alias_probability

LEGAL = ("o1", "o2", "none")


def test_probability_is_renormalised_over_what_continues_a_legal_alias() -> None:
    tokens = [
        Token('{"outcome": "', 0.0),
        Token("o", math.log(0.2), (("Yes", math.log(0.7)), ("o", math.log(0.2)), ("none", math.log(0.05)))),
        Token("2", math.log(0.3), (("2", math.log(0.3)), ("1", math.log(0.1)), ("7", math.log(0.6)))),
        Token('"}', 0.0, (('"}', 0.0),)),
    ]
    assert alias_probability(tokens, "o2", LEGAL) == pytest.approx(0.2 / 0.25 * 0.3 / 0.4)


def test_a_token_may_begin_before_the_alias_and_end_after_it() -> None:
    tokens = [
        Token('{"outcome":', 0.0),
        Token(' "o1"', math.log(0.6), ((' "o1"', math.log(0.6)), (' "o2"', math.log(0.2)), (" [", math.log(0.2)))),
        Token("}", 0.0),
    ]
    assert alias_probability(tokens, "o1", LEGAL) == pytest.approx(0.75)


def test_a_quoted_key_inside_the_evidence_is_not_the_choice() -> None:
    evidence = Token('{"evidence": "\\"outcome\\": \\"o1\\"", ', 0.0)
    tokens = [
        evidence,
        Token('"outcome": "', 0.0),
        Token("none", math.log(0.9), (("none", math.log(0.9)),)),
        Token('"}', 0),
    ]
    assert alias_probability(tokens, "none", LEGAL) == pytest.approx(1.0)
    assert alias_probability(tokens, "o1", LEGAL) is None


def test_tokens_without_alternatives_tell_nothing() -> None:
    assert alias_probability([Token('{"outcome": "o1"}', -0.1)], "o1", LEGAL) is None
    assert alias_probability([], "o1", LEGAL) is None


def test_an_alias_that_begins_another_needs_its_closing_quote() -> None:
    tokens = [
        Token('{"outcome": "o1', 0.0),
        Token('"}', math.log(0.5), (('"}', math.log(0.5)), ("2", math.log(0.5)))),
    ]
    assert alias_probability(tokens, "o1", ("o1", "o12", "none")) == pytest.approx(0.5)
