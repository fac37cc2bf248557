"""The cross-encoder as a torch module: the first layers of the base, and a small head over its states."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from conversation.evaluate.providers.embedded.joined import CONDITION, MAXIMUM_TOKENS, PADDING, QUESTION, REPLY, Joined
from conversation.evaluate.training.cross_encoder.base import Array, Base

WIDTH = 384
HEADS = 12
INNER = 1536
LAYERS = 8
SEGMENTS = 3
"""Question, reply, condition."""
_NOBODY = -1
"""The owner of padding."""
NORM_EPSILON = 1e-12
_ABSENT = -1e4
"""A logit that has no chance, in bfloat16 as well."""


class Layer(nn.Module):  # type: ignore[misc]
    """One layer of a BERT encoder (Devlin et al. 2019), normalised after each part."""

    def __init__(self) -> None:
        super().__init__()
        self.queries_keys_values = nn.Linear(WIDTH, 3 * WIDTH)
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.mixed_norm = nn.LayerNorm(WIDTH, NORM_EPSILON)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.outer_norm = nn.LayerNorm(WIDTH, NORM_EPSILON)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """``states`` is ``(cases, tokens, WIDTH)``; ``mask`` is added to the scores of attention."""
        cases, tokens, _ = states.shape
        split = self.queries_keys_values(states).view(cases, tokens, 3, HEADS, WIDTH // HEADS)
        queries, keys, values = split.permute(2, 0, 3, 1, 4)
        # Plain products: on processors they are half as fast again as the fused attention of torch 2.13.
        scores = torch.matmul(queries / math.sqrt(WIDTH // HEADS), keys.transpose(-1, -2)) + mask
        mixed = torch.matmul(torch.softmax(scores, dim=-1).to(values.dtype), values)
        states = self.mixed_norm(states + self.mixed(mixed.transpose(1, 2).reshape(cases, tokens, WIDTH)))
        out: torch.Tensor = self.outer_norm(states + self.outer(functional.gelu(self.inner(states))))
        return out


class CrossEncoder(nn.Module):  # type: ignore[misc]
    """Logits of "none" and of each condition."""

    def __init__(self, words: int, layers: int = LAYERS) -> None:
        super().__init__()
        self.words = nn.Embedding(words, WIDTH)
        # The words stay as the base learned them: few of them occur often enough in our data to learn better.
        self.words.weight.requires_grad = False
        self.positions = nn.Embedding(MAXIMUM_TOKENS, WIDTH)
        self.segments = nn.Embedding(SEGMENTS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, NORM_EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.hidden = nn.Linear(5 * WIDTH, WIDTH)
        self.met = nn.Linear(WIDTH, 1)
        self.none_hidden = nn.Linear(3 * WIDTH, WIDTH)
        self.none = nn.Linear(WIDTH, 1)

    def forward(self, batch: Mapping[str, Any]) -> torch.Tensor:
        """Return ``(cases, 1 + conditions)``: "none" first; conditions that a case does not have get ``-1e4``."""
        tokens, owners = batch["tokens"], batch["owners"]
        places = torch.arange(tokens.shape[1])[None]
        states = self.norm(self.words(tokens) + self.positions(places) + self.segments(owners.clamp(0, SEGMENTS - 1)))
        states = functional.dropout(states, 0.05, self.training)
        mask = torch.zeros(tokens.shape).masked_fill(owners == _NOBODY, _ABSENT)[:, None, None, :]
        if torch.is_autocast_enabled("cpu"):
            mask = mask.bfloat16()
        for layer in self.layers:
            states = layer(states, mask)
        parts = torch.arange(CONDITION + batch["conditions"])[None, :, None]
        belongs = (owners[:, None] == parts).to(states.dtype)
        counts = belongs.sum(dim=2, keepdim=True)
        means = torch.matmul(belongs, states) / counts.clamp(min=1)
        whole, question, reply, met = states[:, 0], means[:, QUESTION], means[:, REPLY], means[:, CONDITION:]
        said, seen = reply[:, None].expand_as(met), whole[:, None].expand_as(met)
        pairs = torch.cat([met, said, met * said, (met - said).abs(), seen], dim=-1)
        hidden = functional.dropout(functional.gelu(self.hidden(pairs)), 0.1, self.training)
        logits = self.met(hidden).squeeze(-1).float().masked_fill(counts[:, CONDITION:, 0] == 0, _ABSENT)
        none = self.none(functional.gelu(self.none_hidden(torch.cat([whole, question, reply], dim=-1))))
        return torch.cat([none.float(), logits], dim=1)


def stack(cases: Sequence[Joined]) -> dict[str, Any]:
    """Pad cases to one length: ``tokens`` and ``owners`` ``(cases, tokens)``, and the most ``conditions``."""
    longest = max(len(case.tokens) for case in cases)

    def filled(rows: Sequence[Sequence[int]], rest: int) -> torch.Tensor:
        return torch.tensor([[*row, *[rest] * (longest - len(row))] for row in rows])

    return {
        "tokens": filled([case.tokens for case in cases], PADDING),
        "owners": filled([case.owners for case in cases], _NOBODY),
        "conditions": max(case.owners[-1] for case in cases) - CONDITION + 1,
    }


def from_base(base: Base, pieces: Sequence[str], layers: int = LAYERS) -> CrossEncoder:
    """Start from the base's words, positions and first ``layers`` layers; the head starts anew."""
    network = CrossEncoder(len(pieces), layers)
    place = {piece: row for row, piece in enumerate(base.pieces)}
    words = base.tensors["emb.word"].reshape(-1, WIDTH)[[place[piece] for piece in pieces]]
    segment = base.tensors["emb.type"].reshape(-1, WIDTH)[0]
    found: dict[str, Array] = {
        "words.weight": words,
        "positions.weight": base.tensors["emb.pos"],
        "segments.weight": np.tile(segment, (SEGMENTS, 1)),
        "norm.weight": base.tensors["emb.ln.w"],
        "norm.bias": base.tensors["emb.ln.b"],
    }
    names = {"mixed": "ao", "mixed_norm": "aln", "inner": "fi", "outer": "fo", "outer_norm": "oln"}
    for number in range(layers):
        for ours, theirs in (("weight", "w"), ("bias", "b")):
            parts = [base.tensors[f"l{number}.{part}.{theirs}"] for part in "qkv"]
            found[f"layers.{number}.queries_keys_values.{ours}"] = np.concatenate(parts)
            for mine, name in names.items():
                found[f"layers.{number}.{mine}.{ours}"] = base.tensors[f"l{number}.{name}.{theirs}"]
    state = network.state_dict()
    for name, values in found.items():
        state[name].copy_(torch.from_numpy(np.ascontiguousarray(values)).reshape(state[name].shape))
    return network
