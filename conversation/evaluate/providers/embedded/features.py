"""The evidence for each outcome as numbers, in one table: similarity, trained head, dialogue acts, rules.

``fuse`` weighs the columns. Training and service build the table with this one function, so they cannot drift apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conversation.evaluate.ports import Question
from conversation.evaluate.providers.embedded.encoder import Embedding, Vector
from conversation.evaluate.providers.embedded.rules import Opinions
from conversation.text.acts import Act
from conversation.text.conditions import Kind
from conversation.text.expectation import AnswerKind, Expectation
from conversation.text.language import is_foreign
from conversation.text.normalise import word_set, words

_PAIRS: tuple[tuple[Act, Kind], ...] = (
    (Act.YES, Kind.AFFIRM), (Act.YES, Kind.DENY), (Act.NO, Kind.DENY), (Act.NO, Kind.AFFIRM),
    (Act.REFUSE, Kind.REFUSE), (Act.REFUSE, Kind.DENY), (Act.REFUSE, Kind.MISSING), (Act.HELP, Kind.HELP),
    (Act.HELP, Kind.MISSING), (Act.HELP, Kind.AFFIRM), (Act.DEFER, Kind.DEFER), (Act.DEFER, Kind.MISSING),
    (Act.UNSURE, Kind.UNSURE), (Act.UNSURE, Kind.MISSING), (Act.FORGOT, Kind.UNSURE), (Act.FORGOT, Kind.UNABLE),
    (Act.FORGOT, Kind.MISSING), (Act.AGENT, Kind.AGENT), (Act.QUIT, Kind.QUIT), (Act.COERCED, Kind.COERCED),
    (Act.COERCED, Kind.FREE), (Act.ALONE, Kind.FREE), (Act.ALONE, Kind.COERCED), (Act.YES, Kind.FREE),
    (Act.NO, Kind.FREE), (Act.YES, Kind.COERCED), (Act.NO, Kind.COERCED), (Act.NO, Kind.MISSING),
    (Act.NO, Kind.UNABLE),
)  # fmt: skip
_KINDS = (Kind.MISSING, Kind.REFUSE, Kind.HELP, Kind.UNSURE, Kind.OTHER, Kind.OFF_TOPIC, Kind.NO_ANSWER, Kind.DENY)
_NULL_ACTS = (Act.HELP, Act.UNSURE, Act.DEFER, Act.REFUSE, Act.FORGOT, Act.AGENT, Act.QUIT)
_HANDLED_BY = {
    Act.HELP: {Kind.HELP, Kind.MISSING}, Act.UNSURE: {Kind.UNSURE, Kind.MISSING},
    Act.DEFER: {Kind.DEFER, Kind.MISSING}, Act.REFUSE: {Kind.REFUSE, Kind.MISSING, Kind.DENY},
    Act.FORGOT: {Kind.UNSURE, Kind.UNABLE, Kind.MISSING}, Act.AGENT: {Kind.AGENT}, Act.QUIT: {Kind.QUIT},
}  # fmt: skip
_STOP_WORDS = word_set(
    "the a an of to in on at for with and or is are was were be been it its this that they their them he she his her "
    "user caller customer person says said i i'm my me you your we do does did has have had not no yes user's "
    "it's who which"
)
_SHORT_WORDS = 5
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_ORDINAL_REPLY = re.compile(r"^(?:the |number )?(first|second|third|fourth|last)(?: one| option)?(?: please)?$")

OUTCOME_COLUMNS: tuple[str, ...] = (
    "bias", "cosine", "cosine_centred", "cosine_lead", "token_match_centred", "token_match_lead", "head",
    "head_centred", "head_lead", "overlap", "overlap_lead", "foreign_cosine_centred", "only_outcome_of_two_left_by_yes",
    "only_outcome_of_two_left_by_no", "yes_alignment", "no_alignment", "yes_no_question_yes_negated",
    "yes_no_question_no_negated", "yes_no_question_yes_plain", "yes_no_question_no_plain", "rule_for", "rule_against",
    "ordinal", "short_cosine_centred",
    *(f"{act.value}_{kind.value}" for act, kind in _PAIRS),
    *(f"short_{act.value}_{kind.value}" for act, kind in _PAIRS[:4]),
    *(f"kind_{kind.value}" for kind in _KINDS),
    *(f"absorbs_{act.value}" for act in _NULL_ACTS),
)  # fmt: skip
NULL_COLUMNS: tuple[str, ...] = (
    "bias", "has_missing", "has_other", "best_cosine", "best_head", "short", "no_act", "rule_for_some",
    "rule_against_all",    "yes_no_answered", *(f"unhandled_{act.value}" for act in _NULL_ACTS),
)  # fmt: skip

Table = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of a question before anybody answers."""

    prompt: Embedding
    conditions: tuple[Embedding, ...]
    kinds: tuple[frozenset[Kind], ...]
    expected: Expectation


def features(
    question: Question,
    reply: str,
    prepared: Prepared,
    heard: Embedding,
    head_logits: Vector,
    said: frozenset[Act],
    opinions: Opinions,
) -> tuple[Table, Table]:
    """Return the table of the outcomes ``(outcomes, columns)`` and the row of "none of them" ``(columns,)``."""
    rows = [dict.fromkeys(OUTCOME_COLUMNS, 0.0) for _ in question.conditions]
    spoken = words(reply)
    short = float(len(spoken) <= _SHORT_WORDS)
    cosine = np.array([float(c.sentence @ heard.sentence) for c in prepared.conditions])
    match = np.array([_token_match(heard, c) for c in prepared.conditions])
    shared = np.array([_overlap(spoken, words(c.text)) for c in question.conditions])
    foreign = float(is_foreign(reply))
    for index, row in enumerate(rows):
        row["bias"] = 1.0
        row["cosine"], row["cosine_centred"], row["cosine_lead"] = cosine[index] - 0.6, *_relative(cosine, index)
        row["token_match_centred"], row["token_match_lead"] = _relative(match, index)
        row["head"] = float(head_logits[index])
        row["head_centred"], row["head_lead"] = _relative(head_logits, index)
        row["overlap"], row["overlap_lead"] = shared[index], _relative(shared, index)[1]
        row["foreign_cosine_centred"] = foreign * row["cosine_centred"]
        row["short_cosine_centred"] = short * row["cosine_centred"]
        chance = opinions.chance.get(question.conditions[index].id)
        row["rule_for"] = float(chance is not None and chance >= 0.5)
        row["rule_against"] = float(chance is not None and chance < 0.5)
        for kind in _KINDS:
            row[f"kind_{kind.value}"] = float(kind in prepared.kinds[index])
    _acts(rows, prepared, said, short)
    _polarity(rows, prepared, said)
    _ordinal(rows, question, spoken)
    null = _null_row(prepared, said, opinions, cosine, head_logits, short)
    return (
        np.array([[row[name] for name in OUTCOME_COLUMNS] for row in rows]),
        np.array([null[name] for name in NULL_COLUMNS]),
    )


def _relative(values: NDArray[np.floating], index: int) -> tuple[float, float]:
    """Return a value less the mean, and less the best of the others."""
    others = np.delete(values, index)
    lead = float(values[index] - others.max()) if len(others) else 0.0
    return float(values[index] - values.mean()), lead


def _token_match(heard: Embedding, condition: Embedding) -> float:
    """Mean over the reply's tokens of the best cosine to a token of the condition (late interaction, as in ColBERT)."""
    return float((heard.tokens @ condition.tokens.T).max(axis=1).mean())


def _stem(word: str) -> str:
    return word[:5] if len(word) > 5 else word.rstrip("s")


def _overlap(spoken: Sequence[str], condition: Sequence[str]) -> float:
    """Return how many content words of the reply the condition holds, by stem, two at most."""
    wanted = {_stem(word) for word in condition if word not in _STOP_WORDS}
    return float(min(2, len(wanted & {_stem(word) for word in spoken if word not in _STOP_WORDS})))


def _acts(rows: list[dict[str, float]], prepared: Prepared, said: frozenset[Act], short: float) -> None:
    counts = {kind: sum(kind in found for found in prepared.kinds) for kind in Kind}
    for row, found in zip(rows, prepared.kinds, strict=True):
        for position, (act, kind) in enumerate(_PAIRS):
            value = float(act in said and kind in found) / max(1, counts[kind])
            row[f"{act.value}_{kind.value}"] = value
            if position < 4:
                row[f"short_{act.value}_{kind.value}"] = value * short
        for act in _NULL_ACTS:
            handled = any(found_there & _HANDLED_BY[act] for found_there in prepared.kinds)
            row[f"absorbs_{act.value}"] = float(act in said and not found & _HANDLED_BY[act] and handled)


def _polarity(rows: list[dict[str, float]], prepared: Prepared, said: frozenset[Act]) -> None:
    """Let yes and no point at the conditions that say what the question says, or the opposite."""
    yes, no = float(Act.YES in said), float(Act.NO in said)
    if not (yes or no):
        return
    closed = float(prepared.expected.kind is AnswerKind.YES_NO)
    similar = np.array([float(c.sentence @ prepared.prompt.sentence) for c in prepared.conditions])
    negated = [bool(found & {Kind.DENY, Kind.MISSING, Kind.REFUSE, Kind.UNABLE}) for found in prepared.kinds]
    for index, (row, found) in enumerate(zip(rows, prepared.kinds, strict=True)):
        alignment = 10 * (similar[index] - similar.mean())
        row["yes_alignment"], row["no_alignment"] = closed * yes * alignment, closed * no * alignment
        one_negated = negated.count(True) == 1
        if one_negated:
            row["yes_no_question_yes_negated"] = closed * yes * negated[index]
            row["yes_no_question_no_negated"] = closed * no * negated[index]
            row["yes_no_question_yes_plain"] = closed * yes * (not negated[index])
            row["yes_no_question_no_plain"] = closed * no * (not negated[index])
        if len(rows) == 2:
            other = prepared.kinds[1 - index]
            row["only_outcome_of_two_left_by_yes"] = yes * (Kind.DENY in other and Kind.AFFIRM not in found)
            row["only_outcome_of_two_left_by_no"] = no * (Kind.AFFIRM in other and Kind.DENY not in found)


def _ordinal(rows: list[dict[str, float]], question: Question, spoken: Sequence[str]) -> None:
    """Resolve "the second one" against the alternatives in the order of the prompt."""
    found = _ORDINAL_REPLY.match(" ".join(spoken))
    if not found or " or " not in question.prompt:
        return
    listed = question.prompt.split(":", 1)[-1]
    options = [option.strip(" ?.") for option in re.split(r",|\bor\b", listed) if option.strip(" ?.")]
    place = _ORDINALS[found[1]]
    if not -len(options) <= place < len(options):
        return
    scores = [_overlap(words(options[place]), words(c.text)) for c in question.conditions]
    if max(scores) > 0 and scores.count(max(scores)) == 1:
        rows[scores.index(max(scores))]["ordinal"] = 1.0


def _null_row(
    prepared: Prepared,
    said: frozenset[Act],
    opinions: Opinions,
    cosine: NDArray[np.floating],
    head_logits: Vector,
    short: float,
) -> dict[str, float]:
    row = dict.fromkeys(NULL_COLUMNS, 0.0)
    everything = frozenset().union(*prepared.kinds)
    row["bias"] = 1.0
    row["has_missing"] = float(Kind.MISSING in everything or Kind.NO_ANSWER in everything)
    row["has_other"] = float(bool({Kind.OTHER, Kind.OFF_TOPIC} & everything))
    row["best_cosine"] = float(cosine.max()) - 0.6
    row["best_head"] = float(head_logits.max())
    row["short"] = short
    row["no_act"] = float(not said)
    row["rule_for_some"] = float(any(chance >= 0.5 for chance in opinions.chance.values()))
    row["rule_against_all"] = float(
        len(opinions.chance) == len(prepared.kinds) and all(chance < 0.5 for chance in opinions.chance.values())
    )
    closed = prepared.expected.kind is AnswerKind.YES_NO
    row["yes_no_answered"] = float(closed and bool(said & {Act.YES, Act.NO}))
    for act in _NULL_ACTS:
        handled = any(found & _HANDLED_BY[act] for found in prepared.kinds)
        row[f"unhandled_{act.value}"] = float(act in said and not handled and not said & {Act.YES, Act.NO})
    return row
