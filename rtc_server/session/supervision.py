"""The sessions of this process, for people who look after them: the list, views of each, what agents do in them."""

import asyncio
import logging
from collections.abc import Callable, Iterable

from rtc_server.api.ports import CallError
from rtc_server.console.ports import AgentRef, Listener
from rtc_server.crypto.ids import new_id
from rtc_server.observe.failures import log_failure
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.ports import ViewerFactory, ViewerPort
from rtc_server.session.agents import AgentError
from rtc_server.session.agents import AgentRef as SessionAgent
from rtc_server.session.live.acts import carry_out
from rtc_server.session.live.attendance import Attendance
from rtc_server.session.live.masking import masked_listener
from rtc_server.session.live.view import LiveView
from rtc_server.session.registry import SessionRegistry
from rtc_server.session.session import Session
from rtc_server.session.tasks import Tasks
from rtc_server.storage.ports import Json

MOST_VIEWS = 32
"""Open views of one session, all agents and tabs together."""

BUSY_RETRY_SECONDS = 5.0

_BAD_REQUEST = frozenset({"invalid_text", "unknown_outcome"})
"""Codes of AgentError that are the caller's mistake; the others mean that it is not possible just now."""

logger = logging.getLogger(__name__)


class Supervision:
    """Implements the console's ``Supervision``.

    ``handed_back`` is told when a session went back to the avatar because its agent could not be reached any more.
    """

    def __init__(
        self,
        registry: SessionRegistry,
        new_viewer: ViewerFactory,
        handed_back: Callable[[str, AgentRef], None] = lambda session_id, agent: None,
    ) -> None:
        self._new_viewer = new_viewer
        self._handed_back = handed_back
        self._rooms: dict[str, _Room] = {}
        self._listeners: list[Callable[[str], None]] = []
        self._closing = Tasks("close-viewer")
        registry.follow(self._begin)

    # ---- the list

    def summaries(self) -> list[Json]:
        """A summary of each session, the oldest first."""
        return [room.view.summary for room in self._rooms.values()]

    def summary(self, session_id: str) -> Json | None:
        """That of one; None when it does not run here."""
        room = self._rooms.get(session_id)
        return room.view.summary if room is not None else None

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Tell of each session, by its id, whose summary changes, that comes or goes; the answer ends that."""
        self._listeners.append(listener)
        return lambda: self._remove(listener)

    # ---- one session

    def watch(self, session_id: str, agent: AgentRef, listener: Listener) -> "OpenView":
        """View a session. Raises CallError, and what ``listener`` raises at the snapshot."""
        room = self._room(session_id)
        if sum(attendance.views for attendance in room.attendances.values()) >= MOST_VIEWS:
            raise CallError("busy", "too many views of this session are open", 503, BUSY_RETRY_SECONDS)
        stop = room.view.listen(listener if agent.sees_contact else masked_listener(listener, room.view.machine))
        attendance = room.attendances.get(agent.id)
        if attendance is None:
            attendance = room.attendances[agent.id] = self._attend(room, agent)
        attendance.open_view()
        return OpenView(stop, attendance)

    async def act(self, session_id: str, agent: AgentRef, act: Json) -> None:
        """Do what ``act`` says. Raises CallError."""
        room = self._room(session_id)
        try:
            carry_out(room.session.agents, self._attendance(room, agent), _as_told(agent), act)
        except AgentError as error:
            raise CallError(error.code, error.message, 400 if error.code in _BAD_REQUEST else 409) from error

    async def media(self, session_id: str, agent: AgentRef, sdp: str) -> Json:
        """Answer the offer of who watches. Raises CallError."""
        room = self._room(session_id)
        attendance = self._attendance(room, agent)
        viewer_id = new_id("vw_")
        try:
            viewer = self._new_viewer(
                room.session.line.hub,
                on_state=lambda state: self._close(attendance.viewer_state(viewer_id, state)),
                on_voice=lambda packet: room.session.agents.speak(agent.id, packet),
                with_audio=agent.may_listen,
            )
        except PeerError as error:
            raise _call_error(error) from error
        attendance.add_viewer(viewer_id, viewer)
        try:
            answer = await viewer.answer(sdp)
        except PeerError as error:
            self._close(attendance.take_viewer(viewer_id))
            raise _call_error(error) from error
        except BaseException:
            self._close(attendance.take_viewer(viewer_id))
            raise
        if attendance.over:
            raise CallError("not_live", "the session, or your view of it, has ended meanwhile", 409)
        return {"viewerId": viewer_id, "sdp": answer}

    async def leave_media(self, session_id: str, agent: AgentRef, viewer_id: str) -> None:
        """End a connection; one that is not there, or is another agent's, is passed over."""
        room = self._rooms.get(session_id)
        attendance = room.attendances.get(agent.id) if room is not None else None
        if attendance is not None:
            self._close(attendance.take_viewer(viewer_id))

    async def close(self) -> None:
        """End every connection; the sessions go on without it."""
        viewers = [viewer for room in self._rooms.values() for viewer in room.end()]
        self._rooms.clear()
        await asyncio.gather(*(viewer.close() for viewer in viewers), return_exceptions=True)
        await self._closing.close()

    # ---- coming and going

    def _begin(self, session: Session) -> None:
        """A session begins, or is taken up again. One that cannot be followed goes on unseen."""
        session_id = session.record.id
        try:
            view = LiveView(
                session.record,
                session.header,
                session.machine,
                session.clock.now,
                changed=lambda: self._tell(session_id),
                ended=lambda: self._end(room),
            )
        except Exception as error:
            log_failure(logger, f"the live view of session {session_id}", error)
            return
        self._rooms[session_id] = room = _Room(session, view)
        session.line.onlookers.add(view)
        # Should the view fail in the middle, it is told nothing more by the session, not even the end.
        session.task.add_done_callback(lambda _: view.ended(None))
        self._tell(session_id)

    def _end(self, room: "_Room") -> None:
        for viewer in room.end():
            self._close(viewer)
        session_id = room.session.record.id
        if self._rooms.get(session_id) is room:
            del self._rooms[session_id]
            self._tell(session_id)

    def _attend(self, room: "_Room", agent: AgentRef) -> Attendance:
        def went(viewers: Iterable[ViewerPort]) -> None:
            room.attendances.pop(agent.id, None)
            for viewer in viewers:
                self._close(viewer)

        return Attendance(
            room.session, _as_told(agent), went, lost=lambda: self._handed_back(room.session.record.id, agent)
        )

    def _room(self, session_id: str) -> "_Room":
        room = self._rooms.get(session_id)
        if room is None:
            raise CallError("not_live", "this session is not running here, or not any more", 409)
        return room

    def _attendance(self, room: "_Room", agent: AgentRef) -> Attendance:
        attendance = room.attendances.get(agent.id)
        if attendance is None:
            raise CallError("not_watching", "open the session first, so that the person knows of you", 409)
        return attendance

    # ---- telling

    def _tell(self, session_id: str) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(session_id)
            except Exception as error:
                log_failure(logger, "listener of the list of sessions", error)
                self._remove(listener)

    def _remove(self, listener: Callable[[str], None]) -> None:
        if listener in self._listeners:
            self._listeners.remove(listener)

    def _close(self, viewer: ViewerPort | None) -> None:
        if viewer is not None:
            self._closing.start(viewer.close())


class OpenView:
    """One open view of a session."""

    def __init__(self, stop: Callable[[], None], attendance: Attendance) -> None:
        self._stop = stop
        self._attendance: Attendance | None = attendance

    def close(self) -> None:
        """End it; may be called again."""
        attendance, self._attendance = self._attendance, None
        if attendance is not None:
            self._stop()
            attendance.close_view()


class _Room:
    """A running session and who looks on."""

    def __init__(self, session: Session, view: LiveView) -> None:
        self.session = session
        self.view = view
        self.attendances: dict[str, Attendance] = {}

    def end(self) -> list[ViewerPort]:
        """The session is over, or not followed any more: the connections that are to be closed."""
        attendances, self.attendances = list(self.attendances.values()), {}
        return [viewer for attendance in attendances for viewer in attendance.end()]


def _as_told(agent: AgentRef) -> SessionAgent:
    """What the session is told of an agent."""
    return SessionAgent(agent.id, agent.name)


def _call_error(error: PeerError) -> CallError:
    """The offer's own mistake (400), or no place or no relay just now (503)."""
    if error.code in ("busy", "relay_unavailable"):
        return CallError(error.code, str(error), 503, BUSY_RETRY_SECONDS)
    return CallError(error.code, str(error), 400)
