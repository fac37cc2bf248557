"""How many may look on: viewers are made here, and each is counted until it is closed."""

from collections import Counter
from collections.abc import Callable

from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.ports import PeerPolicy, PeerState
from rtc_server.rtc.viewer import Viewer

MAX_PER_SESSION = 4
MAX_PER_PROCESS = 16
"""Each viewer costs up to 0.03 of a core and as much bandwidth as the person's own camera takes."""


class Viewers:
    """Makes viewers; one per server process."""

    def __init__(
        self, policy: PeerPolicy, *, per_session: int = MAX_PER_SESSION, per_process: int = MAX_PER_PROCESS
    ) -> None:
        self._policy = policy
        self._per_session = per_session
        self._per_process = per_process
        self._held: Counter[MediaHub] = Counter()

    @property
    def open(self) -> int:
        """Viewers that are not closed."""
        return self._held.total()

    def __call__(
        self,
        hub: MediaHub,
        *,
        on_state: Callable[[PeerState], None],
        on_voice: Callable[[bytes], None],
        with_audio: bool = True,
    ) -> Viewer:
        """A fresh viewer of this hub, as in Viewer. Raises PeerError with code ``busy`` when there are too many."""
        if self._held[hub] >= self._per_session:
            raise PeerError("busy", f"{self._per_session} people look on at this session already.")
        if self.open >= self._per_process:
            raise PeerError("busy", f"This server shows {self._per_process} sessions already; close one of them first.")

        def state_changed(state: PeerState) -> None:
            if state is PeerState.CLOSED:
                self._held -= Counter([hub])  # which forgets a hub that has no viewer left
            on_state(state)

        viewer = Viewer(self._policy, hub, on_state=state_changed, on_voice=on_voice, with_audio=with_audio)
        self._held[hub] += 1
        return viewer
