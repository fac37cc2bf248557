"""Train the embedded evaluator: ``python -m conversation.evaluate.training.train MODEL_DIR [--work DIR]``.

MODEL_DIR holds bge-small-en; the data are the written replies beside this file. Steps: embed all texts (kept in
``--work``, so a second run starts where the first one stopped), train the head on every fold of nodes, weigh the
evidence with the held-out logits of the head, train the final heads on everything, write ``weights.npz``. Seeds are
fixed; some minutes on two threads. Needs torch, which the product itself does not install.
"""

import argparse
import hashlib
import pickle
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conversation.evaluate.ports import Condition, Question
from conversation.evaluate.providers.embedded import features as evidence
from conversation.evaluate.providers.embedded.conditions import demand
from conversation.evaluate.providers.embedded.encoder import Embedding, Encoder, Vector
from conversation.evaluate.providers.embedded.fuse import Fusion
from conversation.evaluate.providers.embedded.rules import opinions
from conversation.evaluate.training.data import FOLDS, Case, fold_of, recombine
from conversation.evaluate.training.fusion import Group, fit
from conversation.evaluate.training.network import train_head
from conversation.evaluate.training.plain import plain_cases
from conversation.evaluate.training.written import FOLDER, load_written
from conversation.text.acts import acts
from conversation.text.conditions import kinds
from conversation.text.expectation import expectation

SEED = 20
MEMBERS = 2
RECOMBINATIONS = 2
_YEAR_OF_DATA = 2026

Embeddings = dict[str, Embedding]


def embed(encoder: Encoder, texts: Iterable[str], work: Path) -> Embeddings:
    """Return the embedding of every text; those of an earlier run are read back from ``work``."""
    work.mkdir(parents=True, exist_ok=True)
    known: Embeddings = {}
    for text in dict.fromkeys(texts):
        file = work / f"{hashlib.sha256(text.encode()).hexdigest()[:24]}.npz"
        if file.exists():
            with np.load(file) as saved:
                known[text] = Embedding(saved["sentence"], saved["tokens"].astype(np.float32))
        else:
            known[text] = encoder.encode(text)
            np.savez(file, sentence=known[text].sentence, tokens=known[text].tokens.astype(np.float16))
    return known


def texts_of(cases: Sequence[Case]) -> Iterable[str]:
    """Yield every text that an evaluation of these cases embeds."""
    for case in cases:
        yield from (case.prompt, *case.conditions, case.reply)


def group(case: Case, known: Embeddings, logits: Vector) -> Group:
    """Build the evidence of one case."""
    question = Question(case.prompt, tuple(Condition(str(place), text) for place, text in enumerate(case.conditions)))
    prepared = evidence.Prepared(
        prompt=known[case.prompt],
        conditions=tuple(known[text] for text in case.conditions),
        kinds=tuple(kinds(text) for text in case.conditions),
        expected=expectation(case.prompt, case.conditions),
    )
    demands = [demand(text, case.prompt) for text in case.conditions]
    judged = opinions(question, case.reply, demands, _YEAR_OF_DATA)
    table, null = evidence.features(question, case.reply, prepared, known[case.reply], logits, acts(case.reply), judged)
    return Group(table, null, case.label, plain="plain" in case.tags)


def main() -> None:
    """Run the whole recipe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model_dir", type=Path)
    parser.add_argument("--data", type=Path, default=FOLDER)
    parser.add_argument("--work", type=Path, default=Path("build/evaluator"))
    default_output = Path(__file__).parents[1] / "providers" / "embedded" / "weights.npz"
    parser.add_argument("--output", type=Path, default=default_output)
    arguments = parser.parse_args()

    written = load_written(arguments.data)
    cases = [*written, *plain_cases(written, SEED)]
    known = embed(Encoder(arguments.model_dir), texts_of(cases), arguments.work)
    vectors = {text: embedding.sentence for text, embedding in known.items()}
    print(f"{len(cases)} cases, {len({case.node for case in cases})} nodes, {len(known)} texts")

    held_out: list[tuple[int, Group]] = []
    for number in range(FOLDS):
        learn = [case for case in cases if fold_of(case.node) != number]
        head = train_head(_with_recombined(learn), vectors, 1, SEED + number)
        print(f"fold {number + 1} of {FOLDS} trained", flush=True)
        for case in cases:
            if fold_of(case.node) == number:
                logits = head.logits(*_stacked(case, vectors))
                held_out.append((number, group(case, known, logits)))
    with (arguments.work / "held_out.pickle").open("wb") as file:
        pickle.dump(held_out, file)
    _report_held_out(held_out)
    fusion = fit([found for _, found in held_out])
    head_weights = train_head(_with_recombined(cases), vectors, MEMBERS, SEED + FOLDS).export()
    arrays: dict[str, NDArray[Any]] = {**head_weights, **fusion.export()}
    np.savez_compressed(arguments.output, allow_pickle=False, **arrays)
    print(f"wrote {arguments.output}, {arguments.output.stat().st_size / 1e6:.1f} MB")


def _with_recombined(cases: Sequence[Case]) -> list[Case]:
    return [*cases, *(made for round_ in range(RECOMBINATIONS) for made in recombine(cases, SEED + round_))]


def _stacked(case: Case, vectors: dict[str, Vector]) -> tuple[Vector, Vector, Vector]:
    return vectors[case.prompt], np.stack([vectors[text] for text in case.conditions]), vectors[case.reply]


def _report_held_out(groups: Sequence[tuple[int, Group]]) -> None:
    """Print what nodes of the other folds give: the figures by which weights and thresholds are chosen."""
    right = wrong = 0
    chances: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        fusion: Fusion = fit([found for number, found in groups if number != fold])
        for number, found in groups:
            if number == fold:
                chance = fusion.chances(found.table, found.null)
                best = int(np.argmax(chance)) - 1
                answer = None if best < 0 else best
                right += answer == found.label
                wrong += answer is not None and answer != found.label
                chances.append((float(chance.max()), answer == found.label))
    total = len(groups)
    print(f"held-out nodes: accuracy {right / total:.3f}, wrong-commit {wrong / total:.3f}, {total} cases")
    for threshold in (0.4, 0.5, 0.6, 0.7, 0.8):
        kept = [correct for chance, correct in chances if chance >= threshold]
        print(f"  chance >= {threshold}: {len(kept) / total:.2f} of cases, precision {np.mean(kept):.3f}")


if __name__ == "__main__":
    main()
