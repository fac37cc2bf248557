"""Who stands before the cameras of these tests, and the settings under which a clip can pass for a person."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.films import long_take
from vision.ports import RgbImage

SETTINGS = {
    "VISION_TRACKER": "litert",
    # What the clip happens to show, again and again.
    "VISION_CHALLENGES": "turn_left",
    "VISION_CHALLENGE_COUNT": "1",
    # Nobody sits before a screen here, and a browser's fake camera calls itself one.
    "VISION_FLASH": "false",
    "VISION_SUSPICION": "allow",
}


@dataclass(frozen=True)
class Clips:
    """Of one person."""

    calm: list[RgbImage]
    """Looks into the camera, and smiles."""
    turns: list[RgbImage]
    """Then turns the head to the left and back."""

    def film(self, calm_seconds: float) -> Iterator[RgbImage]:
        """Keeps calm for so long, then turns the head now and then."""
        yield from long_take(self.calm, calm_seconds)
        yield from long_take([*self.turns, *self.calm, *self.calm], 20)
