"""Whether a session is recorded: what the operator records, and the person agrees to, for as long as they do."""

from collections.abc import Sequence
from typing import Literal

from rtc_server.rtc.messages import Recording
from rtc_server.session.line import Line
from rtc_server.session.ports import Recorder, Services
from rtc_server.session.tasks import Tasks
from rtc_server.storage.ports import SessionRecord, Store

State = Literal["on", "off", "erased"]


class SessionRecording:
    """Begins with the first page that connects, goes on over reconnections, and ends with the session."""

    def __init__(self, line: Line, services: Services, store: Store, record: SessionRecord) -> None:
        self._line = line
        self._services = services
        self._store = store
        self._record = record
        self._agreed = self._recordable((record.consent or {}).get("recording", ()))
        self._recorder: Recorder | None = None
        self._state: State = "off"
        self._tasks = Tasks("recording")
        line.on_connected.append(self._page_came)
        line.on_recording_unwanted = self.withdraw

    @property
    def on(self) -> bool:
        """Whether anything is being recorded."""
        return self._state == "on"

    def agree(self, tracks: Sequence[str]) -> None:
        """The person has said what may be recorded. Another answer than before erases what was recorded until now."""
        agreed = self._recordable(tracks)
        if agreed != self._agreed:
            self._erase()
            self._agreed = agreed
        self._begin()

    def withdraw(self) -> None:
        """The person does not want to be recorded any more. That is kept, so that a later page cannot overlook it."""
        self.agree(())
        self._tasks.start(self._forget_agreement())

    async def close(self) -> None:
        """Finish what is being recorded."""
        await self._tasks.finish()
        if self._recorder is not None:
            await self._recorder.stop()
        self._state = "off"

    def _recordable(self, tracks: Sequence[str]) -> tuple[str, ...]:
        return tuple(track for track in self._services.recordable if track in tracks)

    def _page_came(self) -> None:
        if self.on:
            self._line.send(Recording("on"))
        self._begin()

    def _begin(self) -> None:
        new_recorder = self._services.new_recorder
        if new_recorder is not None and self._recorder is None and self._agreed and self._line.connected:
            self._recorder = new_recorder(self._line.hub, self._record, self._agreed, self._failed)
            self._tell("on")

    def _erase(self) -> None:
        if self._recorder is not None:
            self._tasks.start(self._erase_of(self._recorder))
            self._recorder = None
            self._state = "off"

    async def _erase_of(self, recorder: Recorder) -> None:
        await recorder.erase()
        if self._recorder is None:
            self._tell("erased")

    def _failed(self) -> None:
        """The recorder has given up; the call goes on, and nobody is to believe that it is recorded."""
        self._tell("off")

    def _tell(self, state: State) -> None:
        self._state = state
        self._line.send(Recording(state))

    async def _forget_agreement(self) -> None:
        session = await self._store.session(self._record.id)
        if session is not None and session.consent:
            consent = {key: value for key, value in session.consent.items() if key != "recording"}
            await self._store.update_session(self._record.id, consent=consent)
