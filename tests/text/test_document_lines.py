"""Lines of the document scan: every step, advice and problem has one, in each language."""

import typing

import pytest

from conversation.text.check_lines import guided_line
from conversation.text.document_lines import DocumentLine, document_line
from conversation.text.document_problems import DocumentProblem, end_line, problem_line
from vision.document.capture.commands import HintKey, Step
from vision.document.capture.judgement import REFUSALS
from vision.document.document import Problem

LANGUAGES = ("en", "es", "fr", "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_scan_can_ask_for_has_words(language: str) -> None:
    asked = [("document_hint", key) for key in typing.get_args(HintKey) if key]
    asked += [("document_step", step) for step in typing.get_args(Step)]
    asked += [("document_problem", problem) for problem in typing.get_args(Problem)]
    said = [guided_line(kind, key, language) for kind, key in asked]
    assert all(said)
    assert len(set(said)) == len(said), "no two lines sound the same"
    steps_and_hints = [text for (kind, _), text in zip(asked, said, strict=True) if kind != "document_problem"]
    assert len(steps_and_hints) == len(DocumentLine) - 2, "besides the announcement and the thanks"


@pytest.mark.parametrize("line", DocumentLine)
def test_each_language_has_its_own_words(line: DocumentLine) -> None:
    assert len({document_line(line, language) for language in LANGUAGES}) == len(LANGUAGES)
    assert document_line(line, "it") == document_line(line, "en")
    assert document_line(line, "es-MX") == document_line(line, "es")


@pytest.mark.parametrize("problem", DocumentProblem)
def test_a_problem_says_what_is_wrong_and_what_to_do(problem: DocumentProblem) -> None:
    for language in LANGUAGES:
        told, at_the_end = problem_line(problem.value, language), end_line(problem.value, language)
        assert told.startswith(at_the_end)
        assert at_the_end.endswith(".")
        over = problem in (DocumentProblem.UNREAD, DocumentProblem.NOT_CHECKED)
        assert (told == at_the_end) is over, "what to do is told as long as something can be done"
    assert problem_line(problem.value, "it") == problem_line(problem.value, "en")
    assert len({problem_line(problem.value, language) for language in LANGUAGES}) == len(LANGUAGES)


def test_every_reason_for_a_refusal_has_its_own_last_words() -> None:
    said = {end_line(reason) for reason in (*REFUSALS, DocumentProblem.REFUSED.value)}
    assert len(said) == len(REFUSALS) + 1
    assert all(said)


@pytest.mark.parametrize(
    ("kind", "key"),
    [("document_hint", ""), ("document_step", "jump"), ("document_problem", "rain"), ("document_other", "glare")],
)
def test_what_is_unknown_has_no_words(kind: str, key: str) -> None:
    assert guided_line(kind, key, "en") == ""
    assert end_line("rain") == ""
