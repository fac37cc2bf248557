"""Settings of the console."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """Who looks after sessions, and how long they stay signed in."""

    idle_seconds: float = 1800.0
    """How long somebody stays signed in without doing anything."""
    sign_in_seconds: float = 43_200.0
    """The longest time between two sign-ins."""
    two_person: bool = False
    """Whether a second person must agree to each review."""
    alert_seconds: float = 30.0
    """How often it is looked at whether something is wrong that people want to be told."""
