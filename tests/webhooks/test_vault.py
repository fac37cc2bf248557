"""Secrets at rest."""

import pytest

from rtc_server.webhooks.ports import StoredSecret
from rtc_server.webhooks.signing import secret_key
from rtc_server.webhooks.vault import ROTATION_OVERLAP_MS, Vault, VaultError

NOW_MS = 1_790_000_000_000
VAULT = Vault(b"k" * 32)


def test_a_secret_is_stored_sealed_and_comes_back() -> None:
    secret, stored = VAULT.new("we_1", NOW_MS)
    assert len(secret_key(secret)) == 32
    assert secret not in stored.sealed
    assert VAULT.valid("we_1", [stored], NOW_MS) == [secret]
    assert VAULT.new("we_1", NOW_MS)[0] != secret


@pytest.mark.parametrize(
    ("vault", "endpoint", "damage"), [(Vault(b"x" * 32), "we_1", ""), (VAULT, "we_2", ""), (VAULT, "we_1", "AA")]
)
def test_a_secret_opens_only_for_its_server_and_endpoint(vault: Vault, endpoint: str, damage: str) -> None:
    _, stored = VAULT.new("we_1", NOW_MS)
    changed = StoredSecret(damage + stored.sealed[len(damage) :], NOW_MS)
    with pytest.raises(VaultError, match="another server key"):
        vault.valid(endpoint, [changed], NOW_MS)


def test_the_former_secret_signs_for_a_day_and_those_before_it_no_more() -> None:
    first, stored = VAULT.new("we_1", NOW_MS)
    second, after_one = VAULT.rotate("we_1", [stored], NOW_MS)
    assert VAULT.valid("we_1", after_one, NOW_MS) == [second, first]
    assert VAULT.valid("we_1", after_one, NOW_MS + ROTATION_OVERLAP_MS - 1) == [second, first]
    assert VAULT.valid("we_1", after_one, NOW_MS + ROTATION_OVERLAP_MS) == [second]
    third, after_two = VAULT.rotate("we_1", after_one, NOW_MS + 1)
    assert VAULT.valid("we_1", after_two, NOW_MS + 1) == [third, second]
