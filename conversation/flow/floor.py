"""Who talks to the person: the avatar, or a support agent who has taken over; and what waits meanwhile.

While an agent holds the floor the flow stands still. What the person says is written down and judged by nobody; results
that come from elsewhere wait until the floor is returned, and are received then in their order.
"""

from conversation.flow.events import (
    CheckCancelled,
    CheckGuided,
    Event,
    InputCancelled,
    InputGiven,
    ResendRequested,
    SpeechEnded,
    TimePassed,
    UserSpoke,
    UserStarted,
    UserStopped,
)

MOST_WAITING = 100
"""Results that wait at most; more than a node has under way."""
MOST_LINES = 10
"""Lines of agents that wait for the avatar to come to an end."""

_OF_THE_MOMENT = (
    UserSpoke
    | UserStarted
    | UserStopped
    | SpeechEnded
    | InputGiven
    | InputCancelled
    | ResendRequested
    | CheckGuided
    | CheckCancelled
    | TimePassed
)
"""What means nothing any more when the floor is returned: the node asks again."""


class Floor:
    """Belongs to one flow machine."""

    def __init__(self) -> None:
        self.holder = ""
        """Id of the agent who has taken over; empty = the avatar has the floor."""
        self.held_since = 0.0
        self.line = ""
        """Id of the utterance that is an agent's line; empty when none is being said."""
        self.line_deadline = 0.0
        """When it counts as said, should its end never be reported."""
        self._lines: list[str] = []
        self._waiting: list[Event] = []

    def hold(self, agent_id: str, now: float) -> None:
        """The agent talks from now on; lines that were to be said are forgotten."""
        self.holder, self.held_since = agent_id, now
        self.line = ""
        self._lines.clear()

    def keep(self, event: Event) -> bool:
        """Let a result wait; False for what means nothing later, or is too much."""
        if isinstance(event, _OF_THE_MOMENT) or len(self._waiting) >= MOST_WAITING:
            return False
        self._waiting.append(event)
        return True

    def give_back(self) -> list[Event]:
        """The avatar goes on; the results that waited."""
        self.holder = ""
        waiting, self._waiting = self._waiting, []
        return waiting

    def queue(self, text: str) -> bool:
        """A line to be said when the avatar has come to an end; False when too many wait."""
        if len(self._lines) >= MOST_LINES:
            return False
        self._lines.append(text)
        return True

    def next_line(self) -> str | None:
        """The line whose turn it is."""
        return self._lines.pop(0) if self._lines else None
