"""Which of the 478 landmarks are used for what, and where the rigid ones are on MediaPipe's canonical face."""

from typing import Final

import numpy as np

CANONICAL_RIGID: Final = (
    (4, 0.0, -0.4632, 7.5866, 0.071),
    (6, 0.0, 2.4733, 5.7886, 0.032),
    (10, 0.0, 8.2618, 4.4815, 0.008),
    (33, -4.4459, 2.6640, 3.1734, 0.059),
    (54, -6.2793, 6.6154, 1.4259, 0.008),
    (67, -3.5240, 8.0060, 3.7292, 0.009),
    (117, -5.2587, 0.9458, 2.9743, 0.010),
    (119, -3.3007, 0.8616, 3.8728, 0.015),
    (121, -1.8207, 1.4680, 4.2241, 0.019),
    (127, -7.7431, 2.3650, -2.0052, 0.005),
    (129, -1.7858, -0.9783, 4.8505, 0.121),
    (132, -7.2709, -2.8909, -2.2525, 0.006),
    (133, -1.8564, 2.5852, 3.7579, 0.053),
    (143, -6.4076, 2.2360, 1.5608, 0.015),
    (147, -6.2349, -1.9444, 1.6635, 0.014),
    (198, -1.2468, 0.2303, 5.6810, 0.025),
    (263, 4.4459, 2.6640, 3.1734, 0.059),
    (284, 6.2793, 6.6154, 1.4259, 0.008),
    (297, 3.5240, 8.0060, 3.7292, 0.009),
    (346, 5.2587, 0.9458, 2.9743, 0.010),
    (348, 3.3007, 0.8616, 3.8728, 0.015),
    (350, 1.8207, 1.4680, 4.2241, 0.019),
    (356, 7.7431, 2.3650, -2.0052, 0.005),
    (358, 1.7858, -0.9783, 4.8505, 0.121),
    (361, 7.2709, -2.8909, -2.2525, 0.006),
    (362, 1.8564, 2.5852, 3.7579, 0.053),
    (372, 6.4076, 2.2360, 1.5608, 0.015),
    (376, 6.2349, -1.9444, 1.6635, 0.014),
    (420, 1.2468, 0.2303, 5.6810, 0.025),
)
"""Landmark, x, y, z and weight: the Procrustes basis in the geometry metadata of ``face_landmarker.task`` (Apache-2.0),
without its points on the jaw and in the cheeks, which speaking and smiling move. Centimetres; x to the right of the
picture, y up, z towards the camera."""

RIGID: Final = np.array([row[0] for row in CANONICAL_RIGID])
CANONICAL_EYE_DISTANCE: Final = 8.8918
"""Between the outer corners of the eyes (33 and 263) of the canonical face, centimetres."""

FACE_OVAL: Final = np.array(
    [10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
     136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109]
)  # fmt: skip
"""The outline, clockwise from the top of the forehead."""

SKIN: Final = np.array([50, 280, 101, 330, 205, 425, 9, 151, 108, 337])
"""Centres of ten patches of skin: six on the cheeks, four on the forehead."""

INNER_LIPS: Final = ((82, 87), (13, 14), (312, 317))
"""Upper and lower points that face each other, in the middle of the mouth."""
