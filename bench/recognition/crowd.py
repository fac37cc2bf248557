"""Templates of people who do not exist: random walks on a sphere, so that everybody has neighbours."""

import numpy as np

from rtc_server.storage.ports import Templates

DIMENSIONS = 128
RADIUS = 1.3
"""About the length of dlib's templates."""

STEP = 0.6
"""From one person to the next: somebody who looks alike, and is beyond the strict distance of 0.45."""

WALK = 50
"""People in a walk; the next one begins somewhere else."""

NOISE = 0.3
"""Distance of a person's next picture from the enrolled one; dlib's median is 0.35."""


def crowd(count: int, seed: int = 1) -> Templates:
    """Shape (count, DIMENSIONS); always the same."""
    chance = np.random.default_rng(seed)
    walks = -(-count // WALK)
    here = _on_sphere(chance.standard_normal((walks, DIMENSIONS), np.float32))
    steps = [here]
    for _ in range(WALK - 1):
        here = _on_sphere(here + _directions(chance, walks) * np.float32(STEP))
        steps.append(here)
    return np.stack(steps, axis=1).reshape(-1, DIMENSIONS)[:count]


def visitors(people: Templates, count: int, seed: int = 2) -> Templates:
    """Another picture of some of them."""
    chance = np.random.default_rng(seed)
    who = chance.integers(0, len(people), count)
    moved: Templates = people[who] + _directions(chance, count) * np.float32(NOISE)
    return moved


def nearest_distances(people: Templates, looked_for: Templates, block: int = 50_000) -> Templates:
    """Distance of each to the nearest of all, by comparing with every one of them; shape (len(looked_for),)."""
    best = np.full(len(looked_for), np.inf)
    for start in range(0, len(people), block):
        some = people[start : start + block].astype(np.float64)
        squares = (some**2).sum(axis=1) - 2 * looked_for.astype(np.float64) @ some.T
        best = np.minimum(best, squares.min(axis=1))
    distances: Templates = np.sqrt(np.maximum(best + (looked_for.astype(np.float64) ** 2).sum(axis=1), 0))
    return distances.astype(np.float32)


def _directions(chance: np.random.Generator, count: int) -> Templates:
    return _on_sphere(chance.standard_normal((count, DIMENSIONS), np.float32)) / np.float32(RADIUS)


def _on_sphere(points: Templates) -> Templates:
    scaled: Templates = points * (np.float32(RADIUS) / np.linalg.norm(points, axis=1, keepdims=True))
    return scaled
