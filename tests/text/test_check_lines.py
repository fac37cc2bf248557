"""Lines of the checks: every advice and every challenge has one, in each language."""

import typing

import pytest

from conversation.text.acts import Act, acts
from conversation.text.check_lines import CheckLine, check_line, guided_line
from vision.liveness.commands import ChallengeKind, HintKey

LANGUAGES = ("en", "es", "fr", "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_a_check_can_ask_for_has_words(language: str) -> None:
    asked = [("hint", key) for key in typing.get_args(HintKey) if key]
    asked += [("challenge", kind) for kind in typing.get_args(ChallengeKind)]
    said = [guided_line(kind, key, language, "green boats") for kind, key in [*asked, ("flash", "flash")]]
    assert all(said)
    assert len(set(said)) == len(said), "no two advices sound the same"
    assert len(said) == len(CheckLine) - 4, "besides three announcements and the question for consent"


@pytest.mark.parametrize("line", CheckLine)
def test_each_language_has_its_own_words(line: CheckLine) -> None:
    said = {check_line(line, language, phrase="x") for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)
    assert all(text.strip()[-1] in ".?" and "{" not in text for text in said)
    assert check_line(line, "it") == check_line(line, "en")
    assert check_line(line, "es-MX") == check_line(line, "es")


def test_a_side_is_the_persons_own() -> None:
    assert "your left" in guided_line("challenge", "turn_left", "en")
    assert "your right" in guided_line("challenge", "turn_right", "en")
    assert "your left" in guided_line("hint", "left", "en")


def test_a_phrase_is_said_as_it_is() -> None:
    assert guided_line("challenge", "read", "en", "{name} 7") == "Please look into the camera and say aloud: {name} 7."


@pytest.mark.parametrize(("kind", "key"), [("hint", ""), ("challenge", "wave"), ("other", "closer"), ("", "look")])
def test_what_is_unknown_has_no_words(kind: str, key: str) -> None:
    assert guided_line(kind, key, "en") == ""


def test_the_flash_is_asked_for_with_a_warning() -> None:
    assert "flash" in guided_line("flash", "flash", "en")
    assert "Skip" in guided_line("flash", "flash", "en")


def test_an_instruction_is_not_taken_for_an_answer() -> None:
    assert Act.QUIT not in acts(check_line(CheckLine.LOOK))
