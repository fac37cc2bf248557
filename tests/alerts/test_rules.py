"""When something is wrong."""

import pytest

from rtc_server.alerts.rules import (
    AlertRules,
    Burst,
    FailureJump,
    StuckSession,
    attack_burst,
    failure_jump,
    provider_errors,
    stuck,
    windows,
)
from rtc_server.storage.ports import FactCounts, Owner, QuietSession

ACME = Owner("acme", sandbox=False)
MINUTE_MS = 60_000


@pytest.mark.parametrize(("minutes", "found"), [(9, False), (10, True), (600, True)])
def test_a_session_that_stands_still(minutes: int, found: bool) -> None:
    quiet = QuietSession("s1", ACME, 1_000)
    finding = stuck(StuckSession(minutes=10), quiet, 1_000 + minutes * MINUTE_MS)
    assert (finding is not None) is found
    if finding is not None:
        assert (finding.session_id, finding.figures) == ("s1", {"minutes": minutes})


@pytest.mark.parametrize(("attacks", "found"), [(4, False), (5, True)])
def test_a_burst_of_attacks(attacks: int, found: bool) -> None:
    finding = attack_burst(Burst(), ACME, FactCounts(30, 10, attacks, 0))
    assert (finding is not None) is found


def test_engines_that_fail_are_no_attack() -> None:
    counts = FactCounts(30, 10, 0, 9)
    assert attack_burst(Burst(), ACME, counts) is None
    finding = provider_errors(Burst(), ACME, counts)
    assert finding is not None
    assert finding.text == "In 9 of 30 sessions of the last 10 minutes an engine or the server failed."


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        ((20, 8), (100, 20), True),
        ((20, 7), (100, 20), False),
        ((19, 19), (100, 20), False),
        ((20, 20), (19, 0), False),
        ((100, 19), (1_000, 10), False),
        ((100, 20), (1_000, 0), True),
    ],
    ids=["twice", "not twice", "too few now", "too few before", "few fail at all", "none failed before"],
)
def test_a_jump_of_failures(now: tuple[int, int], before: tuple[int, int], found: bool) -> None:
    finding = failure_jump(FailureJump(), ACME, FactCounts(*now, 0, 0), FactCounts(*before, 0, 0))
    assert (finding is not None) is found


def test_a_rule_that_is_off_finds_nothing() -> None:
    counts = FactCounts(50, 50, 50, 50)
    assert attack_burst(Burst(on=False), ACME, counts) is None
    assert provider_errors(Burst(on=False), ACME, counts) is None
    assert failure_jump(FailureJump(on=False), ACME, counts, FactCounts(50, 0, 0, 0)) is None
    assert stuck(StuckSession(on=False), QuietSession("s", ACME, 0), 10**12) is None


def test_the_spans_that_counts_are_needed_of() -> None:
    assert set(windows(AlertRules(attack_burst=Burst(minutes=3)))) == {3, 60, 10}
