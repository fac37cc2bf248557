"""Mouth shapes from phonemes and from loudness."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from conversation.speech.ports import VisemeMark
from conversation.speech.visemes import SHORTEST_MARK, TimedPhoneme, from_energy, from_phonemes, smooth

OCULUS = set("sil PP FF TH DD kk CH SS nn RR aa E I O U".split())  # noqa: SIM905


def timed(text: str, each: float = 0.1) -> list[TimedPhoneme]:
    return [TimedPhoneme(symbol, index * each, each) for index, symbol in enumerate(text)]


def shapes(marks: tuple[VisemeMark, ...]) -> list[str]:
    return [mark.viseme for mark in marks]


def test_each_sound_has_its_shape() -> None:
    marks = from_phonemes(timed("pfθtkʧsnɹɑɛiɔu"), 1.4)
    assert shapes(marks) == ["PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "I", "O", "U", "sil"]
    assert marks[-1].at == 1.4


def test_every_symbol_of_the_voice_has_a_shape_or_is_known_to_have_none() -> None:
    from hibari import Hibari

    for symbol in Hibari().vocab:
        assert set(shapes(from_phonemes(timed(symbol), 0.1))) <= OCULUS
    english = "AIOWYbdfhijklmnpstuvwzæðŋɑɔəɛɜɡɪɹɾʃʊʌʒʤʧˈˌθᵊᵻ"
    for symbol in set(english) - set("ˈˌ"):
        assert shapes(from_phonemes(timed(symbol), 0.1))[0] != "sil", symbol


def test_a_diphthong_makes_two_shapes() -> None:
    assert shapes(from_phonemes(timed("I", 0.2), 0.2)) == ["aa", "I", "sil"]
    assert shapes(from_phonemes(timed("W", 0.2), 0.2)) == ["aa", "U", "sil"]


def test_stress_belongs_to_the_vowel_after_it_and_a_space_to_the_sound_before() -> None:
    marks = from_phonemes(timed("pˈɑ m"), 0.5)
    assert [(mark.viseme, round(mark.at, 3)) for mark in marks] == [("PP", 0.0), ("aa", 0.1), ("PP", 0.4), ("sil", 0.5)]


def test_punctuation_closes_the_mouth() -> None:
    assert shapes(from_phonemes(timed("ɑ,ɑ"), 0.3)) == ["aa", "sil", "aa", "sil"]


def test_shapes_too_short_to_see_give_way_except_closed_lips() -> None:
    assert shapes(from_phonemes(timed("ɑsi", 0.03), 0.2)) == ["SS", "I", "sil"]
    assert shapes(from_phonemes(timed("pi", 0.03), 0.2)) == ["PP", "I", "sil"]


def test_marks_outside_the_chunk_are_cut() -> None:
    marks = smooth([VisemeMark(-0.2, "aa", 0.9), VisemeMark(0.1, "I", 0.9), VisemeMark(0.9, "U", 0.9)], 0.5)
    assert [(mark.at, mark.viseme) for mark in marks] == [(0.0, "aa"), (0.1, "I"), (0.5, "sil")]


@given(
    st.lists(st.tuples(st.sampled_from("pbtkæiuˈ ,Iʧ"), st.floats(0.0, 0.3)), max_size=30),
    st.floats(0.05, 3.0),
)
def test_marks_are_ordered_bounded_visible_and_end_closed(spoken: list[tuple[str, float]], end: float) -> None:
    at, phonemes = -0.06, []
    for symbol, duration in spoken:
        phonemes.append(TimedPhoneme(symbol, at, duration))
        at += duration
    marks = from_phonemes(phonemes, end)
    times = [mark.at for mark in marks]
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] <= end
    assert marks[-1].viseme == "sil"
    assert all(one.viseme != other.viseme for one, other in pairwise(marks))
    held = [(one, other.at - one.at) for one, other in pairwise(marks[:-1])]
    assert all(seconds >= SHORTEST_MARK - 1e-9 for mark, seconds in held if mark.viseme != "PP")


def test_energy_opens_the_mouth_where_it_is_loud() -> None:
    at = np.arange(16_000) / 16_000
    swell = (np.sin(2 * np.pi * 200 * at) * np.where((at > 0.3) & (at < 0.7), 0.5, 0.0)).astype(np.float32)
    marks = from_energy(swell, 16_000)
    assert shapes(marks) == ["sil", "aa", "sil"]
    assert abs(marks[1].at - 0.3) <= 0.04
    assert abs(marks[2].at - 0.7) <= 0.04


def test_energy_of_nothing_is_a_closed_mouth() -> None:
    assert shapes(from_energy(np.zeros(0, dtype=np.float32), 16_000)) == ["sil"]
    assert shapes(from_energy(np.zeros(8_000, dtype=np.float32), 16_000)) == ["sil"]
