"""The sandbox in place of a person: walks a session's flow by forced outcomes, without a page."""

from conversation.flow import commands as flow_commands
from conversation.flow import events as flow
from conversation.flow.machine import FlowMachine
from conversation.flow.nodes import Node, StartNode
from conversation.flow.ways import possible_outcomes, target_of, usual_outcome
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
            _must_stand_at(simulation, session.machine.graph.nodes[session.machine.node_id])
            _force(session, simulation.outcome)
        case "complete" | "fail":
            _walk(session, simulation)


def steer(node: Node, simulation: Simulation) -> flow.Event:
    """The event that moves a session which a page is in. Raises CallError for what needs one that nobody is in."""
    match simulation.action:
        case "cancel":
            return flow.Cancelled("sandbox")
        case "outcome":
            _must_stand_at(simulation, node)
            if target_of(node, simulation.outcome) is None:
                raise _no_outcome(node, simulation.outcome)
            return flow.OutcomeForced(node.id, simulation.outcome, "sandbox")
        case _:
            message = f"a page is in this session; '{simulation.action}' needs one that nobody has joined"
            raise CallError("session_running", message, 409)


def _walk(session: IdleSession, simulation: Simulation) -> None:
    nodes = session.machine.graph.nodes
    if unknown := simulation.outcomes.keys() - nodes.keys():
        raise CallError("invalid_outcome", f"outcomes: there is no node '{min(unknown)}' in this flow", 400)
    for node_id, outcome in simulation.outcomes.items():
        if target_of(nodes[node_id], outcome) is None:
            raise _no_outcome(nodes[node_id], outcome)
    good = simulation.action == "complete"
    usual = {node.id: usual_outcome(node, good=good) for node in nodes.values() if possible_outcomes(node)}
    session.decide(usual | dict(simulation.outcomes))
    machine = session.machine
    _start(session)
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
        raise _no_outcome(node, outcome)


def _must_stand_at(simulation: Simulation, node: Node) -> None:
    if simulation.node_id not in ("", node.id):
        raise CallError("wrong_node", f"the flow stands at '{node.id}', not at '{simulation.node_id}'", 409)


def _no_outcome(node: Node, outcome: str) -> CallError:
    possible = ", ".join(possible_outcomes(node)) or "none"
    message = f"'{outcome}' is no outcome of node '{node.id}' ({node.type}); possible are {possible}"
    return CallError("invalid_outcome", message, 400)
