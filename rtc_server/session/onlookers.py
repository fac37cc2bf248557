"""Who follows a session as it runs, without a say in it: what it does is told to each of them as it happens."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from conversation.flow.commands import Finish
from conversation.flow.journal import Step
from rtc_server.observe.failures import log_failure
from rtc_server.rtc.messages import FromPage, FromServer
from rtc_server.session.latency import TurnLatency

logger = logging.getLogger(__name__)


class Onlooker(Protocol):
    """Called on the event loop; may neither block nor change what it is given."""

    def step(self, step: Step) -> None:
        """One event of the flow and what the machine answered."""

    def note(self, now: float, entry: Mapping[str, Any]) -> None:
        """A line of another machine, as the journal gets it: what a check was given, and what it came to."""

    def sent(self, message: FromServer) -> None:
        """The page was told something."""

    def heard(self, message: FromPage) -> None:
        """The page told something."""

    def turn(self, turn: TurnLatency) -> None:
        """The person was answered: how long each part of that took."""

    def ended(self, finish: Finish | None) -> None:
        """The session is over and stored, or runs here no longer (None); nothing follows."""


class Onlookers:
    """Tells every onlooker; one that fails is told nothing more, and the session does not notice."""

    def __init__(self) -> None:
        self._onlookers: list[Onlooker] = []

    def add(self, onlooker: Onlooker) -> Callable[[], None]:
        """Tell this one too; the answer ends that, and may be called again."""
        self._onlookers.append(onlooker)
        return lambda: self._remove(onlooker)

    def step(self, step: Step) -> None:
        """As ``Onlooker``."""
        self._tell(lambda onlooker: onlooker.step(step))

    def note(self, now: float, entry: Mapping[str, Any]) -> None:
        """As ``Onlooker``."""
        self._tell(lambda onlooker: onlooker.note(now, entry))

    def sent(self, message: FromServer) -> None:
        """As ``Onlooker``."""
        self._tell(lambda onlooker: onlooker.sent(message))

    def heard(self, message: FromPage) -> None:
        """As ``Onlooker``."""
        self._tell(lambda onlooker: onlooker.heard(message))

    def turn(self, turn: TurnLatency) -> None:
        """As ``Onlooker``."""
        self._tell(lambda onlooker: onlooker.turn(turn))

    def ended(self, finish: Finish | None) -> None:
        """As ``Onlooker``."""
        self._tell(lambda onlooker: onlooker.ended(finish))

    def _tell(self, call: Callable[[Onlooker], None]) -> None:
        for onlooker in tuple(self._onlookers):
            try:
                call(onlooker)
            except Exception as error:
                log_failure(logger, "onlooker of a session", error)
                self._remove(onlooker)

    def _remove(self, onlooker: Onlooker) -> None:
        if onlooker in self._onlookers:
            self._onlookers.remove(onlooker)
