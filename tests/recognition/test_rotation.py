"""The secret rotation keeps distances and hides templates."""

import numpy as np

from rtc_server.recognition.rotation import rotation
from rtc_server.storage.ports import Owner
from tests.recognition.people import ACME, SERVER_KEY, person


def test_distances_stay() -> None:
    matrix = rotation(SERVER_KEY, ACME, "dlib", 128)
    one, other = person(1), person(2)
    assert np.allclose(matrix @ matrix.T, np.eye(128), atol=1e-12)
    assert np.isclose(np.linalg.norm(one @ matrix - other @ matrix), np.linalg.norm(one - other))


def test_the_same_key_gives_the_same_rotation_and_any_other_another() -> None:
    matrix = rotation(SERVER_KEY, ACME, "dlib", 16)
    assert np.array_equal(matrix, rotation(SERVER_KEY, ACME, "dlib", 16))
    others = [
        rotation(bytes(32), ACME, "dlib", 16),
        rotation(SERVER_KEY, Owner("acme", sandbox=True), "dlib", 16),
        rotation(SERVER_KEY, Owner("other", sandbox=False), "dlib", 16),
        rotation(SERVER_KEY, ACME, "fr-feature", 16),
    ]
    assert all(np.abs(matrix - other).max() > 0.1 for other in others)


def test_a_rotated_template_has_nothing_to_do_with_the_original() -> None:
    matrix = rotation(SERVER_KEY, ACME, "dlib", 128)
    angles = [float(person(n) @ (person(n) @ matrix)) / 1.69 for n in range(50)]
    assert abs(np.mean(angles)) < 0.1
    assert max(map(abs, angles)) < 0.5
