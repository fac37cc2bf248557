"""A goal prompt ("Ask the user for their full name") worded as something that an avatar says to a person, by rules.

A prompt comes in three kinds: ``Say: …`` is spoken verbatim; words already addressed to a person ("May I have your
name?") are spoken as they are; everything else is an instruction to the avatar and is never read out. Clauses of an
instruction that only direct the manner ("be polite", "if the user refuses, …") are left out.
"""

import re

from conversation.text.goals import Spoken, word_clause
from conversation.text.language import base_language
from conversation.text.normalise import clean, sentences

_SAY = re.compile(r"^\s*say\s*:\s*", re.IGNORECASE)
_VERBS = (
    "ask|find out|figure out|learn|determine|establish|check|verify|confirm|make sure|ensure|collect|get|obtain|"
    "gather|request|take|greet|welcome|introduce|thank|apologi[sz]e|tell|inform|let|explain|remind|say|mention|warn|"
    "wish|offer|invite|encourage|instruct|direct|guide|have|assist|help|discuss|talk|wait|end|close|conclude|"
    "understand|inquire|enquire|clarify|describe|give|provide|see|read|repeat|note|record"
)
_CLAUSE = re.compile(
    rf"\s*(?:,|;|\band\b|\bthen\b|,\s*and\b)\s*(?:(?:and|then|also|afterwards|finally|next)\s+)*"
    rf"(?=(?:politely\s+|kindly\s+|briefly\s+|warmly\s+)?(?:{_VERBS})\b)",
    re.IGNORECASE,
)
_ABOUT_USER = re.compile(
    r"\b(?:the|this) (?:end[- ]?user|user|caller|customer|client|person|applicant|visitor|guest)\b|\bthey\b|\bthem\b|"
    r"\btheir\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    rf"^(?:(?:first|then|next|now|finally|please|politely|kindly|briefly|warmly|start by|begin by)\s*,?\s*)*"
    rf"(?:{_VERBS})(?:ing)?\b",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"\b(?:you|your|yours|me|i|i'm|i'd|i'll|we|us|our)\b|^(?:hi|hello|hey|good (?:morning|evening))\b", re.I
)
_MANNER = re.compile(
    r"^(?:(?:please\s+)?(?:be|keep|don't|do not|never|always|avoid|use|speak|sound|stay|remain|only|try|act|respond|"
    r"answer|continue|proceed|repeat until|make it)\b|(?:if|when|once|unless|until|in case|as soon as|after)\b|"
    r"(?:you are|you're|your (?:name|role|goal|task|job) is|the goal is|goal:|act as|context:|note:|important:))",
    re.IGNORECASE,
)

_REPHRASED_LEADS = {
    "en": ("", "Let me ask that another way. ", "Just in your own words: "),
    "es": ("", "Se lo pregunto de otra manera. ", "Con sus propias palabras: "),
    "fr": ("", "Je le demande autrement. ", "Avec vos propres mots : "),
    "de": ("", "Ich frage einmal anders. ", "Ganz mit Ihren eigenen Worten: "),
}
_SLOTS: tuple[tuple[str, dict[str, str]], ...] = (
    (r"\b(?:date of birth|birth ?date|birthday)\b", {
        "es": "¿Cuál es su fecha de nacimiento?",
        "fr": "Quelle est votre date de naissance ?",
        "de": "Wie lautet Ihr Geburtsdatum?",
    }),
    (r"\be-?mail\b", {
        "es": "¿Cuál es su correo electrónico?",
        "fr": "Quelle est votre adresse e-mail ?",
        "de": "Wie lautet Ihre E-Mail-Adresse?",
    }),
    (r"\b(?:phone|mobile|telephone)\b", {
        "es": "¿Cuál es su número de teléfono?",
        "fr": "Quel est votre numéro de téléphone ?",
        "de": "Wie lautet Ihre Telefonnummer?",
    }),
    (r"\b(?:code|pin|digits)\b", {
        "es": "¿Puede leerme el código, por favor?",
        "fr": "Pouvez-vous me lire le code, s'il vous plaît ?",
        "de": "Können Sie mir bitte den Code vorlesen?",
    }),
    (r"\bname\b", {
        "es": "¿Cómo se llama?",
        "fr": "Quel est votre nom complet ?",
        "de": "Wie ist Ihr vollständiger Name?",
    }),
    (r"\b(?:age|old)\b", {"es": "¿Cuántos años tiene?", "fr": "Quel âge avez-vous ?", "de": "Wie alt sind Sie?"}),
    (r"\b(?:why|reason|purpose|calling)\b", {
        "es": "¿En qué puedo ayudarle?",
        "fr": "Comment puis-je vous aider ?",
        "de": "Worum geht es?",
    }),
)  # fmt: skip
_CLOSING_QUESTION = "Is that all right with you?"
_FALLBACKS = (
    "How can I help you today?",
    "Could you tell me a little more about why you are here?",
    "What would you like me to know?",
)


def verbatim(prompt: str) -> str | None:
    """Return the words after ``Say:``, or None for a goal prompt."""
    found = _SAY.match(prompt)
    return prompt[found.end() :].strip() if found else None


def is_spoken(prompt: str) -> bool:
    """Return whether a prompt without ``Say:`` is already worded to the person and may be spoken as it is."""
    text = prompt.strip()
    if not text or _ABOUT_USER.search(text):
        return False
    if re.search(r"\?\s*$", text):
        return not _INSTRUCTION.match(text) or bool(_ADDRESSED.search(text))
    parts = sentences(text)
    addressed = any(_ADDRESSED.search(part) or part.endswith("?") for part in parts)
    directed = any(_MANNER.match(part) or _directs(part) for part in parts)
    return addressed and not directed


def phrase_goal(goal: str, attempt: int = 0, language: str = "en", expects_reply: bool = True) -> str:
    """Return one or more sentences for the person. Never empty, never about "the user".

    ``attempt`` counts earlier tries; each gets other words. With ``expects_reply`` the result ends in a question.
    Goals are understood in English; for Spanish, French and German the common questions (name, e-mail, phone, date of
    birth, code, age, purpose) are asked in that language, other goals in English.
    """
    goal = clean(verbatim(goal) or goal)
    tongue = base_language(language)
    if tongue in ("es", "fr", "de") and not is_spoken(goal):
        for pattern, by_language in _SLOTS:
            if expects_reply and re.search(pattern, goal, re.IGNORECASE):
                return _lead(attempt, tongue) + by_language[tongue]
    if is_spoken(goal):
        return goal if goal[-1:] in ".!?…" else f"{goal}."
    spoken = _word_sentences(goal, attempt)
    if not spoken:
        return _FALLBACKS[attempt % len(_FALLBACKS)] if expects_reply else "Thank you."
    text = " ".join(part.text for part in spoken)
    if expects_reply and not any(part.asks or part.closes for part in spoken):
        text = f"{text} {_CLOSING_QUESTION}"
    return text


def _word_sentences(goal: str, attempt: int) -> list[Spoken]:
    """Word every clause that says something; statements first, since a turn is handed over with a question."""
    spoken: list[Spoken] = []
    for sentence in sentences(goal):
        if _MANNER.match(sentence):
            continue
        if is_spoken(sentence) and not _directs(sentence):
            spoken.append(Spoken(sentence, asks=sentence.endswith("?")))
            continue
        for clause in _CLAUSE.split(sentence):
            text = clause.strip(' .,;:!"“”')
            worded = word_clause(text, attempt) if text and not _MANNER.match(text) else None
            if worded and worded.text not in {part.text for part in spoken}:
                spoken.append(worded)
    return [part for part in spoken if not part.asks] + [part for part in spoken if part.asks]


def _directs(sentence: str) -> bool:
    """Tell an order to the avatar ("Confirm the amount") from a request to the person ("Please confirm your name")."""
    if not _INSTRUCTION.match(sentence):
        return False
    return not re.match(
        r"^(?:please\s+)?(?:say|tell me|give me|read me|let me|help me|repeat|confirm (?:that )?(?:your|you)|"
        r"have (?:a|you)|"
        r"read (?:out |aloud )?(?:the|this|your)|take (?:a|your)|get (?:a|your)|thank you|welcome)\b",
        sentence,
        re.IGNORECASE,
    )


def _lead(attempt: int, language: str) -> str:
    leads = _REPHRASED_LEADS.get(language, _REPHRASED_LEADS["en"])
    return leads[min(attempt, len(leads) - 1)]
