"""Settings of the dialogue."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DialogueSettings:
    """Patience of the avatar."""

    silence_seconds: float = 8.0
    """Silence after a question before the avatar says something."""
    away_seconds: float = 300.0
    """How long a vanished page may take to come back."""
    session_seconds: float = 1800.0
    """Longest session."""
