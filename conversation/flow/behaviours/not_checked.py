"""Nodes that this version cannot run: they are left at once by a neutral outcome, never by "passed" or "failed"."""

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


class NotCheckedBehaviour(Visit):
    """Leaves at once, and says that nothing was checked."""

    def __init__(self, node: VisionNode, context: Context) -> None:
        self._node = node

    def enter(self, now: float) -> list[Step]:
        """Leave. An author's flow without the optional ``inconclusive`` goes the way of ``noFace``."""
        name = NOT_CHECKED[self._node.type]
        members: dict[str, Any] = {"notChecked": REASON}
        if self._node.type == "liveness_detection":
            members["inconclusiveReason"] = "no_media"
        try:
            key, target = self._node.way(name)
        except KeyError:
            key, (_, target) = name, self._node.way("noFace")
        return [Leave(target, key, {"reason": "not_checked"}, members)]
