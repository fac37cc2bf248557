"""Waits that grow, by account and by address."""

import pytest

from rtc_server.staff.lockout import MAX_REMEMBERED, Lockout, network_of


def waits(lockout: Lockout, account: str, address: str, now: float) -> float:
    return lockout.attempt(account, address, now).wait_seconds


def test_five_tries_are_free_and_then_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    lockout, now = Lockout(), 1_000.0
    free = [lockout.attempt("a", f"192.0.2.{number}", now) for number in range(5)]
    assert [attempt.wait_seconds for attempt in free] == [0] * 5
    assert [attempt.last_free for attempt in free] == [False] * 4 + [True]
    seen = []
    for number in range(8):
        wait = waits(lockout, "a", "198.51.100.1", now)
        seen.append(wait)
        assert waits(lockout, "a", "198.51.100.1", now + wait - 0.001) > 0
        now += wait
        assert waits(lockout, "a", f"203.0.113.{number}", now) == 0
    assert seen == [30, 60, 120, 240, 480, 900, 900, 900]


def test_a_refused_try_is_not_counted() -> None:
    lockout = Lockout()
    for _ in range(5):
        lockout.attempt("a", "192.0.2.1", 0)
    for _ in range(100):
        assert waits(lockout, "a", "192.0.2.1", 10) == 20
    assert waits(lockout, "a", "192.0.2.1", 30) == 0


def test_failures_are_forgotten_after_a_quarter_of_an_hour() -> None:
    lockout = Lockout()
    for now in (0, 1, 2, 3, 901, 902, 903):
        assert waits(lockout, "a", "192.0.2.1", now) == 0


def test_after_a_quiet_quarter_of_an_hour_the_waits_are_short_again() -> None:
    lockout = Lockout()
    for now in (0, 1, 2, 3, 4, 40, 110):  # waits of 30, 60 and 120 s
        assert waits(lockout, "a", "192.0.2.1", now) == 0
    now = 230 + 900
    for number in range(5):
        assert waits(lockout, "a", "192.0.2.1", now + number) == 0
    assert waits(lockout, "a", "192.0.2.1", now + 4) == 30


def test_success_clears_the_account_but_not_what_else_the_address_did() -> None:
    lockout = Lockout()
    for number in range(19):
        lockout.attempt(f"other-{number}", "192.0.2.1", 0)
    lockout.attempt("own", "192.0.2.1", 0)
    lockout.succeeded("own", "192.0.2.1", 0)
    assert waits(lockout, "own", "192.0.2.1", 0) == 0  # the twentieth failure, again
    assert waits(lockout, "own", "192.0.2.1", 0) == 30
    assert waits(lockout, "own", "192.0.2.2", 0) == 0


def test_other_accounts_and_addresses_are_not_held_up() -> None:
    lockout = Lockout()
    for _ in range(5):
        lockout.attempt("a", "192.0.2.1", 0)
    assert waits(lockout, "b", "192.0.2.1", 0) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("nonsense", "nonsense"),
    ],
)
def test_one_household_is_one_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_tables_are_bounded() -> None:
    lockout = Lockout()
    for number in range(MAX_REMEMBERED + 50):
        lockout.attempt(f"account-{number}", f"address-{number}", 0)
    assert len(lockout._accounts._failures) == len(lockout._addresses._failures) == MAX_REMEMBERED
