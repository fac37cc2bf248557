"""What an agent may do in a session, from the JSON of the console."""

from typing import Any

from rtc_server.api.ports import CallError
from rtc_server.session.agents import AgentRef, SessionAgents
from rtc_server.session.live.attendance import Attendance


def carry_out(session: SessionAgents, attendance: Attendance, agent: AgentRef, act: dict[str, Any]) -> None:
    """One act of an agent who watches. Raises AgentError, and CallError for what is no act."""
    match act:
        case {"type": "whisper", "text": str(text)}:
            session.write(agent, text)
        case {"type": "takeOver"}:
            attendance.take_over()
        case {"type": "handBack"}:
            session.hand_back(agent)
        case {"type": "skip"}:
            session.skip(agent)
        case {"type": "force", "nodeId": str(node_id), "outcome": str(outcome)}:
            session.force(agent, node_id, outcome)
        case {"type": "end"}:
            session.end(agent)
        case _:
            known = "whisper (with 'text'), takeOver, handBack, skip, force (with 'nodeId' and 'outcome') or end"
            raise CallError("invalid_act", f"'type' must be {known}", 400)
