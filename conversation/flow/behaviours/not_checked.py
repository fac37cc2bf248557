"""Nodes that the engine of an older session did not run: they are left at once by a neutral outcome, never by "passed"
or "failed"."""

from collections.abc import Mapping
from typing import Any

from conversation.flow.behaviour import Context, Leave, Step, Visit
from conversation.flow.nodes import VisionNode

NOT_CHECKED: Mapping[str, str] = {
    "liveness_detection": "inconclusive",
    "face_scan": "error",
    "face_compare": "imageUnavailable",
    "recognition": "noFace",
    "document_scan": "scanTimeout",
}
"""Node type → canonical outcome that says nothing about the person."""

REASON = "This version does not look at the camera picture, so nothing was checked. It says nothing about the person."

_RUN_SINCE = {"document_scan": 3}
"""Engine version from which on a node type is run, where it is not ``_SEES_SINCE``."""

_SEES_SINCE = 2


def skipped(node_type: str, engine_version: int) -> bool:
    """Whether a node of this type takes no time, because nobody looks, in a session of an engine version."""
    return node_type in NOT_CHECKED and engine_version < _RUN_SINCE.get(node_type, _SEES_SINCE)


class NotCheckedBehaviour(Visit):
    """Leaves at once, and says that nothing was checked."""

    def __init__(self, node: VisionNode, context: Context) -> None:
        self._node = node

    def enter(self, now: float) -> list[Step]:
        """Leave."""
        members: dict[str, Any] = {"notChecked": REASON}
        if self._node.type == "liveness_detection":
            members["inconclusiveReason"] = "no_media"
        key, target = self._node.way(NOT_CHECKED[self._node.type])
        return [Leave(target, key, {"reason": "not_checked"}, members)]
