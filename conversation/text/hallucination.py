"""What a Whisper model writes when nobody spoke: the closing words of videos, sound labels, one word over and over.

Source: the phrases are known from silence in subtitles of the training data (openai/whisper discussions on
hallucination); which ones appear here was also observed on our own silent and noisy clips.
"""

import re
from itertools import pairwise

from conversation.text.normalise import clean, normalise

_VIDEO = re.compile(
    r"^(?:(?:thank you|thanks)(?: so much| very much)? for (?:watching|listening|viewing)(?: (?:this|the|"
    r"my) video)?|(?:please )?(?:like and )?subscribe.*|"
    r"don't forget to (?:like|subscribe).*|see you (?:in the )?next (?:video|time|one)|i'll see you in the next.*|"
    r"(?:the )?subtitles? (?:by|created by|made by).*|"
    r".*\b(?:amara org|amara\.org|transcription by|castingwords|esub|caption(?:s|ed|ing) by)\b.*|copyright .*|"
    r"untertitel (?:der|von|im|des).*|sous ?-?titr(?:es|age).*|sous titres .*|subt[ií]tulos (?:por|realizados).*|"
    r"sottotitoli (?:creati|a cura).*|legendas? (?:por|pela).*|"
    r"gracias por ver.*|merci d'avoir regardé.*|vielen dank fürs zuschauen.*|danke fürs zuschauen.*|"
    r"grazie per aver guardato.*|obrigad[oa] por assistir.*|"
    r"(?:bye[ ,]*){2,}|you|the end|to be continued)$"
)
_LABEL = re.compile(r"[\[(<♪*][^\])>]*[\])>♪*]|♪|♫")
_REPEATED = 4
_SHORTEST_LOOP_WORDS = 8


def is_hallucination(text: str, quiet: bool = False) -> bool:
    """Return whether a transcript is what silence or noise becomes rather than speech.

    With ``quiet`` (the audio held little or no speech) a lone "Thank you." counts as well.
    """
    visible = _LABEL.sub(" ", clean(text))
    found = normalise(visible)
    if not found:
        return True
    if _VIDEO.match(found) or (quiet and found in ("thank you", "thanks", "okay", "bye", "so", "uh", "hmm")):
        return True
    return _loops(found.split())


def _loops(words: list[str]) -> bool:
    """Tell a stuck decoder: one word four times running, or a long text of very few different words."""
    # Digits may well repeat: "zero zero zero zero".
    alphabetic = [word for word in words if not word.isdigit() and word not in ("zero", "no", "yes", "nine", "one")]
    run = 1
    for previous, word in pairwise(alphabetic):
        run = run + 1 if word == previous else 1
        if run >= _REPEATED:
            return True
    return len(alphabetic) >= _SHORTEST_LOOP_WORDS and len(set(alphabetic)) <= len(alphabetic) // 4
