"""The sessions that run in this process: admission, joining, reconnecting, leaving."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from weakref import WeakValueDictionary

from conversation.flow import events as flow
from rtc_server.api.ports import CallError, Candidate, Simulation, Visitor
from rtc_server.observe.failures import log_failure
from rtc_server.rtc.errors import PeerError
from rtc_server.session.clock import unix_ms
from rtc_server.session.device import device_from
from rtc_server.session.idle import IdleSession, end_unread
from rtc_server.session.languages import DEFAULT_LANGUAGE, resolve_language
from rtc_server.session.options import session_options
from rtc_server.session.ports import Engines, Services, SessionPolicy
from rtc_server.session.session import Session
from rtc_server.session.simulation import simulate, steer
from rtc_server.storage.ports import TERMINAL, SessionRecord, Store

BUSY_RETRY_SECONDS = 15.0
ENDING_SECONDS = 5.0
"""How long a session may take to store its end."""
SESSION_FINISHED = "session_finished"

logger = logging.getLogger(__name__)


class SessionRegistry:
    """Implements the HTTP edge's ``Calls``. A slot is reserved before anything is built, so it is never overbooked."""

    def __init__(
        self,
        store: Store,
        engines: Engines,
        services: Services,
        policy: SessionPolicy,
        after_session: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._engines = engines
        self._services = services
        self._policy = policy
        self._after_session = after_session
        self._sessions: dict[str, Session] = {}
        self._beginning = 0
        """Places that are taken by sessions not built yet."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._closing = False
        self._followers: list[Callable[[Session], None]] = []

    def session(self, session_id: str) -> Session | None:
        """The session of this id, if it runs here."""
        return self._sessions.get(session_id)

    def follow(self, begins: Callable[[Session], None]) -> None:
        """Tell ``begins`` of each session that begins here or is taken up again; its end is told to its onlookers."""
        self._followers.append(begins)

    @property
    def running(self) -> int:
        """Sessions in this process, those included that are being built."""
        return len(self._sessions) + self._beginning

    def holds(self, session_id: str, page_id: str) -> bool:
        """Whether this page is the one in the running call."""
        session = self._sessions.get(session_id)
        return session is not None and session.line.page_id == page_id

    async def offer(self, session: SessionRecord, page_id: str, sdp: str, visitor: Visitor) -> tuple[str, str]:
        """Join, rejoin or take over a session; (peer id, SDP answer). Raises CallError."""
        async with self._lock(session.id):
            try:
                return await self._answer(session.id, page_id, sdp, visitor)
            except PeerError as error:
                if error.code != SESSION_FINISHED:
                    raise _call_error(error) from error
            # It ended while it answered. One that had not begun was only put aside, and begins now; one that is over
            # is refused by the second try.
            if (ending := self._sessions.get(session.id)) is not None:
                await asyncio.wait([ending.task], timeout=ENDING_SECONDS)
            try:
                return await self._answer(session.id, page_id, sdp, visitor)
            except PeerError as error:
                raise _call_error(error) from error

    async def candidates(self, session_id: str, peer_id: str, candidates: list[Candidate]) -> None:
        """Add candidates to a peer; an unknown or former peer is ignored. Raises CallError."""
        session = self._sessions.get(session_id)
        if session is None:
            return
        inits: list[dict[str, object]] = [
            {"candidate": c.candidate, "sdpMid": c.sdp_mid, "sdpMLineIndex": c.sdp_m_line_index} for c in candidates
        ]
        try:
            await session.line.candidates(peer_id, inits)
        except PeerError as error:
            raise _call_error(error) from error

    async def document_picture(self, session_id: str, request_id: str, *, number: int | None, content: bytes) -> None:
        """A picture of a document, for the scan that waits for it. Raises CallError."""
        session = self._sessions.get(session_id)
        if session is None:
            raise CallError("not_awaited", "no call of this session runs here, so no document scan waits for it", 409)
        await session.documents.accept(request_id, number, content)

    def agreed_to_recording(self, session_id: str, tracks: Sequence[str]) -> None:
        """The person has just said what of the call may be recorded."""
        session = self._sessions.get(session_id)
        if session is not None:
            session.recording.agree(tracks)

    async def leave(self, session_id: str, peer_id: str | None) -> None:
        """The person ended the session."""
        session = self._sessions.get(session_id)
        if session is None:
            await self._end_idle(session_id, lambda idle: idle.feed(flow.Cancelled("user")))
        elif peer_id in (None, session.line.peer_id):
            session.post(flow.Cancelled("user"))

    async def cancel(self, session_id: str) -> SessionRecord:
        """End a session for the integrator, running or not; one that has ended is returned as it is.

        Raises CallError, 503 when the end could not be stored in time.
        """
        cancelled = flow.Cancelled("integrator")
        running = self._sessions.get(session_id)
        if running is None:
            async with self._lock(session_id):  # a page may be joining just now
                running = self._sessions.get(session_id)
        if running is not None:
            running.post(cancelled)
            await asyncio.wait([running.task], timeout=ENDING_SECONDS)
        await self._end_idle(session_id, lambda idle: idle.feed(cancelled))  # one put aside meanwhile, too
        record = await self._store.session(session_id)
        if record is None:
            raise CallError("session_not_found", "there is no session with this id", 404)
        if record.status not in TERMINAL:
            raise CallError("busy", "the session is ending; ask again in a moment", 503, ENDING_SECONDS)
        return record

    async def give_up(self, session_id: str) -> None:
        """End a session in progress that nobody here runs and nobody came back to."""
        if session_id not in self._sessions:
            await self._end_idle(session_id, IdleSession.give_up)

    async def simulate(self, session: SessionRecord, simulation: Simulation) -> SessionRecord:
        """Let the sandbox move a session without a page. Raises CallError."""
        async with self._lock(session.id):
            running = self._sessions.get(session.id)
            if running is not None:
                running.post(steer(running.node, simulation))
                return session
            idle = await IdleSession.load(self._store, session.id, self._policy.dialogue)
            if idle is None:
                raise _over()
            simulate(idle, simulation)
            return await idle.save()

    async def _end_idle(self, session_id: str, end: Callable[[IdleSession], object]) -> None:
        """Left before it began, or after a restart."""
        async with self._lock(session_id):
            if session_id in self._sessions:
                return
            try:
                idle = await IdleSession.load(self._store, session_id, self._policy.dialogue)
            except ValueError as error:  # a journal that cannot be read must not keep its session from ending
                log_failure(logger, f"the journal of session {session_id}", error)
                await end_unread(self._store, session_id)
                return
            if idle is not None:
                end(idle)
                await idle.save()

    def _lock(self, session_id: str) -> asyncio.Lock:
        return self._locks.setdefault(session_id, asyncio.Lock())

    def obstacles(self) -> Sequence[str]:
        """What keeps this server from taking a session now."""
        if self._closing:
            return ("the server is shutting down",)
        if self.running >= self._policy.max_sessions:
            return ("all places are taken",)
        return ()

    async def close(self) -> None:
        """Let every session go as it stands; each can be taken up again from its journal."""
        self._closing = True
        sessions = list(self._sessions.values())
        for result in await asyncio.gather(*(session.close() for session in sessions), return_exceptions=True):
            if result is not None:
                log_failure(logger, "closing a session", result)
        self._sessions.clear()

    async def _answer(self, session_id: str, page_id: str, sdp: str, visitor: Visitor) -> tuple[str, str]:
        """Hand an offer to the session, which begins if it does not run. Raises PeerError and CallError."""
        running = self._sessions.get(session_id) or await self._begin(session_id, visitor)
        try:
            return await running.line.offer(page_id, sdp)
        except BaseException:
            if not running.line.page_id:
                await self._drop(running)
            raise

    async def _begin(self, session_id: str, visitor: Visitor) -> Session:
        if self._closing:
            raise CallError("busy", "the server is shutting down", 503, BUSY_RETRY_SECONDS)
        if self.running >= self._policy.max_sessions:
            raise CallError("busy", "all places are taken; please try again shortly", 503, BUSY_RETRY_SECONDS)
        self._beginning += 1
        try:
            return await self._build(session_id, visitor)
        finally:
            self._beginning -= 1

    async def _build(self, session_id: str, visitor: Visitor) -> Session:
        record = await self._store.session(session_id)
        if record is None or record.status in TERMINAL:
            raise _over()
        lines = await self._store.journal(session_id)
        if record.status == "created":
            record = await self._store.update_session(
                session_id,
                status="inProgress",
                started_at=unix_ms(),
                device=device_from(visitor.user_agent),
                location=self._services.locate(visitor.address),
            )
            if record.status in TERMINAL:  # another process was faster
                raise _over()
        if self._closing:
            raise CallError("busy", "the server is shutting down", 503, BUSY_RETRY_SECONDS)
        language = self._language(record, visitor)
        session = Session(
            record, lines, self._store, self._engines, self._services, self._policy, language, self._on_finished
        )
        self._sessions[session_id] = session
        for begins in self._followers:
            begins(session)
        logger.info("session %s %s", session_id, "taken up again" if lines else "begins")
        return session

    def _language(self, record: SessionRecord, visitor: Visitor) -> str:
        settings = session_options(record.settings)
        default = str(settings.get("defaultLang") or DEFAULT_LANGUAGE)
        return resolve_language(visitor.languages, settings.get("langs") or (), default, self._policy.languages)

    async def _drop(self, session: Session) -> None:
        self._sessions.pop(session.record.id, None)
        await session.close()

    def _on_finished(self, session: Session) -> None:
        self._sessions.pop(session.record.id, None)
        record = session.record
        if record.status in TERMINAL:
            logger.info("session %s ended: %s (%s)", record.id, record.status, record.reason)
        else:
            logger.info("session %s is put aside", record.id)
        asyncio.get_running_loop().call_soon(self._after_session)


def _over() -> CallError:
    return CallError(SESSION_FINISHED, "this session is over", 409)


def _call_error(error: PeerError) -> CallError:
    """What a page is told: its own mistake (400), too late (409), or no place or no relay just now (503)."""
    if error.code == SESSION_FINISHED:
        return CallError(error.code, str(error), 409)
    if error.code in ("busy", "relay_unavailable"):
        return CallError(error.code, str(error), 503, BUSY_RETRY_SECONDS)
    return CallError(error.code, str(error), 400)
