"""Where staff are signed in: opaque tokens, an end when nobody is there, and an end in any case."""

import dataclasses
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from rtc_server.crypto.ids import new_id
from rtc_server.staff.accounts import staff_of, token_hash
from rtc_server.staff.roles import Staff
from rtc_server.storage.ports import StaffSession, StaffStore

IDLE_SECONDS = 30 * 60.0
ABSOLUTE_SECONDS = 12 * 3600.0

_SEEN_SECONDS = 30.0
"""How exactly it is known when somebody was last there; each note of it is a write."""

_TOKEN_BYTES = 32
_MAX_TOKEN_CHARACTERS = 128
_MAX_USER_AGENT_CHARACTERS = 200
_MAX_ADDRESS_CHARACTERS = 64


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody, in one browser."""

    staff: Staff
    session: StaffSession
    csrf: str
    """What calls that change something must repeat."""


class StaffSessions:
    """Opens, finds and ends them. Only the hash of a token is stored."""

    def __init__(
        self,
        store: StaffStore,
        csrf_key: bytes,
        now_ms: Callable[[], int],
        idle_seconds: float = IDLE_SECONDS,
        absolute_seconds: float = ABSOLUTE_SECONDS,
    ) -> None:
        self._store = store
        self._csrf_key = csrf_key
        self._now_ms = now_ms
        self._idle_ms = round(idle_seconds * 1000)
        self._absolute_ms = round(absolute_seconds * 1000)

    async def open(self, staff: Staff, address: str, user_agent: str) -> tuple[str, SignedIn]:
        """A new session and its token, which only the browser keeps. Removes what has run out, of everybody."""
        now_ms = self._now_ms()
        await self._store.sweep_staff_sessions(now_ms, now_ms - self._idle_ms)
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        session = StaffSession(
            id=new_id("sts_"),
            token_hash=token_hash(token),
            staff_id=staff.id,
            created_at=now_ms,
            seen_at=now_ms,
            expires_at=now_ms + self._absolute_ms,
            address=address[:_MAX_ADDRESS_CHARACTERS],
            user_agent=user_agent[:_MAX_USER_AGENT_CHARACTERS],
        )
        await self._store.add_session(session)
        return token, SignedIn(staff, session, self._csrf(token))

    async def find(self, token: str, *, seen: bool = True) -> SignedIn | None:
        """Who is signed in by a token; None when it has run out, was ended, or its account is disabled.

        ``seen``: whether this shows that somebody is there. A stream that looks again by itself shows nothing.
        """
        if not 0 < len(token) <= _MAX_TOKEN_CHARACTERS:
            return None
        found = await self._store.session_by_token(token_hash(token))
        if found is None:
            return None
        session, record = found
        now_ms = self._now_ms()
        if now_ms >= self.ends_at(session) or record.disabled_at is not None:
            return None
        if seen:
            if now_ms - session.seen_at >= _SEEN_SECONDS * 1000:
                await self._store.touch_session(session.id, now_ms)
            session = dataclasses.replace(session, seen_at=now_ms)
        return SignedIn(staff_of(record), session, self._csrf(token))

    def ends_at(self, session: StaffSession) -> int:
        """When it runs out unless somebody does something, Unix milliseconds."""
        return min(session.expires_at, session.seen_at + self._idle_ms)

    async def end(self, session: StaffSession) -> None:
        """Sign out."""
        await self._store.end_session(session.id)

    async def current(self, staff_id: str | None = None) -> list[StaffSession]:
        """Those of an account, or everybody's, that have not run out; newest first."""
        now_ms = self._now_ms()
        return [each for each in await self._store.staff_sessions(staff_id) if now_ms < self.ends_at(each)]

    def _csrf(self, token: str) -> str:
        """HMAC-SHA256 of the token: a page of another origin cannot know it, and it opens nothing by itself."""
        return hmac.new(self._csrf_key, token.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
