"""``python -m vision.reading.glyph_training``: draw lines, train, calibrate, tell how good it is, write the weights."""

import argparse
import itertools
import sys
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from vision.reading.glyph_training.drawing import LineDrawer
from vision.reading.glyphs import CHARACTERS, HEIGHT, WEIGHTS, WIDTH, cells, fit_grid, ink

HIDDEN = 192
BATCH = 512
PAIRS = ("O0", "I1", "8B", "5S", "2Z", "G6", "OQ", "OD")

Plane = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def samples(drawer: LineDrawer, lines: int, seed: int) -> tuple[Plane, Labels]:
    """Cells of so many lines and what they show, cut by the reader's own grid."""
    random = np.random.default_rng(seed)
    pictures, labels = [], []
    for done in range(lines):
        grey, text = drawer.draw(random)
        pictures.append(cells(grey, *fit_grid(ink(grey), len(text)), len(text)).astype(np.float16))
        labels += [CHARACTERS.index(one) for one in text]
        if done % 200 == 199:
            print(f"\rdrawing {done + 1}/{lines}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return np.concatenate(pictures).astype(np.float32), np.array(labels)


class Network:
    """Two layers, trained by Adam (Kingma and Ba 2015) on the cross-entropy."""

    def __init__(self, random: np.random.Generator) -> None:
        sizes = (WIDTH * HEIGHT, HIDDEN, len(CHARACTERS))
        self.values = [
            random.normal(0, np.sqrt(2 / a), (a, b)).astype(np.float32) for a, b in itertools.pairwise(sizes)
        ] + [np.zeros(size, np.float32) for size in sizes[1:]]
        self._first = [np.zeros_like(value) for value in self.values]
        self._second = [np.zeros_like(value) for value in self.values]
        self._steps = 0

    def scores(self, pictures: Plane) -> Plane:
        """Before the softmax."""
        one, two, one_bias, two_bias = self.values
        return np.asarray(np.maximum(pictures @ one + one_bias, 0) @ two + two_bias, np.float32)

    def learn(self, pictures: Plane, labels: Labels, rate: float) -> None:
        """One step."""
        one, two, one_bias, two_bias = self.values
        hidden = np.maximum(pictures @ one + one_bias, 0)
        error = softmax(hidden @ two + two_bias)
        error[np.arange(len(labels)), labels] -= 1
        error /= len(labels)
        back = (error @ two.T) * (hidden > 0)
        self._move([pictures.T @ back, hidden.T @ error, back.sum(axis=0), error.sum(axis=0)], rate)

    def _move(self, gradients: list[Plane], rate: float) -> None:
        self._steps += 1
        for value, gradient, first, second in zip(self.values, gradients, self._first, self._second, strict=True):
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            step = (first / (1 - 0.9**self._steps)) / (np.sqrt(second / (1 - 0.999**self._steps)) + 1e-8)
            value -= rate * (step + 1e-4 * value)


def softmax(scores: Plane) -> Plane:
    """Rows that sum to 1."""
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True), np.float32)


def temperature(scores: Plane, labels: Labels) -> float:
    """By which scores are divided so that probabilities are honest (Guo et al. 2017); by search."""
    rows = np.arange(len(labels))

    def loss(value: float) -> float:
        return float(-np.log(softmax(scores / value)[rows, labels] + 1e-12).mean())

    return float(min(np.linspace(0.5, 3.0, 101).tolist(), key=loss))


def main() -> int:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m vision.reading.glyph_training", description=__doc__)
    parser.add_argument("font", type=Path, help="OCRB7.ttf: 'visavis models pull ocr-b-font'")
    parser.add_argument("--lines", type=int, default=9000, help="lines to learn from (default 9000)")
    parser.add_argument("--rounds", type=int, default=14, help="times each is seen (default 14)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    began = time.monotonic()
    drawer = LineDrawer(arguments.font)
    pictures, labels = samples(drawer, arguments.lines, arguments.seed)
    random = np.random.default_rng(arguments.seed)
    network = Network(random)
    for round_ in range(arguments.rounds):
        order = random.permutation(len(labels))
        rate = 1.5e-3 * 0.5 * (1 + np.cos(np.pi * round_ / arguments.rounds))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            shaken = pictures[chosen] + random.normal(0, 0.15, (len(chosen), pictures.shape[1])).astype(np.float32)
            network.learn(shaken, labels[chosen], rate)
        print(f"\rround {round_ + 1}/{arguments.rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    held_out, truth = samples(drawer, max(50, arguments.lines // 8), arguments.seed + 1)
    scores = network.scores(held_out)
    scale = temperature(scores, truth)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    one, two, one_bias, two_bias = (value.astype(np.float16) for value in network.values)
    np.savez_compressed(
        arguments.out, weight_0=one, bias_0=one_bias, weight_1=two, bias_1=two_bias, temperature=np.float32(scale)
    )
    print(f"{len(labels)} characters, {time.monotonic() - began:.0f} s, temperature {scale:.2f}")
    print(f"held out: {100 * float((scores.argmax(axis=1) == truth).mean()):.3f} % of {len(truth)}")
    for pair in PAIRS:
        indices = [CHARACTERS.index(one) for one in pair]
        either = np.isin(truth, indices)
        told = scores[either][:, indices].argmax(axis=1)
        right = float((np.array(indices)[told] == truth[either]).mean())
        print(f"{pair[0]} from {pair[1]}: {100 * right:.3f} % of {int(either.sum())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
