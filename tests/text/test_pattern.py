"""Patterns of authors: the same verdicts as ``re``, in bounded time."""

import contextlib
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.text.pattern import PATTERN_LIMIT, TEXT_LIMIT, PatternError, matches

PIECES = st.sampled_from(
    ["a", "b", "1", r"\d", r"\w", r"\S", ".", "[ab]", "[^a]", "[a-c1]", "(", "(?:", ")", "|", "*", "+", "?", "*?",
     "{1,2}", "{2}", "{1,}", "^", "$", r"\b", r"\."]
)  # fmt: skip


@given(st.lists(PIECES, max_size=9).map("".join), st.text("ab1. -", max_size=8))
def test_it_agrees_with_the_library(pattern: str, text: str) -> None:
    with contextlib.suppress(PatternError, re.error):
        assert matches(pattern, text) == (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    ("pattern", "text", "verdict"),
    [
        (r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", "mia@example.com", True),
        (r"^[A-Z]{2}\d{6}$", "AB123456", True),
        (r"^[A-Z]{2}\d{6}$", "AB12345", False),
        ("(?i)^straße$", "STRASSE", False),
        ("(?i)^de|fr$", "DE", True),
        (r"[]a]", "]", True),
        (r"[\d-]+x", "1-2x", True),
        ("", "anything", True),
    ],
)
def test_common_patterns(pattern: str, text: str, verdict: bool) -> None:
    assert matches(pattern, text) is verdict


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a|a?)+$", "a*a*a*a*a*a*a*$", "(.*)*x"])
def test_no_pattern_takes_long(pattern: str) -> None:
    started = time.perf_counter()
    matches(pattern, "a" * (TEXT_LIMIT - 1) + "!")
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize("pattern", ["((a{99}){99}){99}", "(((){999}){999}){999}", "a{900}{900}"])
def test_repetition_is_bounded(pattern: str) -> None:
    with pytest.raises(PatternError):
        matches(pattern, "a")


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[a", "*a", "a**", "a++", r"(a)\1", "(?=a)", "(?P<n>a)", "a{2,1}", "a{x}", "\\", r"\p{L}", "a" * 201],
)
def test_what_cannot_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        matches(pattern, "a")


def test_a_text_beyond_the_limit_matches_nothing() -> None:
    assert not matches("a", "a" * (TEXT_LIMIT + 1))
    assert PATTERN_LIMIT < 1000


@given(st.text(max_size=PATTERN_LIMIT + 10), st.text(max_size=30))
def test_nothing_else_is_ever_raised(pattern: str, text: str) -> None:
    with contextlib.suppress(PatternError):
        matches(pattern, text)
