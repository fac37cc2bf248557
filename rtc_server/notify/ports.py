"""What the adapters that send messages have in common."""

from dataclasses import dataclass
from typing import Literal, Protocol

SendFailure = Literal["", "undeliverable", "unavailable", "not_configured"]
"""Empty = accepted for delivery; ``undeliverable`` = refused for good; ``unavailable`` = no answer or a temporary
refusal; ``not_configured`` = the operator has set up no way to send it."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """How sending a one-time code went."""

    digest: str
    """Keyed hash of the code, hex; empty when it was not sent."""
    failure: SendFailure = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to be sent to one person."""

    recipient: str
    """E-mail address, or phone number in E.164."""
    text: str
    subject: str = ""
    """Of an e-mail."""
    html: str = ""
    """Of an e-mail; empty = text only."""
    session_id: str = ""


class Sender(Protocol):
    """One way of sending messages."""

    async def send(self, message: Message) -> SendFailure:
        """Send. Never raises; bounded in time."""

    async def close(self) -> None:
        """Release connections."""
