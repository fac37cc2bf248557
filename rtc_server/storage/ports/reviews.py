"""Sessions that a person shall look at, and what people decided."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from rtc_server.storage.ports.owner import Json, Owner, Scope

Decision = Literal["approve", "decline", "again"]
"""``again``: the person shall be asked to come once more."""

ReviewState = Literal["open", "second", "disputed", "decided"]
"""``second``: another person must look too; ``disputed``: two did not agree, so a supervisor decides."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one reviewer said."""

    decision: Decision
    reason: str
    """Empty once the session is redacted."""
    by_id: str
    """``stf_…``."""
    by_name: str
    at: int


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """The review of one session."""

    session_id: str
    tenant: str
    sandbox: bool
    created_at: int
    causes: tuple[str, ...]
    """Why it is in the queue, see ``insight.review_rule``."""
    state: ReviewState = "open"
    judgements: tuple[Judgement, ...] = ()
    """In order; at most three."""
    decision: Decision | Literal[""] = ""
    """Empty until ``decided``."""
    decided_at: int | None = None

    @property
    def owner(self) -> Owner:
        """Whose session it is."""
        return Owner(self.tenant, self.sandbox)

    def with_(self, **changes: Any) -> "ReviewRecord":
        """A copy with some fields changed."""
        return replace(self, **changes)


ChangeReview = Callable[[ReviewRecord], ReviewRecord]
"""What somebody's decision makes of a review; may raise to refuse."""


class ReviewStore(Protocol):
    """The review queue; entries are made in the transaction that ends the session."""

    async def review(self, session_id: str, scope: Scope) -> ReviewRecord | None:
        """The review of a session that the scope holds; None when there is none."""

    async def reviews(
        self, scope: Scope, states: Sequence[ReviewState], limit: int = 50, cursor: str = ""
    ) -> list[ReviewRecord]:
        """Oldest first while open, newest first once decided; from behind the session ``cursor`` on."""

    async def change_review(
        self, session_id: str, scope: Scope, change: ChangeReview, now_ms: int
    ) -> ReviewRecord | None:
        """Change a locked review; None when there is none.

        When it becomes ``decided``, the report gets its member ``review`` and the event ``session.reviewed`` is
        written, in the same transaction; so is the entry of the audit in any case.
        """

    async def open_counts(self, scope: Scope) -> Json:
        """How many there are in each state that is not decided."""
