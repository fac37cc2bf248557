"""The head's network in torch, its training and its export."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from conversation.evaluate.providers.embedded.encoder import DIMENSIONS, Vector
from conversation.evaluate.providers.embedded.head import Head
from conversation.evaluate.training.data import Case

WIDTH = 96
HIDDEN = 128
EPOCHS = 7
BATCH_CASES = 256
LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.05
DROPOUT = 0.3


class Network(nn.Module):  # type: ignore[misc, unused-ignore]  # torch is not installed where types are checked
    """As ``Head`` describes it; ``Head`` computes the same without torch (a test compares them)."""

    def __init__(self) -> None:
        super().__init__()
        self.prompt = nn.Linear(DIMENSIONS, WIDTH)
        self.condition = nn.Linear(DIMENSIONS, WIDTH)
        self.reply = nn.Linear(DIMENSIONS, WIDTH)
        self.hidden = nn.Linear(6 * WIDTH + 1, HIDDEN)
        self.output = nn.Linear(HIDDEN, 1)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, prompt: torch.Tensor, condition: torch.Tensor, reply: torch.Tensor) -> torch.Tensor:
        asked, wanted, answered = self.prompt(prompt), self.condition(condition), self.reply(reply)
        cosine = (condition * reply).sum(-1, keepdim=True)
        joined = torch.cat(
            [wanted, answered, wanted * answered, (wanted - answered).abs(), asked * wanted, asked * answered, cosine],
            -1,
        )
        return self.output(self.dropout(torch.relu(self.hidden(self.dropout(joined))))).squeeze(-1)


class TrainedHead(Head):
    """A head together with the arrays it was built from."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        super().__init__(weights)
        self._weights = weights

    def export(self) -> dict[str, NDArray[np.float16]]:
        """Return the arrays to store; half precision is enough (logits change by less than 0.01)."""
        return {name: array.astype(np.float16) for name, array in self._weights.items()}


def train_head(cases: Sequence[Case], vectors: Mapping[str, Vector], members: int, seed: int) -> TrainedHead:
    """Train ``members`` networks that differ in their seed only."""
    torch.set_num_threads(2)
    weights: dict[str, NDArray[np.float32]] = {}
    for member in range(members):
        network = _train(cases, vectors, seed * 100 + member)
        for name, tensor in network.state_dict().items():
            weights[f"head{member}/{name}"] = tensor.numpy().copy()
    return TrainedHead(weights)


def _train(cases: Sequence[Case], vectors: Mapping[str, Vector], seed: int) -> Network:
    torch.manual_seed(seed)
    order = np.random.default_rng(seed)
    network = Network()
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    batches = -(-len(cases) // BATCH_CASES)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE * 2, total_steps=EPOCHS * batches)
    network.train()
    for _ in range(EPOCHS):
        shuffled = order.permutation(len(cases))
        for start in range(0, len(cases), BATCH_CASES):
            batch = [cases[index] for index in shuffled[start : start + BATCH_CASES]]
            loss = _loss(network, batch, vectors)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    network.eval()
    return network


def _loss(network: Network, batch: Sequence[Case], vectors: Mapping[str, Vector]) -> torch.Tensor:
    """Cross-entropy over the outcomes of a case and "none", whose logit is fixed at 0, plus that of each pair."""
    rows = [(case, place) for case in batch for place in range(len(case.conditions))]
    logits = network(
        torch.from_numpy(np.stack([vectors[case.prompt] for case, _ in rows])),
        torch.from_numpy(np.stack([vectors[case.conditions[place]] for case, place in rows])),
        torch.from_numpy(np.stack([vectors[case.reply] for case, _ in rows])),
    )
    truth = torch.tensor([float(case.label == place) for case, place in rows])
    widest = max(len(case.conditions) for case in batch)
    grid = torch.full((len(batch), widest + 1), -1e9)
    grid[:, 0] = 0.0
    lines = torch.tensor([line for line, case in enumerate(batch) for _ in case.conditions])
    columns = torch.tensor([place + 1 for case in batch for place in range(len(case.conditions))])
    grid = grid.index_put((lines, columns), logits)
    targets = torch.tensor([0 if case.label is None else case.label + 1 for case in batch])
    chosen = nn.functional.cross_entropy(grid, targets, label_smoothing=0.05)
    return chosen + nn.functional.binary_cross_entropy_with_logits(logits, truth)
