"""Which face is followed, and when it is another."""

from vision.tracking.identity import LONGEST_ABSENCE, Box, FaceIdentity

LEFT, RIGHT = Box(0.3, 0.4, 0.25), Box(0.7, 0.4, 0.25)


def test_there_is_no_number_before_a_face() -> None:
    identity = FaceIdentity()
    sighting = identity.observe((), 0.0)
    assert (sighting.index, sighting.track, sighting.swapped) == (None, 0, False)
    first = identity.observe((LEFT,), 0.2)
    assert (first.index, first.track, first.swapped) == (0, 1, False)


def test_the_same_face_is_found_again_whatever_its_place_in_the_list() -> None:
    identity = FaceIdentity()
    identity.observe((LEFT, RIGHT), 0.0)
    sighting = identity.observe((RIGHT, Box(0.32, 0.41, 0.24)), 0.1)
    assert (sighting.index, sighting.track) == (1, 1)


def test_leaning_in_and_swaying_quickly_is_no_swap() -> None:
    identity = FaceIdentity()
    at, box = 0.0, Box(0.4, 0.4, 0.2)
    for step in range(10):
        sighting = identity.observe((box,), at)
        assert sighting.track == 1, step
        at, box = at + 0.2, Box(box.x + 0.15 * (-1) ** step, box.y, box.size * 1.12)


def test_another_face_in_its_place_is_a_swap() -> None:
    identity = FaceIdentity()
    identity.observe((LEFT,), 0.0)
    assert identity.observe((RIGHT,), 0.1).swapped
    assert identity.observe((RIGHT,), 0.2).track == 2
    assert not identity.observe((RIGHT,), 0.3).swapped


def test_a_face_of_quite_another_size_is_a_swap() -> None:
    identity = FaceIdentity()
    identity.observe((LEFT,), 0.0)
    assert identity.observe((Box(LEFT.x, LEFT.y, LEFT.size / 2.5),), 0.07).swapped


def test_a_short_absence_is_forgiven_and_a_long_one_is_not() -> None:
    identity = FaceIdentity()
    identity.observe((LEFT,), 0.0)
    assert identity.observe((), 0.3).track == 1
    assert identity.observe((LEFT,), 0.6).track == 1
    assert identity.observe((LEFT,), 0.6 + LONGEST_ABSENCE + 0.1).track == 2


def test_one_bad_comparison_is_forgiven_two_in_a_row_are_another_person() -> None:
    identity = FaceIdentity()
    identity.observe((LEFT,), 0.0)
    assert [identity.compared(value) for value in (0.2, 0.9, 0.3)] == [False, False, False]
    assert identity.observe((LEFT,), 0.1).track == 1
    assert identity.compared(0.1)
    assert identity.observe((LEFT,), 0.2).track == 2
    assert not identity.compared(0.1), "the counting begins again with the new person"


def test_after_a_restart_nothing_is_taken_for_granted() -> None:
    identity = FaceIdentity()
    identity.observe((LEFT,), 0.0)
    identity.restart()
    sighting = identity.observe((LEFT,), 0.1)
    assert (sighting.track, sighting.swapped) == (2, True)
