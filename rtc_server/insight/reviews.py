"""The review queue: what waits for a person, and what people decide."""

from collections.abc import Callable
from typing import Literal

from rtc_server.insight.review_steps import DECISIONS, Reviewer, ReviewError, judged
from rtc_server.storage.ports import Decision, Json, ReviewRecord, ReviewState, ReviewStore, Scope

MAX_PAGE = 100

_STATES: dict[str, tuple[ReviewState, ...]] = {"open": ("open", "second", "disputed"), "decided": ("decided",)}


class Reviews:
    """The queue as staff see it."""

    def __init__(self, store: ReviewStore, now_ms: Callable[[], int], *, two_person_rule: bool) -> None:
        self._store = store
        self._now_ms = now_ms
        self.two_person_rule = two_person_rule

    async def list(
        self,
        scope: Scope,
        reviewer: Reviewer,
        state: Literal["open", "decided"] = "open",
        limit: int = 50,
        cursor: str = "",
    ) -> Json:
        """``{reviews, cursor, waiting}``; ``cursor`` is empty on the last page, ``waiting`` counts open ones by state.

        Raises ReviewError for a cursor that is none.
        """
        limit = max(1, min(limit, MAX_PAGE))
        try:
            found = await self._store.reviews(scope, _STATES[state], limit + 1, cursor)
        except KeyError:
            raise ReviewError("invalid_cursor", "cursor: take the one of the page before", 400) from None
        return {
            "reviews": [review_json(review, reviewer.id) for review in found[:limit]],
            "cursor": found[limit - 1].session_id if len(found) > limit else "",
            "waiting": await self._store.open_counts(scope),
        }

    async def one(self, scope: Scope, reviewer: Reviewer, session_id: str) -> Json | None:
        """The review of a session; None when it needs none."""
        review = await self._store.review(session_id, scope)
        return review_json(review, reviewer.id) if review is not None else None

    async def decide(self, scope: Scope, reviewer: Reviewer, session_id: str, decision: str, reason: str) -> Json:
        """Judge; the review as it then stands. Raises ReviewError (400, 403, 404 or 409)."""
        chosen = next((known for known in DECISIONS if known == decision), None)
        if chosen is None:
            raise ReviewError("invalid_decision", f"decision: choose one of {', '.join(DECISIONS)}", 400)
        checked: Decision = chosen
        now_ms = self._now_ms()

        def judge(review: ReviewRecord) -> ReviewRecord:
            return judged(review, reviewer, checked, reason, now_ms, two_person_rule=self.two_person_rule)

        changed = await self._store.change_review(session_id, scope, judge, now_ms)
        if changed is None:
            raise ReviewError("not_found", "there is no such review", 404)
        return review_json(changed, reviewer.id)


def review_json(review: ReviewRecord, viewer_id: str) -> Json:
    """A review as one of the staff sees it.

    While a second person is to look, nobody but the first sees what the first one said: two shall judge, not one twice.
    """
    hidden = review.state == "second"
    judgements = [
        {"by": judgement.by_name, "at": judgement.at}
        | (
            {}
            if hidden and judgement.by_id != viewer_id
            else {"decision": judgement.decision, "reason": judgement.reason}
        )
        for judgement in review.judgements
    ]
    return {
        "sessionId": review.session_id,
        "tenant": review.tenant,
        "sandbox": review.sandbox,
        "createdAt": review.created_at,
        "causes": list(review.causes),
        "state": review.state,
        "judgements": judgements,
        "mine": any(judgement.by_id == viewer_id for judgement in review.judgements),
        "decision": review.decision or None,
        "decidedAt": review.decided_at,
    }
