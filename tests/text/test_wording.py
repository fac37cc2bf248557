"""What the avatar says: templates, phrased goals, recovery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.text.phrasing import is_spoken, phrase_goal, verbatim
from conversation.text.recovery import Recovery, wording
from conversation.text.templates import fill, placeholders


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("Hello {name}, welcome.", {"name": "Ana"}, "Hello Ana, welcome."),
        ("Hello {name}, welcome.", {}, "Hello, welcome."),
        ("Hello, {name}!", {"name": None}, "Hello!"),
        ("{name}, hello", {}, "hello"),
        ("We write to {email}.", {"email": "a@b.org"}, "We write to a@b.org."),
        ("Your plan: { Plan }.", {"plan": 7}, "Your plan: 7."),
        ("{{name}} stays", {"name": "Ana"}, "{name} stays"),
        ("an open { brace", {}, "an open { brace"),
        ("{name}", {"name": "{email}", "email": "x"}, "{email}"),
    ],
)
def test_template(template: str, values: dict[str, object], text: str) -> None:
    assert fill(template, values) == text


@given(st.text(max_size=200), st.dictionaries(st.text(max_size=8), st.text(max_size=20), max_size=4))
def test_templates_never_fail(template: str, values: dict[str, str]) -> None:
    assert isinstance(fill(template, values), str)
    assert all(key for key in placeholders(template))


@pytest.mark.parametrize(
    ("goal", "spoken"),
    [
        ("Find out why the person is calling", "Why are you calling?"),
        (
            "Ask the user for their full name and confirm why they are calling",
            "What is your full name? Why are you calling?",
        ),
        ("Greet the user and ask how you can help.", "Hello! How can I help?"),
        ("Ask the user if they are over 18", "Are you over 18?"),
        ("Verify that the user is alone", "Are you alone?"),
        ("Collect the user's email address", "What is your email address?"),
        ("Ask if you may record the call", "May I record the call?"),
        ("Ask for permission to record the call", "Do I have your permission to record the call?"),
        ("Thank the user for their time and say goodbye.", "Thank you for your time. Goodbye!"),
        ("Make sure the user has their passport ready", "Do you have your passport ready?"),
        ("You are Ava, a friendly agent. Find out what the user wants.", "What do you want?"),
        ("The user must state their occupation", "Could you state your occupation, please?"),
        ("May I have your full name?", "May I have your full name?"),
        ("Say: Hello!", "Hello!"),
    ],
)
def test_goal(goal: str, spoken: str) -> None:
    assert phrase_goal(goal) == spoken


@pytest.mark.parametrize(
    "goal",
    [
        "Determine the customer's reason for calling",
        "Explain how the verification works and ask if they are ready",
        "Find out whether the caller received a code",
        "Ask the user to look straight into the camera. Be polite. If they refuse, explain why.",
        "Inform the user that their account was locked",
        "Help the user with their card problem",
        "zing the wizzle",
        "",
    ],
)
@pytest.mark.parametrize("attempt", [0, 1, 2, 3])
def test_a_goal_becomes_a_question_to_the_person(goal: str, attempt: int) -> None:
    spoken = phrase_goal(goal, attempt)
    assert spoken.endswith("?")
    assert "the user" not in spoken.lower()
    assert not spoken.lower().startswith(("ask", "find out", "verify", "collect", "determine", "inform"))


def test_later_attempts_use_other_words() -> None:
    assert len({phrase_goal("Ask the user for their full name", attempt) for attempt in range(3)}) == 3


def test_other_languages_and_nodes_without_reply() -> None:
    assert phrase_goal("Ask for the user's email", language="es-MX") == "¿Cuál es su correo electrónico?"
    assert not phrase_goal("Tell the user that the check takes two minutes", expects_reply=False).endswith("?")


@given(st.text(max_size=300), st.integers(0, 5), st.sampled_from(["en", "es", "fr", "de", "xx"]))
def test_any_goal_can_be_said(goal: str, attempt: int, language: str) -> None:
    assert phrase_goal(goal, attempt, language).strip()


def test_verbatim_prompts() -> None:
    assert verbatim("Say: Hi there, {name}") == "Hi there, {name}"
    assert verbatim("say:Hi") == "Hi"
    assert verbatim("Say hello to the user") is None
    assert is_spoken("Please centre your face in the oval.")
    assert not is_spoken("Ask the user to centre their face in the oval.")


@given(st.sampled_from(Recovery), st.integers(), st.sampled_from(["en", "es", "fr-CA", "de", "ja"]))
def test_recovery_always_has_words(step: Recovery, variant: int, language: str) -> None:
    assert len(wording(step, variant, language)) > 5


def test_recovery_varies() -> None:
    assert len({wording(Recovery.NOT_CAUGHT, variant) for variant in range(3)}) == 3
