"""One error for every speech engine: whose fault it is, and whether trying again can help."""

from enum import StrEnum


class Category(StrEnum):
    """Kinds of failure, the same for every engine."""

    AUTHENTICATION = "authentication"
    BUSY = "busy"
    INPUT = "input"
    MODEL = "model"
    NETWORK = "network"
    PROVIDER = "provider"
    RATE_LIMIT = "rate_limit"
    TIMEOUT = "timeout"


_RETRYABLE = frozenset({Category.BUSY, Category.NETWORK, Category.RATE_LIMIT, Category.TIMEOUT})


class SpeechError(Exception):
    """A speech engine could not do its work.

    ``category`` says why, ``engine`` which one, ``retryable`` whether the same call may succeed later.
    The message never holds what was said.
    """

    def __init__(self, category: Category, engine: str, message: str) -> None:
        super().__init__(f"{engine}: {message}")
        self.category = category
        self.engine = engine

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later."""
        return self.category in _RETRYABLE
