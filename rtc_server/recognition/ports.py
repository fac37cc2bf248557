"""The vocabulary of identification: what is enrolled, what is found."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Consent:
    """To what the person agreed, when, and in which language. Without it nothing is enrolled."""

    text: str
    locale: str
    given_at: int
    """Unix milliseconds."""
    session_id: str = ""
    """Where it was given; empty when the customer took it."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What is to be kept with a template."""

    reference: str
    """The customer's own id of the person, such as ``clientReferenceId``; may be empty."""
    fields: Mapping[str, str]
    """What a recognition may tell: name, email, phone, company, jobTitle."""
    consent: Consent
    may_replace: bool = True
    """Whether somebody else may take the place of whoever has the reference: the customer decides that, and not the
    person before a camera."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What became of an enrolment."""

    face_id: str
    """``face_…`` of what was kept; empty when nothing was."""
    duplicate_of: str = ""
    """Id of the enrolled face that is too much alike."""
    taken: bool = False
    """Whether somebody else has the reference, who may not be replaced."""


@dataclass(frozen=True, slots=True)
class Identification:
    """What a search found."""

    face_id: str
    """Empty: nobody, or nobody clearly enough."""
    reference: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    distance: float | None = None
    """Of the best candidate, whether taken or not; None when nobody is enrolled."""
    margin: float | None = None
    """How much farther the runner-up is; None when there is none."""
    enrolled: int = 0
    """How many faces were searched."""
