"""API keys in both databases."""

import pytest

from rtc_server.storage.ports import ApiKey, Owner
from rtc_server.storage.stores import open_stores

KEY = ApiKey(
    id="key_1",
    tenant="acme",
    hash="a" * 64,
    prefix="sk_prod_Ab3d",
    sandbox=False,
    created_at=5,
    name="orders",
    scopes=("sessions:read", "sessions:write"),
    expires_at=2**40,
    allowed_origins=("https://partner.example.org", "http://localhost:*"),
)


async def test_a_key_comes_back_as_it_was_kept(database_url: str) -> None:
    stores = await open_stores(database_url)
    await stores.keys.add_key(KEY)
    assert await stores.keys.key_by_hash(KEY.hash) == KEY
    assert await stores.keys.key(KEY.id, Owner("acme", sandbox=False)) == KEY
    assert await stores.keys.key(KEY.id, Owner("acme", sandbox=True)) is None
    assert await stores.keys.keys("acme") == [KEY]
    await stores.close()


async def test_lists_of_origins_are_replaced_whole(database_url: str) -> None:
    stores = await open_stores(database_url)
    await stores.keys.add_key(KEY)
    for origins in (("https://a.example",), ()):
        changed = await stores.keys.update_key(KEY.id, "acme", allowed_origins=origins)
        assert changed is not None
        assert changed.allowed_origins == origins
        assert changed.scopes == KEY.scopes
    with pytest.raises(TypeError, match="scopes"):
        await stores.keys.update_key(KEY.id, "acme", scopes=("*",))
    await stores.close()
