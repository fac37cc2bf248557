"""A real call over loopback, recorded as it comes."""

import asyncio
import dataclasses
import time
from itertools import pairwise

from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.ports import PeerHandlers
from tests.recording.studio import Studio
from tests.rtc.client import Heard, Page, calling, frequency_of, sine

CALL_SECONDS = 3.0


class Recorded(Heard):
    """A call whose peer feeds a hub."""

    def __init__(self, hub: MediaHub) -> None:
        super().__init__()
        self._hub = hub

    def handlers(self) -> PeerHandlers:
        return dataclasses.replace(super().handlers(), hub=self._hub)


async def test_a_call_is_recorded_over_two_peers(studio: Studio) -> None:
    studio.keeping = dataclasses.replace(studio.keeping, clock=time.monotonic)
    recorder = studio.record()
    for _ in range(2):  # the page connects, and after a while again
        async with calling(page=Page(camera=True), heard=Recorded(studio.hub)) as call:
            call.peer.audio_out.play("greeting", sine(0.5, 24_000, frequency_hz=660), 24_000, last=True)
            await asyncio.sleep(CALL_SECONDS)  # what is measured is a time: how much is recorded in it
    await recorder.stop()
    assert studio.failures == 0
    assert sorted(part.kind for part in await studio.parts()) == ["avatarAudio", "userVideo"]
    person, told = await studio.played("userVideo"), await studio.played("avatarAudio")
    assert person.duration is not None
    assert 2 * CALL_SECONDS - 1 < person.duration < 2 * CALL_SECONDS + 4
    assert len(person.pictures) > 60
    assert all(sooner < later for (sooner, _), (later, _) in pairwise(person.pictures))
    loud = list(person.loud())
    assert len(loud) * 0.005 > 2 * CALL_SECONDS - 1.5
    heard = next(samples for at, samples in person.sounds if at > loud[0] + 1 and samples.size >= 960)
    assert abs(frequency_of(heard, 48_000) - 440) < 60
    assert 0.8 < len(list(told.loud())) * 0.005 < 1.4, "both greetings"
