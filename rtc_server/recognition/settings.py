"""Settings of identification."""

from dataclasses import dataclass

INDICES = ("usearch", "pgvector")


@dataclass(frozen=True, slots=True)
class RecognitionSettings:
    """Recognising enrolled faces."""

    index: str = "usearch"
    """How enrolled faces are searched: ``usearch`` (in the server's memory) or ``pgvector`` (in PostgreSQL, where the
    search needs templates that are only rotated, not encrypted)."""
    max_faces: int = 1_000_000
    """Faces that a tenant may enrol, in the sandbox and in production apart."""
    wait_seconds: float = 10.0
    """How long a search waits for an index that is being built; later it is "not checked"."""

    def problem(self) -> tuple[str, str] | None:
        """What cannot work: name of the setting and why."""
        if self.index not in INDICES:
            return "index", f"is '{self.index}'; choose one of {', '.join(INDICES)}"
        return None
