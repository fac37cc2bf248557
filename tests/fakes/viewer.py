"""Connections of agents without a network."""

import asyncio
from collections.abc import Callable

from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.ports import PeerState, ViewerStatistics


class FakeViewer:
    """``ViewerPort`` that is in the test's hand."""

    def __init__(self, on_state: Callable[[PeerState], None], on_voice: Callable[[bytes], None]) -> None:
        self.on_state = on_state
        self.speaks = on_voice
        self.state = PeerState.CONNECTING
        self.statistics = ViewerStatistics(0, 0, 0, 0, 0)

    async def answer(self, offer_sdp: str) -> str:
        await asyncio.sleep(0)
        if not offer_sdp.startswith("v=0"):
            raise PeerError("invalid_sdp", "the offer has no version line")
        return "v=0 answer"

    async def close(self) -> None:
        if self.state is not PeerState.CLOSED:
            self.move(PeerState.CLOSED)

    def move(self, state: PeerState) -> None:
        self.state = state
        self.on_state(state)


class FakeViewers:
    """Makes them, up to a number."""

    def __init__(self) -> None:
        self.made: list[FakeViewer] = []
        self.hubs: list[MediaHub] = []
        self.with_audio: list[bool] = []
        self.places = 10

    def __call__(
        self,
        hub: MediaHub,
        *,
        on_state: Callable[[PeerState], None],
        on_voice: Callable[[bytes], None],
        with_audio: bool = True,
    ) -> FakeViewer:
        if len(self.made) >= self.places:
            raise PeerError("busy", "too many look on")
        self.hubs.append(hub)
        self.with_audio.append(with_audio)
        self.made.append(FakeViewer(on_state, on_voice))
        return self.made[-1]
