"""API keys at hand: looked up once and remembered for a moment, so that most calls need no extra query."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from rtc_server.storage.ports import ApiKey, KeyStore

FRESH_SECONDS = 2.0
"""How long a key is remembered. Another process's revocation takes this long to be noticed here; our own none."""

USED_EVERY_MS = 60_000
"""``last_used_at`` is written at most this often for a key."""

MAX_KEYS = 1_000


class KeyRing:
    """Keys by hash. Unknown ones are not remembered: they cannot push known ones out."""

    def __init__(self, store: KeyStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._keys: OrderedDict[str, tuple[ApiKey, float]] = OrderedDict()
        self._changes = 0

    def remembered(self, key_hash: str) -> ApiKey | None:
        """The key, when it was looked up a moment ago."""
        key, until = self._keys.get(key_hash, (None, 0.0))
        return key if self._clock() < until else None

    async def key(self, key_hash: str) -> ApiKey | None:
        """The key with that hash, revoked and expired ones too."""
        if (known := self.remembered(key_hash)) is not None:
            return known
        before = self._changes
        key = await self._store.key_by_hash(key_hash)
        if key is not None and before == self._changes:  # else what we read may be out of date already
            self._remember(key, self._clock() + FRESH_SECONDS)
        return key

    async def used(self, key: ApiKey, now_ms: int) -> None:
        """Note that a key was used just now."""
        if key.last_used_at is not None and now_ms - key.last_used_at < USED_EVERY_MS:
            return
        if key.hash in self._keys:  # first, so that calls at the same moment do not all write
            self._remember(replace(key, last_used_at=now_ms), self._keys[key.hash][1])
        await self._store.update_key(key.id, key.tenant, last_used_at=now_ms)

    def forget(self, key: ApiKey) -> None:
        """A key was changed: what is remembered of it is wrong."""
        self._changes += 1
        self._keys.pop(key.hash, None)

    def _remember(self, key: ApiKey, until: float) -> None:
        self._keys[key.hash] = (key, until)
        self._keys.move_to_end(key.hash)
        if len(self._keys) > MAX_KEYS:
            self._keys.popitem(last=False)


KEY_RING: web.AppKey[KeyRing] = web.AppKey("visavis_key_ring", KeyRing)
