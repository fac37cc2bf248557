"""Fitting the cross-encoder in steps that can be interrupted: a run goes on where the last one stopped."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from conversation.evaluate.providers.embedded.joined import Joined, join
from conversation.evaluate.training.cross_encoder.groups import Groups
from conversation.evaluate.training.cross_encoder.network import CrossEncoder, stack
from conversation.evaluate.training.data import Case
from conversation.text.normalise import clean

_BLOCK_BATCHES = 20
"""Cases are sorted by length within so many batches: little padding, and still a random order."""
_WEIGHT_DECAY = 0.02
_SAVE_EVERY = 200


EASY = (0.7, 0.15, 0.1, 0.05)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train."""

    easy: tuple[float, ...] = EASY
    """Share of easy groups, epoch by epoch; as many epochs as numbers."""
    rate: float = 1e-4
    batch: int = 16
    warming: float = 0.06
    """Share of the steps in which the rate rises."""
    seed: int = 20


class Texts:
    """Tokens of texts, remembered."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[str, list[int]] = {}

    def join(self, case: Case) -> Joined:
        """Return the sequence of a case."""
        return join(
            self._tokens(case.prompt), self._tokens(case.reply), [self._tokens(text) for text in case.conditions]
        )

    def _tokens(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._tokenizer.encode(clean(text), add_special_tokens=False).ids
        return self._known[text]


def fit(network: CrossEncoder, cases: Sequence[Case], texts: Texts, plan: Plan, checkpoint: Path) -> None:
    """Train on ``cases``; what is in ``checkpoint`` is not done again. Prints a line every 100 steps."""
    torch.manual_seed(plan.seed)
    trained = {name: weight for name, weight in network.named_parameters() if weight.requires_grad}
    decayed = [weight for weight in trained.values() if weight.ndim > 1]
    others = [weight for weight in trained.values() if weight.ndim == 1]
    groups = [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98))
    total = sum(1 for _ in _batches(cases, texts, plan))
    warming = plan.warming * total
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warming, max(0.02, (total - step) / (total - warming)))
    )
    done = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        network.load_state_dict(saved["network"], strict=False)
        done = saved["done"]
        if done == saved["total"]:
            return
        if saved["plan"] != asdict(plan) or saved["total"] != total:
            raise ValueError(f"{checkpoint} was begun with another plan or other data: remove it to begin anew")
        optimiser.load_state_dict(saved["optimiser"])
        schedule.load_state_dict(saved["schedule"])
    network.train()
    began, mean_loss, mean_hits = time.monotonic(), 0.0, 0.0
    for step, batch in enumerate(_batches(cases, texts, plan), start=1):
        if step <= done:
            continue
        loss, hits = _step(network, batch, texts)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        share = max(0.01, 1 / (step - done))
        mean_loss += share * (loss.item() - mean_loss)
        mean_hits += share * (hits - mean_hits)
        if step % 100 == 0 or step == total:
            seconds = time.monotonic() - began
            print(f"{step}/{total}  loss {mean_loss:.3f}  right {mean_hits:.3f}  {seconds:.0f} s", flush=True)
        if step % _SAVE_EVERY == 0 or step == total:
            kept = {name: weight for name, weight in network.state_dict().items() if name in trained}
            states = {"optimiser": optimiser.state_dict(), "schedule": schedule.state_dict()}
            fresh = checkpoint.with_suffix(".new")
            torch.save({"plan": asdict(plan), "total": total, "done": step, "network": kept, **states}, fresh)
            fresh.replace(checkpoint)


def _step(network: CrossEncoder, batch: Sequence[Case], texts: Texts) -> tuple[torch.Tensor, float]:
    truth = torch.tensor([0 if case.label is None else 1 + case.label for case in batch])
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(stack([texts.join(case) for case in batch]))
    hits = float((logits.argmax(1) == truth).float().mean())
    return functional.cross_entropy(logits, truth), hits


def _batches(cases: Sequence[Case], texts: Texts, plan: Plan) -> Iterator[list[Case]]:
    groups = Groups(cases)
    block = plan.batch * _BLOCK_BATCHES
    for epoch, easy in enumerate(plan.easy):
        made = groups.epoch(plan.seed + epoch, easy)
        chooser = random.Random(plan.seed + epoch)
        for start in range(0, len(made), block):
            ordered = sorted(made[start : start + block], key=lambda case: len(texts.join(case).tokens))
            batches = [ordered[place : place + plan.batch] for place in range(0, len(ordered), plan.batch)]
            chooser.shuffle(batches)
            yield from batches


def logits_of(network: CrossEncoder, cases: Sequence[Case], texts: Texts) -> list[NDArray[np.float32]]:
    """Return the logits of each case: ``(1 + conditions,)``, "none" first."""
    network.eval()
    found: dict[int, NDArray[np.float32]] = {}
    order = sorted(range(len(cases)), key=lambda place: len(texts.join(cases[place]).tokens))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(order), 32):
            places = order[start : start + 32]
            logits = network(stack([texts.join(cases[place]) for place in places])).numpy()
            for place, row in zip(places, logits, strict=True):
                found[place] = row[: 1 + len(cases[place].conditions)]
    return [found[place] for place in range(len(cases))]
