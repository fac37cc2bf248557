"""When may a turn end? The dangerous cases of slot answers, and plain ones."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.text.expectation import AnswerKind, Completeness, completeness, expectation

EMAIL = "What e-mail address should we use?"
PHONE = "What is your phone number?"
CODE = "Please read me the six-digit code."
NAME = "May I have your full name?"
BIRTH = "Please tell me your date of birth."
CLOSED = "Do you agree that we record this call?"
OPEN = "What is this transfer for?"
READ = "Please read this sentence: the quick brown fox jumps over the lazy dog."


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        (EMAIL, AnswerKind.EMAIL),
        (PHONE, AnswerKind.PHONE),
        (CODE, AnswerKind.CODE),
        (NAME, AnswerKind.NAME),
        (BIRTH, AnswerKind.DATE),
        (CLOSED, AnswerKind.YES_NO),
        (OPEN, AnswerKind.OPEN),
        (READ, AnswerKind.READ_ALOUD),
        ("How old are you?", AnswerKind.NUMBER),
        ("Which document will you show: passport, identity card or licence?", AnswerKind.CHOICE),
        ("Did you get the code?", AnswerKind.YES_NO),
        ("Puede decirme su nombre completo, por favor.", AnswerKind.NAME),
    ],
)
def test_kind(prompt: str, kind: AnswerKind) -> None:
    assert expectation(prompt).kind is kind


def test_details_of_the_expectation() -> None:
    assert expectation(CODE).digits == 6
    assert expectation("Please read the code.", ["The user read out four digits"]).digits == 4
    assert expectation(READ).text == "the quick brown fox jumps over the lazy dog"
    assert expectation("And now?", ["The user provided their name"]).kind is AnswerKind.NAME


@pytest.mark.parametrize(
    ("prompt", "partial", "wanted"),
    [
        (EMAIL, "My email is john dot smith", Completeness.UNFINISHED),
        (EMAIL, "my email is", Completeness.UNFINISHED),
        (EMAIL, "john dot smith at", Completeness.UNFINISHED),
        (EMAIL, "john dot smith at gmail", Completeness.UNFINISHED),
        (EMAIL, "john dot smith at gmail dot com", Completeness.COMPLETE),
        (EMAIL, "I don't have one", Completeness.OPEN),
        (PHONE, "My phone number is 555", Completeness.UNFINISHED),
        (PHONE, "555 123 4567", Completeness.COMPLETE),
        (CODE, "902", Completeness.UNFINISHED),
        (CODE, "nine oh two", Completeness.UNFINISHED),
        (CODE, "9 0 2 1 1 0", Completeness.COMPLETE),
        (CODE, "I don't want to tell you", Completeness.OPEN),
        ("What is your zip code?", "My zip code is 902", Completeness.UNFINISHED),
        (NAME, "My name is", Completeness.UNFINISHED),
        (NAME, "My name is Jonathan Alvarez.", Completeness.COMPLETE),
        (NAME, "Marta", Completeness.OPEN),
        (BIRTH, "the fourteenth of August", Completeness.UNFINISHED),
        (BIRTH, "the fourteenth of August nineteen eighty eight", Completeness.COMPLETE),
        (CLOSED, "Yes.", Completeness.COMPLETE),
        (CLOSED, "No, thank you.", Completeness.COMPLETE),
        (CLOSED, "Sí", Completeness.COMPLETE),
        (CLOSED, "yes but", Completeness.UNFINISHED),
        (CLOSED, "Yes, and", Completeness.UNFINISHED),
        (CLOSED, "Is it going to be stored?", Completeness.OPEN),
        (CLOSED, "um", Completeness.UNFINISHED),
        (CLOSED, "well", Completeness.UNFINISHED),
        (CLOSED, "", Completeness.UNFINISHED),
        (OPEN, "It's for the", Completeness.UNFINISHED),
        (OPEN, "I need it because", Completeness.UNFINISHED),
        (OPEN, "It pays my daughter's rent.", Completeness.OPEN),
        (OPEN, "That's what I want", Completeness.OPEN),
        (READ, "the quick brown fox", Completeness.UNFINISHED),
        (READ, "The quick brown fox jumps over the lazy dog", Completeness.COMPLETE),
        ("How old are you?", "twenty five", Completeness.COMPLETE),
        ("How old are you?", "twenty", Completeness.OPEN),
    ],
)
def test_completeness(prompt: str, partial: str, wanted: Completeness) -> None:
    assert completeness(expectation(prompt), partial) is wanted


@given(st.sampled_from([EMAIL, PHONE, CODE, NAME, BIRTH, CLOSED, OPEN, READ]), st.text(max_size=200))
def test_any_string_has_a_completeness(prompt: str, partial: str) -> None:
    assert completeness(expectation(prompt), partial) in Completeness


@given(st.text(max_size=200))
def test_any_prompt_has_an_expectation(prompt: str) -> None:
    assert expectation(prompt, [prompt]).kind in AnswerKind


def test_fast_enough_for_every_partial() -> None:
    expected = [expectation(prompt) for prompt in (EMAIL, PHONE, CODE, NAME, BIRTH, CLOSED, OPEN)]
    partial = "well my email is john dot smith and the number is five five five"
    started = time.thread_time()
    for _ in range(20):
        for one in expected:
            completeness(one, partial)
    assert (time.thread_time() - started) / (20 * len(expected)) < 0.003
