"""One row of the console's table of paths."""

import re
from dataclasses import dataclass
from typing import Literal

from aiohttp.typedefs import Handler

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """A method on a path below ``/console/api``; its handler is wrapped by ``staff_only`` or ``open_to_all``."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    """Parameters in braces and snake_case, such as ``/live/{session_id}``."""
    handler: Handler

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the path's parameters."""
        return tuple(_PARAMETER.findall(self.path))
