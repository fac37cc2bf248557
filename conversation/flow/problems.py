"""What is wrong with a flow: every finding has a place, the name of the rule it breaks, and a sentence that helps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse a flow."""

    path: str
    """JSON path from the flow's root, such as ``flow[2].outcomes[0].targetNodeId``."""
    rule: str
    """Name of the broken rule, such as ``one_start`` or ``valid_references``."""
    message: str
    """What is wrong and what to do."""


class FlowError(ValueError):
    """A flow that cannot run; carries all its problems."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.message}" for p in problems))
        self.problems = problems
