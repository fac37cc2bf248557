"""What is repeated when somebody did not answer."""

import pytest

from conversation.text.question import question_in


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("Nice to meet you, Maria. Do you want to move it?", "Do you want to move it?"),
        ("Do you agree?", "Do you agree?"),
        ("Which one? The red or the blue.", "Which one? The red or the blue."),
        ("Please read this aloud: the sea is calm.", "Please read this aloud: the sea is calm."),
        ("Hello! There are two things. Who are you? Why do you call?", "Who are you? Why do you call?"),
        ("", ""),
    ],
)
def test_the_greeting_is_left_out(line: str, question: str) -> None:
    assert question_in(line) == question
