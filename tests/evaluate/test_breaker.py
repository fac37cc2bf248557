"""The circuit breaker."""

from conversation.evaluate.breaker import CircuitBreaker, State


def _opened_at(now: float) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=3, within=30.0, open_for=60.0)
    for _ in range(3):
        breaker.failed(now)
    return breaker


def test_three_failures_within_thirty_seconds_open_it_for_sixty() -> None:
    breaker = CircuitBreaker()
    for now in (0.0, 10.0):
        breaker.failed(now)
        assert breaker.allows(now)
    breaker.failed(29.0)
    assert breaker.state is State.OPEN
    assert not breaker.allows(88.9)
    assert breaker.allows(89.0)


def test_failures_further_apart_do_not_open_it() -> None:
    breaker = CircuitBreaker()
    for now in (0.0, 16.0, 32.0, 48.0):
        breaker.failed(now)
    assert breaker.state is State.CLOSED


def test_a_success_forgets_earlier_failures() -> None:
    breaker = CircuitBreaker()
    breaker.failed(0.0)
    breaker.failed(1.0)
    breaker.succeeded()
    breaker.failed(2.0)
    assert breaker.allows(2.0)


def test_one_trial_at_a_time_after_the_pause() -> None:
    breaker = _opened_at(0.0)
    assert breaker.allows(60.0)
    assert not breaker.allows(60.0)
    breaker.succeeded()
    assert breaker.state is State.CLOSED
    assert breaker.allows(60.0)


def test_a_failed_trial_opens_it_again() -> None:
    breaker = _opened_at(0.0)
    assert breaker.allows(60.0)
    breaker.failed(61.0)
    assert not breaker.allows(120.9)
    assert breaker.allows(121.0)


def test_a_trial_that_never_reports_blocks_only_for_another_pause() -> None:
    breaker = _opened_at(0.0)
    assert breaker.allows(60.0)
    assert breaker.allows(120.0)


def test_refused_credentials_stay_refused_until_it_is_reset() -> None:
    breaker = CircuitBreaker()
    breaker.rejected()
    assert breaker.state is State.REJECTED
    assert not breaker.allows(1e9)
    breaker.reset()
    assert breaker.allows(1e9)
