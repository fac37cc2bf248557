"""Which portraits are kept."""

import pytest

from vision.tracking.portrait import Gallery


def kept(gallery: Gallery[str]) -> list[str]:
    return [portrait.payload for portrait in gallery.best_first]


def test_the_best_are_kept_best_first() -> None:
    gallery = Gallery[str](size=3)
    for at, (payload, score) in enumerate([("fair", 0.5), ("best", 0.9), ("poor", 0.1), ("good", 0.7)]):
        gallery.offer(payload, score, float(at))
    assert kept(gallery) == ["best", "good", "fair"]
    assert not gallery.offer("worse than all", 0.4, 10.0)
    assert gallery.offer("better than one", 0.6, 11.0)
    assert kept(gallery) == ["best", "good", "better than one"]


def test_neighbours_in_time_tell_the_same_so_only_the_better_is_kept() -> None:
    gallery = Gallery[str](size=5, spacing=0.3)
    assert gallery.offer("first", 0.5, 1.0)
    assert not gallery.offer("worse a moment later", 0.4, 1.1)
    assert gallery.offer("better a moment later", 0.6, 1.2)
    assert kept(gallery) == ["better a moment later"]
    assert gallery.offer("apart", 0.1, 1.6)


def test_one_that_stands_between_two_must_be_better_than_both() -> None:
    gallery = Gallery[str](spacing=0.3)
    gallery.offer("left", 0.5, 1.0)
    gallery.offer("right", 0.8, 1.4)
    assert not gallery.would_take(0.6, 1.2)
    assert gallery.offer("middle", 0.9, 1.2)
    assert kept(gallery) == ["middle"]


def test_asking_first_gives_the_same_answer_as_offering() -> None:
    gallery = Gallery[str](size=2)
    for at, score in enumerate([0.5, 0.3, 0.9, 0.2, 0.4, 0.95]):
        assert gallery.would_take(score, float(at)) == gallery.offer("x", score, float(at))


def test_another_face_empties_it() -> None:
    gallery = Gallery[str]()
    gallery.follow(1)
    gallery.offer("one", 0.5, 1.0)
    gallery.follow(1)
    assert kept(gallery) == ["one"]
    gallery.follow(2)
    assert kept(gallery) == []
    assert gallery.track == 2


def test_payloads_need_not_be_comparable() -> None:
    gallery = Gallery[list[int]](size=1)
    gallery.offer([1], 0.5, 1.0)
    assert gallery.offer([1], 0.6, 2.0)
    gallery.clear()
    assert gallery.best_first == ()


def test_a_gallery_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="size must be at least 1"):
        Gallery[str](size=0)
