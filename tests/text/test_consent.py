"""Consent: only a plain yes is one."""

import pytest

from conversation.text.consent import consents


@pytest.mark.parametrize(
    "text",
    ["Yes.", "yes please", "Sure, go ahead!", "okay", "I agree", "sí, claro", "oui, d'accord", "Ja, gerne", "sim"],
)
def test_a_plain_yes(text: str) -> None:
    assert consents(text) is True


@pytest.mark.parametrize("text", ["No.", "no thanks", "I'd rather not", "nein", "goodbye", "no quiero", "je refuse"])
def test_a_no(text: str) -> None:
    assert consents(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "yes, but no",
        "yes, but only today",
        "why not",
        "yes if you delete it later",
        "maybe",
        "what for?",
        "yes, what is that?",
        "ja, aber nicht lange",
        "oui mais pas aujourd'hui",
        "the weather",
        "",
    ],
)
def test_a_doubt_is_no_consent(text: str) -> None:
    assert consents(text) is not True
