"""The list of running sessions as it changes, gathered for a moment and worded once for all who watch it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable

from rtc_server.console.ports import Supervision
from rtc_server.staff.masking import mask_reference
from rtc_server.staff.roles import Permission, Staff
from rtc_server.storage.ports import Json

GATHER_SECONDS = 0.2
"""How long changes are gathered; a person sees no list change faster than that."""


class LiveFeed:
    """What all lists share: each summary is put into words once for those who see contacts, and once for the rest."""

    def __init__(self, supervision: Supervision) -> None:
        self._supervision = supervision
        self._worded: dict[tuple[str, bool], str] = {}
        self._readers: set[LiveList] = set()
        self._silence: Callable[[], None] | None = None

    def open(self, staff: Staff) -> "LiveList":
        """A list for one member of staff; to be closed."""
        reader = LiveList(self, staff)
        self._readers.add(reader)
        if self._silence is None:
            self._silence = self._supervision.on_change(self._on_change)
        return reader

    def close(self, reader: "LiveList") -> None:
        """This one is read no longer; without readers nothing is gathered."""
        self._readers.discard(reader)
        if not self._readers and self._silence is not None:
            self._silence()
            self._silence = None
            self._worded.clear()

    def summaries(self) -> list[Json]:
        """Of all running sessions."""
        return self._supervision.summaries()

    def summary(self, session_id: str) -> Json | None:
        """Of one; None when it runs no longer."""
        return self._supervision.summary(session_id)

    def worded(self, summary: Json, *, contact: bool) -> str:
        """A summary as JSON."""
        key = (summary["id"], contact)
        text = self._worded.get(key)
        if text is None:
            text = self._worded[key] = json.dumps(shown(summary, contact=contact), separators=(",", ":"))
        return text

    def _on_change(self, session_id: str) -> None:
        self._worded.pop((session_id, True), None)
        self._worded.pop((session_id, False), None)
        for reader in self._readers:
            reader.note(session_id)


class LiveList:
    """One reader: first everything that it may see, then what has changed of it."""

    def __init__(self, feed: LiveFeed, staff: Staff) -> None:
        self._feed = feed
        self._staff = staff
        self._contact = staff.may(Permission.SEE_CONTACT)
        self._changed: set[str] = set()
        self._shown: set[str] = set()
        self._bell = asyncio.Event()

    def note(self, session_id: str) -> None:
        """A session has changed, come or gone."""
        self._changed.add(session_id)
        self._bell.set()

    def close(self) -> None:
        """End it."""
        self._feed.close(self)

    def first(self) -> str:
        """``{"sessions": […]}``: all that this reader may see."""
        words = []
        for summary in self._feed.summaries():
            if self._staff.sees(summary["tenant"], summary["sandbox"]):
                self._shown.add(summary["id"])
                words.append(self._feed.worded(summary, contact=self._contact))
        return '{"sessions":[' + ",".join(words) + "]}"

    async def changes(self, idle_seconds: float) -> AsyncIterator[str]:
        """``{"changed": […], "gone": [ids]}`` whenever there is some; empty text when there was nothing for so long."""
        while True:
            try:
                async with asyncio.timeout(idle_seconds):
                    await self._bell.wait()
            except TimeoutError:
                yield ""
                continue
            await asyncio.sleep(GATHER_SECONDS)
            self._bell.clear()
            yield self._gathered()

    def _gathered(self) -> str:
        ids, self._changed = self._changed, set()
        changed, gone = [], []
        for session_id in ids:
            summary = self._feed.summary(session_id)
            if summary is None:
                if session_id in self._shown:
                    self._shown.discard(session_id)
                    gone.append(session_id)
            elif self._staff.sees(summary["tenant"], summary["sandbox"]):
                self._shown.add(session_id)
                changed.append(self._feed.worded(summary, contact=self._contact))
        if not changed and not gone:
            return ""
        return '{"changed":[' + ",".join(changed) + '],"gone":' + json.dumps(gone) + "}"


def shown(summary: Json, *, contact: bool) -> Json:
    """A summary for somebody who sees contacts, or does not."""
    return summary if contact else summary | {"clientReferenceId": mask_reference(summary["clientReferenceId"])}
