"""The written replies: the files can be read, what is wrong in one is named, and none repeats an evaluation case."""

import json
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz import fuzz, process

from conversation.evaluate.providers.embedded.encoder import Encoder, Vector
from conversation.evaluate.training.data import Case
from conversation.evaluate.training.written import load_written
from conversation.text.normalise import normalise

NODE = """
# About nothing.
[one]
ask: Do you have it?
kept = The user has it
gone = The user has it no longer
> kept: in my hand | indirect short
> gone: not since Tuesday
> none: what do you mean: it? | question
"""

SAME_WORDS, SAME_MEANING = 80.0, 0.90
"""From here on two texts count as one: rapidfuzz's ratio, and the cosine of bge-small-en, where the mean of unrelated
questions is 0.6."""


def read(folder: Path, text: str) -> list[Case]:
    (folder / "some.txt").write_text(text, encoding="utf-8")
    return load_written(folder)


def test_a_node_is_read(tmp_path: Path) -> None:
    conditions = ("The user has it", "The user has it no longer")
    assert read(tmp_path, NODE) == [
        Case("one", "Do you have it?", conditions, "in my hand", 0, ("indirect", "short")),
        Case("one", "Do you have it?", conditions, "not since Tuesday", 1),
        Case("one", "Do you have it?", conditions, "what do you mean: it?", None, ("question",)),
    ]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("> gone: not since Tuesday", "> lost: not since Tuesday"), r"some.txt:8: there is no condition 'lost'"),
        (("> gone: not since Tuesday", "> gone: in my hand"), r"some.txt:8: the reply stands there twice"),
        (("> gone: not since Tuesday", "no idea"), r"some.txt:8: neither a condition nor a reply"),
        (("> gone: not since Tuesday\n", ""), r"\[one\] has no reply for gone"),
        (("gone = The user has it no longer", "none = The user has it no longer"), r"some.txt:6: condition 'none'"),
        (("ask: Do you have it?\n", ""), r"\[one\] needs an 'ask:'"),
        (("[one]\n", ""), r"some.txt:3: stands before the first node"),
        (("# About nothing.", NODE), r"\[one\] stands there twice"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        read(tmp_path, NODE.replace(*change))


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="written replies"):
        load_written(tmp_path)


def test_the_data_are_many_and_none_stands_out_by_number() -> None:
    cases = load_written()
    nodes = {case.node for case in cases}
    none = sum(case.label is None for case in cases) / len(cases)
    assert len(nodes) >= 294
    assert len(cases) / len(nodes) >= 8
    assert 0.1 < none < 0.3
    assert max(len(case.reply) for case in cases) <= 600


@pytest.mark.models
def test_no_evaluation_case_nor_a_paraphrase_stands_in_the_data(shared_data: Path, weights: Path) -> None:
    """Alike are cases whose questions *and* replies are: "yes please" may answer many questions."""
    rows = [json.loads(line) for line in (shared_data / "nlu" / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    cases = load_written()
    encoder = Encoder(weights / "bge-small-en")
    prompts = sorted({row["prompt"] for row in rows})
    by_prompt: dict[str, list[str]] = {}
    for case in cases:
        by_prompt.setdefault(case.prompt, []).append(case.reply)
    asked = list(by_prompt)
    same = alike(encoder, prompts, asked)
    found = []
    for evaluated, written in zip(*np.nonzero(same), strict=True):
        replies = [row["transcript"] for row in rows if row["prompt"] == prompts[evaluated]]
        ours = by_prompt[asked[written]]
        for reply, own in zip(*np.nonzero(alike(encoder, replies, ours)), strict=True):
            if len(replies[reply].split()) >= 3:
                found.append(f"{prompts[evaluated]} {replies[reply]} / {asked[written]} {ours[own]}")
    assert found == []


def test_no_long_reply_of_the_evaluation_stands_in_the_data(shared_data: Path) -> None:
    rows = [json.loads(line) for line in (shared_data / "nlu" / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    evaluated = {text for row in rows if len((text := normalise(row["transcript"])).split()) >= 5}
    assert evaluated & {normalise(case.reply) for case in load_written()} == set()


def alike(encoder: Encoder, some: list[str], others: list[str]) -> Vector:
    """bool [some, others]: whether two texts have nearly the same words, or nearly the same meaning."""
    words = process.cdist(
        [normalise(text) for text in some], [normalise(text) for text in others], scorer=fuzz.token_sort_ratio
    )
    meaning = embeddings(encoder, some) @ embeddings(encoder, others).T
    return np.asarray((words >= SAME_WORDS) | (meaning >= SAME_MEANING))


def embeddings(encoder: Encoder, texts: list[str]) -> Vector:
    return np.stack([encoder.encode(text).sentence for text in texts])
