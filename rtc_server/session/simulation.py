"""The sandbox in place of a person: walks a session's flow by forced outcomes, without a page."""

from conversation.flow import commands as flow_commands
from conversation.flow import events as flow
from conversation.flow.machine import FlowMachine
from conversation.flow.nodes import StartNode
from conversation.flow.ways import possible_outcomes, usual_outcome
from rtc_server.api.ports import CallError, Simulation
from rtc_server.session.idle import IdleSession


def simulate(session: IdleSession, simulation: Simulation) -> None:
    """One step of a simulation, or the whole walk. Raises CallError naming what is wrong."""
    match simulation.action:
        case "cancel":
            session.feed(flow.Cancelled("sandbox"))
        case "start":
            if not _at_start(session.machine):
                raise CallError("session_started", "the session has started already; force an outcome instead", 409)
            session.feed(flow.Joined())
        case "outcome":
            _start(session)
            if simulation.node_id and simulation.node_id != session.machine.node_id:
                message = f"the flow stands at '{session.machine.node_id}', not at '{simulation.node_id}'"
                raise CallError("wrong_node", message, 409)
            _force(session, simulation.outcome)
        case "complete" | "fail":
            _walk(session, simulation)


def _walk(session: IdleSession, simulation: Simulation) -> None:
    machine = session.machine
    if unknown := simulation.outcomes.keys() - machine.graph.nodes.keys():
        raise CallError("invalid_outcome", f"outcomes: there is no node '{min(unknown)}' in this flow", 400)
    _start(session)
    good = simulation.action == "complete"
    while machine.finished is None:
        node = machine.graph.nodes[machine.node_id]
        _force(session, simulation.outcomes.get(node.id) or usual_outcome(node, good=good))


def _start(session: IdleSession) -> None:
    if _at_start(session.machine):
        session.feed(flow.Joined())


def _at_start(machine: FlowMachine) -> bool:
    return isinstance(machine.graph.nodes[machine.node_id], StartNode)


def _force(session: IdleSession, outcome: str) -> None:
    machine = session.machine
    node = machine.graph.nodes[machine.node_id]
    if machine.finished is not None:
        return  # a forced outcome of the create call led to the end already
    commands = session.feed(flow.OutcomeForced(node.id, outcome, "sandbox"))
    if any(isinstance(command, flow_commands.Ignored) for command in commands):
        possible = ", ".join(possible_outcomes(node))
        message = f"'{outcome}' is no outcome of node '{node.id}' ({node.type}); possible are {possible}"
        raise CallError("invalid_outcome", message, 400)
