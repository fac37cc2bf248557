"""A page and a peer over real sockets: audio both ways, messages, the end of a call."""

import asyncio
import itertools

import numpy as np
import pytest

from rtc_server.rtc.messages import Ping, Pong, State, Text
from tests.rtc.client import calling, frequency_of, until


async def test_the_microphone_is_heard_without_a_hole() -> None:
    async with calling() as call:
        await until(lambda: sum(s.size for _, s in call.heard.chunks) > 24_000)
        for (first, samples), (following, _) in itertools.pairwise(call.heard.chunks):
            assert following == first + samples.size
        heard = call.heard.samples[4_000:20_000]
        assert frequency_of(heard, 16_000) == pytest.approx(440, abs=2)
        assert np.abs(np.diff(heard)).max() < 0.12, "a jump in a sine is a hole"
        assert call.peer.audio_in.statistics.lost == 0


async def test_messages_go_both_ways_and_a_ping_is_answered() -> None:
    async with calling() as call:
        await asyncio.wait_for(call.page.opened.wait(), 5)
        call.page.send(Ping(at_ms=12.5))
        call.page.send(Text(text="hello"))
        call.page.channel.send("{broken")
        call.peer.send(State(state="listening"))
        await until(lambda: len(call.page.messages) == 2 and call.peer.messages_refused == 1)
        assert set(call.page.messages) == {Pong(at_ms=12.5), State(state="listening")}
        assert call.heard.messages == [Text(text="hello")]
