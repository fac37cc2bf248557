"""How a distance between two templates becomes a similarity from 0 to 1 that can be compared with a threshold.

Models differ in their distances, so a threshold such as 0.85 (contract §3.3, ``face_scan``) would mean something else
for each. A logistic curve, fitted per model on mated and non-mated pairs, gives all of them one scale.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """``similarity = 1 / (1 + exp(slope * (distance - midpoint)))``."""

    midpoint: float
    """Distance at which the similarity is 0.5."""
    slope: float
    """Steepness per unit of distance; positive."""

    def similarity(self, distance: float) -> float:
        """Similarity of two templates at this L2 distance, 0 to 1."""
        exponent = min(60.0, self.slope * (distance - self.midpoint))
        return 1.0 / (1.0 + math.exp(exponent))

    def distance(self, similarity: float) -> float:
        """The distance that gives this similarity. Raises ValueError outside 0 to 1, both excluded."""
        if not 0 < similarity < 1:
            raise ValueError(f"a similarity lies between 0 and 1, not at {similarity}")
        return self.midpoint + math.log(1 / similarity - 1) / self.slope
