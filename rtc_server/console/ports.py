"""What the console needs from the calls in progress: a list of them, a view of one, and what an agent may do in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rtc_server.storage.ports import Json


@dataclass(frozen=True, slots=True)
class AgentRef:
    """Who watches or acts. Two tabs of one person are the same agent."""

    id: str
    """Of the staff account."""
    name: str
    """As the person in the call is told it."""
    may_listen: bool = True
    """Whether media are heard; without it a connection has pictures only, and no voice of the agent's."""
    sees_contact: bool = False
    """Whether addresses, numbers and the client's reference are shown as they are; else they are masked."""


Listener = Callable[[str, Json], None]
"""Told of an event by its name and data; called on the event loop, must not block. The data is not to be changed."""


class Watch(Protocol):
    """One open view of a session."""

    def close(self) -> None:
        """End it; may be called again."""


class Supervision(Protocol):
    """The sessions that run in this process, for people who look after them. Everything belongs to the event loop.

    Raises CallError: ``not_live`` (409) when the session does not run here, ``not_watching`` (409) for what only who
    watches may do, ``invalid_act``, ``invalid_text`` and ``unknown_outcome`` (400), ``busy`` (503), and with 409 what
    is not possible just now: ``not_holding``, ``held_by_another``, ``not_begun``, ``nobody_there``,
    ``no_neutral_way``, ``node_left``.
    """

    def summaries(self) -> list[Json]:
        """A summary of each."""

    def summary(self, session_id: str) -> Json | None:
        """That of one; None when it does not run here."""

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Tell of each session, by its id, whose summary changes, that comes or goes; the answer ends that."""

    def watch(self, session_id: str, agent: AgentRef, listener: Listener) -> Watch:
        """View a session: ``snapshot`` at once, then what changes, ``ended`` at last. The person is told of it.

        A listener that fails is told nothing more.
        """

    async def act(self, session_id: str, agent: AgentRef, act: Json) -> None:
        """Do what ``act`` says, by its ``type``: ``whisper`` (with ``text``), ``takeOver``, ``handBack``, ``skip``,
        ``force`` (with ``nodeId`` and ``outcome``), ``end``. What comes of it is told to whoever watches."""

    async def media(self, session_id: str, agent: AgentRef, sdp: str) -> Json:
        """Answer the offer of who watches: ``viewerId`` and ``sdp``. Codes of PeerError too."""

    async def leave_media(self, session_id: str, agent: AgentRef, viewer_id: str) -> None:
        """End such a connection; one that is not there, or is another agent's, is passed over."""
