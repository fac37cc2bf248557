"""Calls to the integrator's server: the external_call node, and the poller of a conversation's ``awaitExternal``."""

from collections.abc import Mapping
from typing import Any

from conversation.flow.behaviour import Context, Leave, Step, Visit, ignored
from conversation.flow.behaviours.comparison import finite
from conversation.flow.behaviours.look_up import operand_value
from conversation.flow.behaviours.waiting import Waiting
from conversation.flow.commands import CallExternal
from conversation.flow.events import Event, ExternalAnswered, TimePassed
from conversation.flow.nodes import AwaitExternal, ExternalCallNode, ExternalRequest, Scalar

_OK = 200
_NOT_YET = 202


def call(request: ExternalRequest, request_id: str, tries: int, context: Context) -> CallExternal:
    """The command for a request; a reference without a value is sent as null."""
    variables = {name: operand_value(context, operand) for name, operand in request.variables.items()}
    return CallExternal(request_id, request.url, request.method, variables, tries)


def merge(data: Mapping[str, Any], context: Context) -> dict[str, Scalar]:
    """Take the scalars of an answer into the provided data, and return them."""
    found = {key: value for key, raw in data.items() if (value := finite(raw)) is not None}
    context.record.provided.update(found)
    return found


def succeeded(event: ExternalAnswered) -> bool:
    """Whether the server gave a usable answer (2xx)."""
    return not event.error and event.status is not None and _OK <= event.status < 300


class ExternalCallBehaviour(Visit):
    """Calls once and goes on, whatever comes of it."""

    def __init__(self, node: ExternalCallNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._request = context.next_request()
        self._waiting: Waiting | None = None

    @property
    def deadline(self) -> float | None:
        """When the courteous line is due, or the answer."""
        return self._waiting.deadline if self._waiting is not None else None

    def enter(self, now: float) -> list[Step]:
        """Call."""
        policy = self._context.policy
        self._waiting = Waiting(self._context, policy.external_seconds, now)
        return [call(self._node.request, self._request, policy.external_tries, self._context)]

    def resume(self, now: float) -> list[Step]:
        """The call goes on meanwhile; its answer has the whole time again."""
        self._waiting = Waiting(self._context, self._context.policy.external_seconds, now)
        return []

    def receive(self, event: Event, now: float) -> list[Step]:
        """The answer, or its time."""
        match event:
            case ExternalAnswered() if event.request_id == self._request:
                return [self._answered(event)]
            case TimePassed() if self._waiting is not None:
                if self._waiting.over(now):
                    return [self._leave({"ok": False, "error": "timeout"}, {"reason": "no answer in time"})]
                return self._waiting.on_time(now)
            case _:
                return [ignored(event, "the integrator's server is awaited")]

    def _answered(self, event: ExternalAnswered) -> Leave:
        ok = succeeded(event)
        response = merge(event.data, self._context) if ok else {}
        report: dict[str, Any] = {"ok": ok, "attempts": event.attempts}
        if event.status is not None:
            report["status"] = event.status
        if ok:
            report["response"] = response
        else:
            report["error"] = event.error or f"status {event.status}"
        return self._leave(report, {"milliseconds": round(event.milliseconds, 1)})

    def _leave(self, report: dict[str, Any], evidence: dict[str, Any]) -> Leave:
        members = {"report": {"url": self._node.request.url, **report}}
        return Leave(self._node.target, self._node.target, evidence, members)


class Poller:
    """Asks again and again until the data is there (200), time is up, or the answer is neither 200 nor 202.

    The time stands still while the person is away.
    """

    def __init__(self, settings: AwaitExternal, context: Context) -> None:
        self._settings = settings
        self._context = context
        self._end = 0.0
        self._next: float | None = None
        """When the next call, or the loss of the one under way, is due."""
        self._request = ""
        """Id of the call under way; empty between calls."""
        self._calls = 0
        self._paused_at: float | None = None

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        return None if self._next is None else min(self._next, self._end)

    def start(self, now: float) -> list[Step]:
        """Ask for the first time."""
        self._end = now + self._settings.timeout_seconds
        return self._call(now)

    def pause(self, now: float) -> None:
        """The person is gone."""
        if self._paused_at is None:
            self._paused_at = now

    def resume(self, now: float) -> list[Step]:
        """Ask anew: an answer under way may have been lost with the process."""
        if self._paused_at is not None:
            self._end += now - self._paused_at
            self._paused_at = None
        return self._call(now)

    def receive(self, event: ExternalAnswered, now: float) -> list[Step]:
        """The answer to one call."""
        if event.request_id != self._request:
            return [ignored(event, "not the call under way")]
        self._request = ""
        if not event.error and event.status == _NOT_YET:
            self._next = now + self._settings.interval_seconds
            return []
        if not event.error and event.status == _OK:
            merge(event.data, self._context)
            return [self._leave("onDataReady", self._settings.on_data_ready, event.status)]
        return [self._leave("onError", self._settings.on_error, event.status, event.error)]

    def on_time(self, now: float) -> list[Step]:
        """Time is up, the next call is due, or the one under way is lost."""
        if self._next is None:
            return []
        if now >= self._end:
            return [self._leave("onTimeout", self._settings.on_timeout, None)]
        if now < self._next:
            return []
        if self._request:
            return [self._leave("onError", self._settings.on_error, None, "timeout")]
        return self._call(now)

    def _call(self, now: float) -> list[Step]:
        self._calls += 1
        self._request = self._context.next_request()
        self._next = now + self._context.policy.external_seconds
        return [call(self._settings.request, self._request, 1, self._context)]

    def _leave(self, name: str, target: str, status: int | None, error: str = "") -> Leave:
        self._next = None
        evidence: dict[str, Any] = {"outcome": name, "status": status, "calls": self._calls}
        return Leave(target, target, evidence | ({"error": error} if error else {}))
