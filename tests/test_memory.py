"""What a session leaves behind goes back."""

import gc
import weakref

from rtc_server.observe.memory import give_back, settle


class Knot:
    """Refers to itself."""

    def __init__(self) -> None:
        self.me = self


def test_cycles_are_collected_and_what_is_settled_is_left_alone() -> None:
    gc.disable()
    try:
        settle()
        frozen = gc.get_freeze_count()
        knot = weakref.ref(Knot())
        assert knot() is not None
        give_back()
        assert knot() is None
        assert frozen > 0
    finally:
        gc.unfreeze()
        gc.enable()
