"""Remembers verdicts on flows: most create calls send one of a few, and judging one takes longer than all else."""

import hashlib
import json
import threading
from collections import OrderedDict
from typing import Any

from rtc_server.api.ports import CheckFlow, FlowCheck

MAX_REMEMBERED = 256
MAX_CHARACTERS = 100_000
"""A larger flow as JSON is judged each time, so that the memory stays bounded."""


class FlowCheckCache:
    """A ``CheckFlow`` in front of another one, for any thread.

    Verdicts are shared, so nobody may change their lists.
    """

    def __init__(self, check_flow: CheckFlow, size: int = MAX_REMEMBERED) -> None:
        self._check_flow = check_flow
        self._size = size
        self._known: OrderedDict[tuple[str, bool], FlowCheck] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, flow: Any, *, lenient: bool = False) -> FlowCheck:
        """The verdict, from memory when the same JSON was judged before."""
        text = json.dumps(flow)
        if len(text) > MAX_CHARACTERS:
            return self._check_flow(flow, lenient=lenient)
        key = (hashlib.sha256(text.encode()).hexdigest(), lenient)
        check = self._known.get(key) or self._check_flow(flow, lenient=lenient)
        with self._lock:
            self._known[key] = check
            self._known.move_to_end(key)
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        return check
