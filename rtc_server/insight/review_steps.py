"""What becomes of a review when a person decides (pure).

::

    open ──one person suffices──────────────────────────────▶ decided
      └───two must look──▶ second ──they agree──────────────▶ decided
                             └─────they do not──▶ disputed ──▶ decided, by a supervisor who is neither of them
"""

from dataclasses import dataclass

from rtc_server.storage.ports import Decision, Json, Judgement, ReviewRecord

MIN_REASON_CHARACTERS = 5
MAX_REASON_CHARACTERS = 1_000
DECISIONS: tuple[Decision, ...] = ("approve", "decline", "again")


class ReviewError(Exception):
    """A decision that cannot be taken; ``status`` is that of HTTP."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides."""

    id: str
    """``stf_…``."""
    name: str
    supervisor: bool = False
    """Whether they may decide what two others disagree about."""


def judged(
    review: ReviewRecord, reviewer: Reviewer, decision: Decision, reason: str, now_ms: int, *, two_person_rule: bool
) -> ReviewRecord:
    """The review after one more judgement. Raises ReviewError."""
    reason = " ".join(reason.split())
    if not MIN_REASON_CHARACTERS <= len(reason) <= MAX_REASON_CHARACTERS:
        raise ReviewError(
            "invalid_reason",
            f"reason: write why, in {MIN_REASON_CHARACTERS} to {MAX_REASON_CHARACTERS} characters",
            400,
        )
    if review.state == "decided":
        raise ReviewError("already_decided", f"{review.judgements[-1].by_name} has decided this review already", 409)
    if any(judgement.by_id == reviewer.id for judgement in review.judgements):
        raise ReviewError("own_decision", "you have judged this session; another person must look at it too", 409)
    if review.state == "disputed" and not reviewer.supervisor:
        raise ReviewError("supervisor_needed", "two reviewers disagree; a supervisor decides", 403)
    judgements = (*review.judgements, Judgement(decision, reason, reviewer.id, reviewer.name, now_ms))
    review = review.with_(judgements=judgements)
    if review.state == "open" and two_person_rule:
        return review.with_(state="second")
    if review.state == "second" and judgements[0].decision != decision:
        return review.with_(state="disputed")
    return review.with_(state="decided", decision=decision, decided_at=now_ms)


def report_member(review: ReviewRecord) -> Json:
    """``review`` of the report of a session whose review is decided.

    ``second`` is the person who agreed; ``disputed`` are the two who did not, before a supervisor decided.
    """
    *earlier, last = (_judgement(judgement) for judgement in review.judgements)
    if len(earlier) == 2:
        return last | {"disputed": earlier}
    return earlier[0] | {"decidedAt": last["decidedAt"], "second": last} if earlier else last


def _judgement(judgement: Judgement) -> Json:
    return {
        "decision": judgement.decision,
        "reason": judgement.reason,
        "decidedAt": judgement.at,
        "by": judgement.by_name,
    }
