"""The verdict of a check, with every cue that led to it. Terms of ISO/IEC 30107-3; injection is kept apart."""

from dataclasses import dataclass
from typing import Literal

CueState = Literal["supports", "against", "neutral", "not_checked"]
"""``neutral``: looked at, says nothing either way. ``not_checked`` is never failed and never passed."""

Outcome = Literal["bona_fide", "attack", "inconclusive", "no_face", "captured"]
"""``captured``: the frames that a ``scan`` or ``portrait`` needs are there; whether the person is live was not the
question, and what was checked of it stands in the cues."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One piece of evidence."""

    name: str
    """``pad_texture``, ``pad_challenge``, ``pad_lips``, ``pad_flash``, ``pad_parallax``, ``pad_motion``,
    ``pad_static``, ``pad_loop``, ``identity_change``, ``track_change``, ``more_than_one_face``,
    ``injection_camera``, ``injection_timing`` or ``injection_repeats``; of a document one with ``document_`` before
    it (``docs/documents.md``)."""
    state: CueState
    value: float | None
    """What was measured, in the unit that the policy gives for this cue; None when nothing was."""
    reason: str
    """In words, for people: ``median 0.93 over 21 frames``."""


@dataclass(frozen=True, slots=True)
class ChallengeResult:
    """How one challenge ended."""

    kind: str
    passed: bool
    seconds: float
    """From the end of the instruction to the response, or to giving up."""
    value: float | None
    """What was measured at best: degrees, rise of the smile, logarithm of the approach, share of the
    words read."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found."""

    outcome: Outcome
    inconclusive_reason: str
    """``no_media``, ``unusable_media``, ``unknown_verdict`` or ``timeout`` (contract §3.3); else empty."""
    score: float | None
    """Fused support for a live person, 0 to 1; None when nothing could be fused."""
    reasons: tuple[str, ...]
    """Names of the cues that decided."""
    cues: tuple[Cue, ...]
    challenges: tuple[ChallengeResult, ...]
    frames: int
    """Usable frames that were looked at."""
    seconds: float
    """From the first to the last of them."""
    policy: str
    """Version of the policy."""

    @property
    def challenge_passed(self) -> bool | None:
        """Whether the active part was passed; None when there was none."""
        return _passed(self.cues, "pad_challenge")

    @property
    def texture_passed(self) -> bool | None:
        """Whether the passive part was passed; None when it was not checked."""
        return _passed(self.cues, "pad_texture")


def _passed(cues: tuple[Cue, ...], name: str) -> bool | None:
    state = next((cue.state for cue in cues if cue.name == name), "not_checked")
    return {"supports": True, "against": False, "neutral": False}.get(state)
