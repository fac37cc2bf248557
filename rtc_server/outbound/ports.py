"""Values that calls to customers' servers come to."""

from collections.abc import Mapping
from dataclasses import dataclass

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class ExternalAnswer:
    """What the integrator's server said; fields as in ``flow.ExternalAnswered``."""

    status: int | None
    """HTTP status; None when there was no answer."""
    data: Mapping[str, Scalar]
    """The scalars of a flat JSON object; empty otherwise."""
    error: str
    """Why there is no usable answer: ``not_allowed``, ``http_status``, ``not_an_object`` or a code of OutboundError;
    empty = fine."""
    attempts: int
    milliseconds: float
    """From the first attempt to the last answer."""
