"""The holder's sex as documents print it (pure)."""

import re
from collections.abc import Mapping
from typing import Literal

from vision.document.writing import plain

Sex = Literal["M", "F", "X"]

_WORDS: Mapping[Sex, str] = {
    "M": "M MALE MAN MASCULIN MASCULINO MASCHILE MANNLICH H HOMME HOMBRE V VARON MAN MANN E ERKEK М МУЖ МУЖСКОЙ Ч ЧОЛ "
    "Α ΑΡΡΕΝ ذكر",
    "F": "F FEMALE FEMININ FEMENINO FEMMINILE WEIBLICH W FEMME MUJER VROUW K KADIN KOBIETA KVINNE KVINNA Z ZENA Ж ЖЕН "
    "ЖЕНСКИЙ Θ ΘΗΛΥ انثى أنثى",
    "X": "X NONBINARY DIVERS UNSPECIFIED",
}
_BY_WORD: Mapping[str, Sex] = {plain(word): sex for sex, words in _WORDS.items() for word in words.split()}


def printed_sexes(text: str) -> frozenset[Sex]:
    """What a printed sex may mean; empty when the text is none. ``M`` alone is both on a Spanish document (*mujer*),
    which the caller has to know."""
    words = [word for word in re.split(r"[^\w]+", plain(text)) if word]
    if not words or len(words) > 3:
        return frozenset()
    found = [_BY_WORD.get(word) for word in words]
    known = frozenset(sex for sex in found if sex is not None)
    return known if len(known) == 1 and None not in found else frozenset()
