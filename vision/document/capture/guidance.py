"""What one frame of the video lacks for a readable picture, the most important first (pure)."""

import math
from collections.abc import Iterator
from dataclasses import replace

from vision.document.capture.commands import HintKey
from vision.document.capture.frame import DocumentFrame
from vision.document.capture.policy import CapturePolicy

ORDER: tuple[HintKey, ...] = (
    "no_document", "two_documents", "more_light", "less_light", "cut_off", "closer", "back", "tilted", "glare",
    "shadow", "hold_still", "blurred",
)  # fmt: skip
"""From the most important to the least."""


FAULTS_OF_LIGHT: frozenset[HintKey] = frozenset({"tilted", "glare", "shadow", "blurred", "more_light", "less_light"})
"""What need not keep a picture from being read; the measure may also be wrong about a document that it never saw."""


def lacks(frame: DocumentFrame, policy: CapturePolicy) -> tuple[HintKey, ...]:
    """Advice for the frame; empty = worth a picture."""
    return tuple(sorted(_lacks(frame, policy), key=ORDER.index))


def _lacks(frame: DocumentFrame, policy: CapturePolicy) -> Iterator[HintKey]:
    if frame.brightness < policy.brightness_least:
        yield "more_light"
    if not frame.corners:
        yield "no_document"
        return
    if frame.brightness > policy.brightness_most:
        yield "less_light"
    if frame.cards > 1:
        yield "two_documents"
    if not frame.whole:
        yield "cut_off"
    if frame.coverage < policy.coverage:
        yield "closer"
    elif frame.coverage > policy.coverage_most:
        yield "back"
    if slant(frame.corners) > policy.slant:
        yield "tilted"
    if frame.glare > policy.glare:
        yield "glare"
    if frame.shadow > policy.shadow:
        yield "shadow"
    if frame.motion > policy.motion:
        yield "hold_still"
    if frame.sharpness < policy.sharpness:
        yield "blurred"


def slant(corners: tuple[float, ...]) -> float:
    """How unlike opposite sides are, longer by shorter, the worse pair of the two; 1 = seen straight."""
    points = list(zip(corners[::2], corners[1::2], strict=True))
    sides = [math.dist(points[i], points[(i + 1) % 4]) for i in range(4)]
    pairs = ((sides[0], sides[2]), (sides[1], sides[3]))
    return max(max(pair) / max(min(pair), 1e-6) for pair in pairs)


def stricter(policy: CapturePolicy) -> CapturePolicy:
    """Limits that are clearly kept, for the end of an advice."""
    less, more = 1 - policy.clearly_inside, 1 + policy.clearly_inside
    return replace(
        policy,
        coverage=policy.coverage * more,
        sharpness=policy.sharpness * more,
        glare=policy.glare * less,
        brightness_least=policy.brightness_least * more,
        shadow=policy.shadow * less,
        slant=1 + (policy.slant - 1) * less,
        motion=policy.motion * less,
    )


class Guide:
    """Turns frame after frame into one advice at a time."""

    def __init__(self, policy: CapturePolicy) -> None:
        self._policy = policy
        self._strict = stricter(policy)
        self._problem: HintKey | None = None

    def wish(self, frame: DocumentFrame) -> HintKey:
        """The most important advice; the one given last stays until it is clearly out of date or a worse one comes."""
        found = lacks(frame, self._policy)
        first, last = (found[0] if found else None), self._problem
        worse = first is not None and last is not None and ORDER.index(first) <= ORDER.index(last)
        if last is None or worse or last not in lacks(frame, self._strict):
            self._problem = first
        return self._problem or "steady"
