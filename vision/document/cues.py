"""Signs of re-capture and tampering over all pictures of a document (pure)."""

from collections.abc import Sequence

from vision.document.readings import SideReading
from vision.liveness.verdict import Cue, CueState

RECAPTURE = "document_screen"
"""The cue that says that a picture shows a screen, or a print, instead of a document."""

_WEIGHT: dict[CueState, int] = {"against": 3, "supports": 2, "neutral": 1, "not_checked": 0}


def cues_of(readings: Sequence[SideReading]) -> tuple[Cue, ...]:
    """One cue of each name: the one that says most, those against the document first."""
    found: dict[str, Cue] = {}
    for cue in (cue for reading in readings for cue in reading.cues):
        known = found.get(cue.name)
        if known is None or _WEIGHT[cue.state] > _WEIGHT[known.state]:
            found[cue.name] = cue
    return tuple(found[name] for name in sorted(found))


def is_recaptured(cues: Sequence[Cue]) -> bool:
    """Whether a picture looks taken from a screen or a print."""
    return any(cue.name == RECAPTURE and cue.state == "against" for cue in cues)
