"""What a document scan is to achieve."""

from dataclasses import dataclass
from typing import Literal

from vision.document.document import CivilDate


@dataclass(frozen=True, slots=True)
class Plan:
    """One scan."""

    sides: Literal["single", "automatic"]
    """``automatic``: as many as the document needs."""
    kinds: tuple[str, ...]
    """Document types that may be taken, as ``Document.kind`` names them; ``any`` among them = all."""
    allow_expired: bool
    today: CivilDate
    """Where the server is; what is expired is judged by it."""
    limit_seconds: float
    reject_recaptured: bool = False
    """Whether signs of a screen or a print refuse the document, or only stand in the report."""
