"""Plain replies made from the nodes of the written data.

The written replies are hard on purpose: indirect, ironic, near the topic. Real callers mostly answer plainly, so each
node also gets the direct answers: its conditions in the first person, yes and no where a condition agrees or denies,
and the common acts (asking back, refusing, later, unsure), labelled by the kinds of the conditions.
"""

import random
import re
from collections.abc import Sequence

from conversation.evaluate.training.data import Case
from conversation.text.conditions import Kind, kinds
from conversation.text.expectation import AnswerKind, expectation

_ACTS: dict[Kind, tuple[str, ...]] = {
    Kind.HELP: (
        "what do you mean by "
        "that", "can you say it again please", "sorry I don't follow", "why are you asking me this",
        "how does it work", "who wants to know", "could somebody explain that to me", "I didn't get the question",
    ),
    Kind.REFUSE: (
        "I don't want to say", "I won't answer that", "that's personal", "no way I'm telling you", "I refuse",
        "I'm not comfortable with it", "why should I", "prefiero no decirlo", "je préfère ne pas répondre",
    ),
    Kind.DEFER: ("not now, "
                 "later", "can you call me back", "maybe next week", "another time please", "give me a minute"),
    Kind.UNSURE: ("I'm not sure", "maybe", "it depends", "I need to think about it", "hard to say"),
    Kind.AGENT: ("can I speak to a human", "get me a real person", "I want to talk to an operator"),
    Kind.QUIT: ("goodbye", "I want to stop here", "let's end the call", "I'm hanging up now"),
    Kind.COERCED: (
        "a man on the phone told me what to "
        "say", "they are forcing me", "he is making me do it", "she tells me each step",
        "I can't speak freely", "someone from the bank is guiding me",
    ),
    Kind.FREE: ("it's my own decision", "nobody told me to", "I'm on my own", "no one else is involved", "just me"),
    Kind.OFF_TOPIC: ("the weather is lovely "
                     "today", "my cat is on the table", "did you watch the game", "I had pizza for lunch"),
}  # fmt: skip
_HANDLERS = {
    Kind.HELP: (Kind.HELP, Kind.MISSING),
    Kind.REFUSE: (Kind.REFUSE, Kind.MISSING),
    Kind.DEFER: (Kind.DEFER, Kind.MISSING),
    Kind.UNSURE: (Kind.UNSURE, Kind.MISSING),
    Kind.OFF_TOPIC: (Kind.OFF_TOPIC, Kind.MISSING, Kind.OTHER),
}
_YES = (
    "yes",
    "yes please",
    "yeah sure",
    "of course",
    "that's right",
    "okay fine",
    "sí, claro",
    "oui",
    "ja, gerne",
    "go ahead",
    "I do",
)
_NO = (
    "no",
    "no thanks",
    "not really",
    "no I don't",
    "I'd rather not",
    "certainly not",
    "no, gracias",
    "non merci",
    "nein",
)
_SUBJECT = r"(?:the )?(?:user|caller|customer|person|client|applicant|guest|player|candidate|they)"
_FIRST_PERSON: tuple[tuple[str, str], ...] = (
    (rf"^{_SUBJECT}(?:'s|s') ", "my "),
    (rf"^{_SUBJECT} (?:says?|said|states?|confirms?|indicates?|mentions?|"
     rf"reports?) (?:that )?(?:{_SUBJECT} )?(?:is|are|'s) ", "I am "),
    (rf"^{_SUBJECT} (?:says?|said|states?|confirms?|indicates?|mentions?|reports?) (?:that )?{_SUBJECT} ", "I "),
    (rf"^{_SUBJECT} (?:is|are) ", "I am "),
    (rf"^{_SUBJECT} (?:has|have) ", "I have "),
    (rf"^{_SUBJECT} (?:does not|doesn't|do not) ", "I don't "),
    (rf"^{_SUBJECT} (\w+?)(?<!s)s ", r"I \1 "),
    (rf"^{_SUBJECT} ", "I "),
    (r"\b(?:their|his or her|the user's)\b", "my"),
    (r"\b(?:themselves|themself)\b", "myself"),
    (r"\bthey are\b", "I am"),
    (r"\bthey\b", "I"),
    (r"\bthem\b", "me"),
)  # fmt: skip
_META = frozenset(
    {
        Kind.MISSING,
        Kind.HELP,
        Kind.REFUSE,
        Kind.UNSURE,
        Kind.OFF_TOPIC,
        Kind.NO_ANSWER,
        Kind.OTHER,
        Kind.PARTIAL,
        Kind.UNABLE,
    }
)
_GIVES = re.compile(
    r"\b(?:gives?|gave|provid\w+|reads?|tells?|describes?|explains?|names?|asks?|avoids?|wants? to know)\b", re.I
)


def first_person(condition: str) -> str:
    """Turn "The user wants to change their address" into "I want to change my address"."""
    text = condition.split(",")[0].split("(")[0].strip(" .")
    for pattern, replacement in _FIRST_PERSON:
        text = re.sub(pattern, replacement, text, flags=re.IGNORECASE)
    return text


def plain_cases(cases: Sequence[Case], seed: int) -> list[Case]:
    """Return the plain replies for every node of ``cases``."""
    chooser = random.Random(seed)
    made: list[Case] = []
    for case in {case.node: case for case in cases}.values():
        found = [kinds(text) for text in case.conditions]
        for place, text in enumerate(case.conditions):
            if not found[place] & _META and not _GIVES.search(text):
                made.append(_case(case, first_person(text), place))
        made += _yes_no(case, found, chooser)
        made += _acts(case, found, chooser)
    return made


def _case(case: Case, reply: str, label: int | None) -> Case:
    return Case(case.node, case.prompt, case.conditions, reply, label, ("plain",))


def _only(found: Sequence[frozenset[Kind]], wanted: Sequence[Kind]) -> int | None:
    """Return the condition of the first wanted kind that exactly one condition has."""
    for kind in wanted:
        places = [place for place, kinds_there in enumerate(found) if kind in kinds_there]
        if len(places) == 1:
            return places[0]
    return None


def _yes_no(case: Case, found: Sequence[frozenset[Kind]], chooser: random.Random) -> list[Case]:
    yes, no = _only(found, (Kind.AFFIRM,)), _only(found, (Kind.DENY,))
    if expectation(case.prompt, case.conditions).kind is not AnswerKind.YES_NO or " or " in case.prompt:
        return []
    if len(found) == 2 and (yes is None) != (no is None):
        yes, no = (1 - no, no) if no is not None else (yes, 1 - (yes or 0))
    if yes is None or no is None or yes == no:
        return []
    picked = [(reply, yes) for reply in chooser.sample(_YES, 2)] + [(reply, no) for reply in chooser.sample(_NO, 2)]
    return [_case(case, reply, label) for reply, label in picked]


def _acts(case: Case, found: Sequence[frozenset[Kind]], chooser: random.Random) -> list[Case]:
    made = []
    everything = frozenset().union(*found)
    for kind, replies in _ACTS.items():
        label = _only(found, _HANDLERS.get(kind, (kind,)))
        ambiguous = label is None and (kind in everything or (Kind.DENY in everything and kind is Kind.REFUSE))
        social = kind in (Kind.COERCED, Kind.FREE)
        if ambiguous or (social and label is None) or (label is None and chooser.random() > 0.3):
            continue
        made += [_case(case, reply, label) for reply in chooser.sample(replies, 2 if label is not None else 1)]
    return made
