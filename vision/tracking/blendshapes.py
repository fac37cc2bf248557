"""Which of the 52 blendshapes are used, by their index in MediaPipe's order."""

from typing import Final

BLINK_LEFT: Final = 9
BLINK_RIGHT: Final = 10
JAW_OPEN: Final = 25
SMILE_LEFT: Final = 44
SMILE_RIGHT: Final = 45
COUNT: Final = 52
