"""What a search among templates is built from; the adapters stand beside it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from rtc_server.storage.ports import Owner, Templates

Numbers = npt.NDArray[np.int64]
"""Numbers of stored templates (``FaceRecord.number``)."""


class Neighbour(NamedTuple):
    """A template near the one that is looked for."""

    number: int
    distance: float
    """L2, as exact as the index keeps templates."""


class TemplateIndex(Protocol):
    """A searchable copy of the templates of one owner and one embedder. It may lag behind the table, never replace it.

    Methods raise StorageError when the database is in the way; only ``search`` may run beside another call.
    """

    async def newest(self) -> int:
        """Greatest number that it holds; 0 = none."""

    async def size(self) -> int:
        """How many it holds."""

    async def numbers(self) -> Numbers:
        """All that it holds, in any order."""

    async def put(self, face_ids: Sequence[str], numbers: Numbers, templates: Templates) -> None:
        """Add templates, shape (len(numbers), dimensions), in the order of their numbers; known ones are skipped."""

    async def remove(self, numbers: Numbers) -> None:
        """Let templates go; unknown ones are skipped."""

    async def settle(self) -> None:
        """Told when everything that there is has been put."""

    async def search(self, template: Templates, count: int) -> list[Neighbour]:
        """The nearest ones, nearest first; approximate."""


MakeIndex = Callable[[Owner, str, int], Awaitable[TemplateIndex]]
"""Opens the index of an owner, an embedder and the length of its templates. Raises StorageError."""
