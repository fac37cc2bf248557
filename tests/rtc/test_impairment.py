"""The seeded bad network: exact numbers for a seed, and the shape that the profile asks for."""

import itertools

import pytest

from rtc_server.rtc.impairment import Impairment, NetworkProfile


def fates(profile: NetworkProfile, seed: int, datagrams: int) -> list[tuple[float, ...]]:
    network = Impairment(profile, seed)
    return [network.deliveries(now=i * 0.02) for i in range(datagrams)]


def test_a_clean_network_delivers_at_once() -> None:
    assert fates(NetworkProfile(), 1, 3) == [(0.0,), (0.02,), (0.04,)]


def test_the_same_seed_gives_the_same_network() -> None:
    profile = NetworkProfile(loss=0.05, delay_ms=50, jitter_ms=30)
    assert fates(profile, 7, 500) == fates(profile, 7, 500)
    assert fates(profile, 7, 500) != fates(profile, 8, 500)


def test_five_percent_loss_by_seed() -> None:
    lost = [i for i, fate in enumerate(fates(NetworkProfile(loss=0.05), 1, 200)) if not fate]
    assert lost == [9, 13, 19, 20, 26, 35, 56, 71, 72, 91, 112, 124, 125, 140, 150, 151, 179, 181]


def test_bursts_keep_the_overall_loss_and_have_the_mean_length() -> None:
    lost = [not fate for fate in fates(NetworkProfile(loss=0.1, mean_burst=4), 3, 50_000)]
    runs = [sum(1 for _ in group) for gone, group in itertools.groupby(lost) if gone]
    assert sum(lost) / len(lost) == pytest.approx(0.1, rel=0.1)
    assert sum(runs) / len(runs) == pytest.approx(4, rel=0.1)


def test_jitter_reorders_unless_order_is_kept() -> None:
    free = [fate[0] for fate in fates(NetworkProfile(delay_ms=60, jitter_ms=30), 1, 300)]
    kept = [fate[0] for fate in fates(NetworkProfile(delay_ms=60, jitter_ms=30, keeps_order=True), 1, 300)]
    assert sorted(free) != free
    assert sorted(kept) == kept
    assert min(at - i * 0.02 for i, at in enumerate(free)) >= 0


def test_duplicates_arrive_twice() -> None:
    twice = [fate for fate in fates(NetworkProfile(duplicates=0.2), 1, 1_000) if len(fate) == 2]
    assert len(twice) == pytest.approx(200, rel=0.2)


@pytest.mark.parametrize("value", [-0.1, 1.0])
def test_an_impossible_share_is_refused_by_name(value: float) -> None:
    with pytest.raises(ValueError, match="loss"):
        NetworkProfile(loss=value)
    with pytest.raises(ValueError, match="duplicates"):
        NetworkProfile(duplicates=value)


def test_a_negative_delay_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="delay_ms"):
        NetworkProfile(delay_ms=-1)
