"""The preset API key."""

import pytest

from rtc_server.api.auth import ensure_bootstrap_key
from tests.api.conftest import FLOW, KEY, Edge


async def test_the_preset_key_may_be_preset_again(edge: Edge) -> None:
    first = await ensure_bootstrap_key(edge.stores.keys, KEY)
    assert await ensure_bootstrap_key(edge.stores.keys, KEY) == first
    assert first.sandbox
    assert first.prefix == KEY[:12]


async def test_a_production_key_is_no_sandbox(edge: Edge) -> None:
    key = await ensure_bootstrap_key(edge.stores.keys, "sk_live_0123456789abcdef")
    assert not key.sandbox
    response = await edge.call("POST", "/sessions", key="sk_live_0123456789abcdef", json={"flow": FLOW})
    assert response.status == 200


@pytest.mark.parametrize("key", ["", "secret-key-without-prefix", "sk_test_short", "sk_test_with space in it"])
async def test_a_malformed_key_is_refused_without_showing_it(edge: Edge, key: str) -> None:
    with pytest.raises(ValueError, match="sk_test_") as refused:
        await ensure_bootstrap_key(edge.stores.keys, key)
    assert not key or key not in str(refused.value)
