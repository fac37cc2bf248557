"""Support agents in a session: who watches, who talks to the person in place of the avatar, what the page says of it.

What an agent does is an event of the flow like any other, so it stands in the journal, in the report, and in a replay.
"""

from dataclasses import dataclass

from conversation.flow import events as flow
from conversation.flow.forcing import forced_leave, neutral_outcome
from conversation.flow.machine import FlowMachine
from rtc_server.rtc.messages import Agent
from rtc_server.session.line import Line, Post

LONGEST_LINE = 500
"""Characters of one line."""

OPERATOR = "operator"


class AgentError(Exception):
    """What an agent asked for is not possible; ``code`` is for programs, the text for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class AgentRef:
    """A support agent."""

    id: str
    name: str
    """As the person is told it."""


class SessionAgents:
    """The agents of one session. Every method belongs to the event loop and raises AgentError for what cannot be.

    Whether an agent may do a thing at all is judged before, by their role.
    """

    def __init__(self, line: Line, machine: FlowMachine, post: Post) -> None:
        self._line = line
        self._machine = machine
        self._post = post
        self._present: dict[str, AgentRef] = {}
        self._holder = ""
        line.on_connected.append(self.tell_page)

    @property
    def present(self) -> tuple[AgentRef, ...]:
        """Who watches, in the order in which they came."""
        return tuple(self._present.values())

    @property
    def holder(self) -> AgentRef | None:
        """Who talks to the person in place of the avatar."""
        return self._present.get(self._holder)

    # ---- coming and going

    def came(self, agent: AgentRef) -> None:
        """Somebody begins to watch; the person is told. Coming twice is coming once."""
        if agent.id not in self._present:
            self._present[agent.id] = agent
            self._post(flow.AgentCame(agent.id, agent.name))
            self.tell_page()

    def went(self, agent_id: str) -> None:
        """Somebody watches no longer; what they held goes back to the avatar."""
        if self._present.pop(agent_id, None) is not None:
            self._post(flow.AgentWent(agent_id))
            self.tell_page()

    # ---- acting

    def write(self, agent: AgentRef, text: str) -> None:
        """Have the avatar say a line; while this agent talks themselves, have the page show it."""
        text = " ".join(text.split())
        if not text or len(text) > LONGEST_LINE:
            raise AgentError("invalid_text", f"'text' must have 1 to {LONGEST_LINE} characters")
        self._require_presence(agent)
        self._refuse_others(agent)
        if not self._line.connected:
            raise AgentError("nobody_there", "the person's page is not connected just now; try again when it is back")
        self._post(flow.AgentWrote(agent.id, text))

    def take_over(self, agent: AgentRef) -> None:
        """Talk to the person in place of the avatar."""
        self._require_presence(agent)
        self._refuse_others(agent)
        if self._machine.node_id == self._machine.graph.start.id:
            raise AgentError("not_begun", "the person has not joined yet")
        if self._holder != agent.id:
            self._holder = agent.id
            self._post(flow.AgentTookOver(agent.id))

    def hand_back(self, agent: AgentRef, *, lost: bool = False) -> None:
        """Let the avatar go on where it was. ``lost``: the agent's connection broke."""
        if self._holder != agent.id:
            raise AgentError("not_holding", "you have not taken over, so there is nothing to hand back")
        self._post(flow.AgentHandedBack(agent.id, "lost" if lost else "agent"))

    def skip(self, agent: AgentRef) -> None:
        """Let the flow go on without the node where it stands."""
        self._require_presence(agent)
        self._refuse_others(agent)
        node = self._machine.graph.nodes[self._machine.node_id]
        if neutral_outcome(node) is None:
            raise AgentError("no_neutral_way", f"node '{node.id}' has no way out without an answer; choose an outcome")
        self._post(flow.NodeSkipped(node.id, OPERATOR))

    def force(self, agent: AgentRef, node_id: str, outcome: str) -> None:
        """Decide a node; ``node_id`` must be where the flow stands."""
        self._require_presence(agent)
        self._refuse_others(agent)
        if node_id != self._machine.node_id:
            raise AgentError("node_left", f"the flow has gone on to node '{self._machine.node_id}'")
        if forced_leave(self._machine.graph.nodes[node_id], outcome, OPERATOR) is None:
            raise AgentError("unknown_outcome", f"node '{node_id}' has no outcome '{outcome}'")
        self._post(flow.OutcomeForced(node_id, outcome, OPERATOR))

    def end(self, agent: AgentRef) -> None:
        """End the session."""
        self._require_presence(agent)
        self._post(flow.Cancelled(OPERATOR))

    def speak(self, agent_id: str, packet: bytes) -> None:
        """20 ms of Opus from an agent's microphone, for the person; that of others than the holder is dropped."""
        if agent_id == self._holder:
            self._line.relay(packet)

    # ---- what the flow has decided

    def hold_floor(self, agent_id: str) -> None:
        """The avatar has fallen silent for this agent."""
        self._holder = agent_id
        self._line.begin_relay()
        self.tell_page()

    def return_floor(self) -> None:
        """The avatar speaks again."""
        self._holder = ""
        self._line.end_relay()
        self.tell_page()

    def tell_page(self) -> None:
        """Tell the person who is with them, also a page that comes back."""
        holder = self.holder
        if holder is not None:
            self._line.send(Agent("speaking", holder.name))
        elif self._present:
            self._line.send(Agent("watching", next(iter(self._present.values())).name))
        else:
            self._line.send(Agent("none", ""))

    def _require_presence(self, agent: AgentRef) -> None:
        if agent.id not in self._present:
            raise AgentError("not_watching", "open the session before you act in it, so that the person knows of you")

    def _refuse_others(self, agent: AgentRef) -> None:
        if self._holder not in ("", agent.id):
            holder = self.holder
            name = holder.name if holder is not None else "another agent"
            raise AgentError("held_by_another", f"{name} talks to the person just now")
