"""Whether somebody says that they have no document at hand."""

import pytest

from conversation.text.no_document import has_no_document


@pytest.mark.parametrize(
    "words",
    [
        "I have no passport with me", "I don't have it with me", "I don't have my passport here", "I haven't got one",
        "I left my passport at home", "I forgot my ID", "I do not have a driver's license", "I have none",
        "I can't find my driving licence", "no tengo pasaporte", "no lo tengo aquí", "no llevo el DNI",
        "je n'ai pas mon passeport", "je n'ai pas de carte d'identité", "je ne l'ai pas",
        "ich habe keinen Ausweis dabei", "Ich habe meinen Pass nicht dabei", "ich finde meinen Ausweis nicht",
        "habe ich nicht dabei",
    ],
)  # fmt: skip
def test_there_is_none(words: str) -> None:
    assert has_no_document(words)


@pytest.mark.parametrize(
    "words",
    [
        "here it is", "is this right?", "wait, I have to get my passport", "I have no light here", "no problem",
        "I don't know", "which document?", "I have no idea", "I've got no time", "I have my passport with me",
        "ich habe ihn hier", "ich habe meinen Pass hier", "j'ai mon passeport", "no veo", "",
    ],
)  # fmt: skip
def test_there_may_be_one(words: str) -> None:
    assert not has_no_document(words)
