"""What the cross-encoder reads, and what its training shows it."""

import pytest

from conversation.evaluate.providers.embedded.joined import (
    CONDITION,
    END,
    MAXIMUM_CONDITIONS,
    MAXIMUM_TOKENS,
    QUESTION,
    REPLY,
    START,
    join,
)
from conversation.evaluate.training.cross_encoder.groups import Groups
from conversation.evaluate.training.data import Case

CASES = [
    Case(
        f"node-{node}",
        "Still working there?",
        (f"The user works at place {node}", f"The user left place {node}", f"The user never was at place {node}"),
        f"reply {node} number{reply}",
        (reply % 4) - 1 if reply % 4 else None,
    )
    for node in range(12)
    for reply in range(8)
]


def test_question_reply_and_conditions_stand_in_one_sequence() -> None:
    joined = join([10, 11], [20], [[30], [40, 41]])
    assert joined.tokens == [START, 10, 11, END, 20, END, 30, END, 40, 41, END]
    owners = [QUESTION] * 4 + [REPLY] * 2 + [CONDITION] * 2 + [CONDITION + 1] * 3
    assert joined.owners == owners


def test_however_long_the_texts_are_everything_has_its_place() -> None:
    for conditions in (1, 2, 7, 20, MAXIMUM_CONDITIONS):
        joined = join(range(100, 400), range(500, 900), [range(1000, 1200)] * conditions)
        assert len(joined.tokens) == len(joined.owners) <= MAXIMUM_TOKENS
        assert set(joined.owners) == {QUESTION, REPLY, *range(CONDITION, CONDITION + conditions)}
    assert 399 in join(range(100, 400), [], [[1]]).tokens  # the end of a question is where it asks
    assert 500 in joined.tokens
    with pytest.raises(ValueError, match="too many"):
        join([1], [2], [[3]] * (MAXIMUM_CONDITIONS + 1))


def test_groups_keep_labels_true() -> None:
    groups = Groups(CASES)
    for easy in (0.0, 0.5, 1.0):
        made = groups.epoch(seed=4, easy=easy)
        assert len(made) == len(CASES)
        for group in made:
            own = next(case for case in CASES if case.node == group.node and case.reply.split()[2] in group.reply)
            if own.label is None:
                assert group.label is None
                continue
            siblings = {case.reply for case in CASES if case.node == own.node and case.label == own.label}
            meant = {own.conditions[own.label], *siblings}
            assert group.label is None or group.conditions[group.label] in meant
            others = [text for place, text in enumerate(group.conditions) if place != group.label]
            assert own.conditions[own.label] not in others


def test_the_same_seed_makes_the_same_groups_and_another_one_others() -> None:
    groups = Groups(CASES)
    assert groups.epoch(3, 0.3) == groups.epoch(3, 0.3)
    assert groups.epoch(3, 0.3) != groups.epoch(4, 0.3)


def test_easy_groups_bring_conditions_of_other_nodes_only() -> None:
    for group in Groups(CASES).epoch(seed=9, easy=1.0):
        own = [text for text in group.conditions if text.endswith(f"place {group.node.split('-')[1]}")]
        assert len(own) <= 1
