"""When something is wrong: rules over counts of the last minutes (pure).

What the rules look at are counts of sessions that ended, by owner, and sessions in progress whose journal stands still.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rtc_server.storage.ports import FactCounts, Json, Owner, QuietSession

NOBODY = FactCounts(0, 0, 0, 0)

LEAST_SHARE = 0.2
"""A share of failed sessions below this is no jump, however few failed before."""


@dataclass(frozen=True, slots=True)
class StuckSession:
    """Nothing has happened in a session for a while; every wait of a healthy one is shorter."""

    on: bool = True
    minutes: int = 10


@dataclass(frozen=True, slots=True)
class Burst:
    """So many sessions of one kind ended within so many minutes."""

    on: bool = True
    count: int = 5
    minutes: int = 10


@dataclass(frozen=True, slots=True)
class FailureJump:
    """The share of failed sessions is so many times that of the day before."""

    on: bool = True
    factor: float = 2.0
    sessions: int = 20
    """Sessions that both spans need, so that chance is not taken for a jump."""
    minutes: int = 60


@dataclass(frozen=True, slots=True)
class AlertRules:
    """Every rule with its limits."""

    stuck_session: StuckSession = StuckSession()
    attack_burst: Burst = Burst()
    failure_jump: FailureJump = FailureJump()
    provider_errors: Burst = Burst()


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that holds."""

    rule: str
    """Name of the member of ``AlertRules``."""
    owner: Owner
    text: str
    figures: Json
    session_id: str = ""
    """The session that it is about; empty when it is about many."""


def stuck(rule: StuckSession, quiet: QuietSession, now_ms: int) -> Finding | None:
    """Whether a session in progress stands still."""
    minutes = (now_ms - quiet.heard_at) // 60_000
    if not rule.on or minutes < rule.minutes:
        return None
    text = f"Session {quiet.session_id} has stood still for {minutes} minutes."
    return Finding("stuck_session", quiet.owner, text, {"minutes": minutes}, quiet.session_id)


def attack_burst(rule: Burst, owner: Owner, counts: FactCounts) -> Finding | None:
    """Whether many attacks were met. ``counts`` are those of the rule's minutes."""
    if not rule.on or counts.attacked < rule.count:
        return None
    figures = {"attacks": counts.attacked, "sessions": counts.sessions, "minutes": rule.minutes}
    text = f"{counts.attacked} sessions met an attack in the last {rule.minutes} minutes, of {counts.sessions}."
    return Finding("attack_burst", owner, text, figures)


def provider_errors(rule: Burst, owner: Owner, counts: FactCounts) -> Finding | None:
    """Whether engines failed often. ``counts`` are those of the rule's minutes."""
    if not rule.on or counts.provider_failed < rule.count:
        return None
    figures = {"errors": counts.provider_failed, "sessions": counts.sessions, "minutes": rule.minutes}
    text = (
        f"In {counts.provider_failed} of {counts.sessions} sessions of the last {rule.minutes} minutes "
        "an engine or the server failed."
    )
    return Finding("provider_errors", owner, text, figures)


def failure_jump(rule: FailureJump, owner: Owner, counts: FactCounts, before: FactCounts) -> Finding | None:
    """Whether many more fail than did. ``counts`` are those of the rule's minutes, ``before`` those of the day before
    them."""
    if not rule.on or min(counts.sessions, before.sessions) < rule.sessions:
        return None
    share, usual = counts.failed / counts.sessions, before.failed / before.sessions
    if share < max(LEAST_SHARE, rule.factor * usual):
        return None
    figures = {
        "share": round(share, 3),
        "usualShare": round(usual, 3),
        "sessions": counts.sessions,
        "minutes": rule.minutes,
    }
    text = (
        f"{share:.0%} of the {counts.sessions} sessions of the last {rule.minutes} minutes failed; "
        f"on the day before it was {usual:.0%}."
    )
    return Finding("failure_jump", owner, text, figures)


def windows(rules: AlertRules) -> Iterator[int]:
    """Minutes of which the rules want counts."""
    yield from (rules.attack_burst.minutes, rules.failure_jump.minutes, rules.provider_errors.minutes)
