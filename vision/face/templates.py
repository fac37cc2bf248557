"""One template out of several frames: what the frames have in common, without the one that went wrong."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

FEWEST_FOR_REJECTION = 3
"""Of two templates that differ, nobody can say which one is wrong."""
OUTLIER_RATIO = 2.0
"""A template is left out that is so many times farther from the mean of the others than these are from each other's."""


def mean_template(templates: Sequence[Floats]) -> Floats:
    """The mean of three to five templates of one face by one model, shape (dimensions,).

    The noise of single frames averages out. With three or more, a template that is far from the mean of the others is
    left out: a blink, a blur, or another face that came in between. At most a third is left out, the worst first.
    Averaging shortens vectors, so the mean gets the mean length back: its distances then mean what the model's do.

    Raises:
        ValueError: no template, or templates of different lengths.
    """
    if not templates:
        raise ValueError("a mean needs at least one template")
    if len({template.shape for template in templates}) != 1:
        raise ValueError("templates of different models cannot be averaged")
    kept = np.stack(templates).astype(np.float64)
    for _ in range(len(templates) // FEWEST_FOR_REJECTION):
        distances = _leave_one_out_distances(kept)
        worst = int(distances.argmax())
        rest = np.delete(kept, worst, axis=0)
        if distances[worst] <= OUTLIER_RATIO * float(np.median(_leave_one_out_distances(rest))):
            break
        kept = rest
    mean = kept.mean(axis=0)
    length = float(np.linalg.norm(kept, axis=1).mean())
    return np.asarray(mean * (length / max(float(np.linalg.norm(mean)), 1e-9)), np.float32)


def distance(first: Floats, second: Floats) -> float:
    """L2 distance, which a ``Calibration`` turns into a similarity.

    Raises:
        ValueError: templates of different lengths.
    """
    if first.shape != second.shape:
        raise ValueError("templates of different models cannot be compared")
    return float(np.linalg.norm(first.astype(np.float64) - second.astype(np.float64)))


def _leave_one_out_distances(templates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How far each template is from the mean of the others."""
    count = len(templates)
    others = (templates.sum(axis=0) - templates) / (count - 1)
    return np.asarray(np.linalg.norm(templates - others, axis=1))
