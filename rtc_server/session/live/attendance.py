"""An agent in a session: the views and connections that they have open, and what happens when those are gone.

A page that is loaded again, or a network that falters, is no leaving: it is waited for a while. Meanwhile the person is
told what was true before.
"""

import asyncio
from collections.abc import Callable, Iterable

from rtc_server.rtc.ports import PeerState, ViewerPort
from rtc_server.session.agents import AgentRef
from rtc_server.session.session import Session

LINGER_SECONDS = 3.0
"""From the last view's end to the agent's going."""

HOLDER_SECONDS = 8.0
"""The same for whoever talks to the person; likewise from the loss of their last connection to handing back."""


class Attendance:
    """Ends by itself: then ``went`` is told, with the connections that are still to be closed.

    ``lost`` is told when the session was handed back because the agent could not be reached any more.
    """

    def __init__(
        self,
        session: Session,
        agent: AgentRef,
        went: Callable[[Iterable[ViewerPort]], None],
        lost: Callable[[], None],
    ) -> None:
        self._session = session
        self._agent = agent
        self._went = went
        self._lost = lost
        self._views = 0
        self._viewers: dict[str, ViewerPort] = {}
        self._broken = False
        """Whether a connection was lost and no other has taken its place."""
        self._timer: asyncio.TimerHandle | None = None
        self._over = False
        session.agents.came(agent)

    @property
    def over(self) -> bool:
        """Whether the agent, or the session, has gone."""
        return self._over

    @property
    def views(self) -> int:
        """How many are open."""
        return self._views

    def open_view(self) -> None:
        """The agent watches, here or in one tab more."""
        self._views += 1
        self._consider()

    def close_view(self) -> None:
        """One view less."""
        self._views -= 1
        self._consider()

    def take_over(self) -> None:
        """Let the agent talk to the person. Raises AgentError."""
        self._session.agents.take_over(self._agent)
        self._broken = False

    def add_viewer(self, viewer_id: str, viewer: ViewerPort) -> None:
        """Media are on their way to the agent, and their voice from them."""
        self._viewers[viewer_id] = viewer
        self._broken = False
        self._consider()

    def take_viewer(self, viewer_id: str) -> ViewerPort | None:
        """The agent does not want this connection any more: it is to be closed, which is no loss."""
        return self._viewers.pop(viewer_id, None)

    def viewer_state(self, viewer_id: str, state: PeerState) -> ViewerPort | None:
        """What a connection says of itself; one that is lost is handed out, to be closed."""
        if state not in (PeerState.LOST, PeerState.CLOSED):
            return None
        viewer = self._viewers.pop(viewer_id, None)
        if viewer is not None and not self._viewers:
            self._broken = True
            self._consider()
        return viewer

    def end(self) -> list[ViewerPort]:
        """The agent or the session has gone: the connections that are to be closed."""
        self._over = True
        self._stop_waiting()
        viewers, self._viewers = list(self._viewers.values()), {}
        return viewers

    @property
    def _holds(self) -> bool:
        holder = self._session.agents.holder
        return holder is not None and holder.id == self._agent.id

    def _consider(self) -> None:
        """Wait for an agent who cannot be reached; stop waiting for one who is back."""
        if self._over or (self._views > 0 and not (self._holds and self._broken)):
            self._stop_waiting()
        elif self._timer is None:
            seconds = HOLDER_SECONDS if self._holds else LINGER_SECONDS
            self._timer = asyncio.get_running_loop().call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._timer = None
        held = self._holds
        if held:
            self._session.agents.hand_back(self._agent, lost=True)
        if self._views <= 0:
            self._session.agents.went(self._agent.id)
            self._went(self.end())
        if held:
            self._lost()
