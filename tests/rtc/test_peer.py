"""A page and a peer over real sockets: audio both ways, messages, heartbeat, the end of a call."""

import asyncio
import itertools
import logging
import threading
import time
from dataclasses import replace

import numpy as np
import psutil
import pytest

from rtc_server.rtc import seams
from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.impairment import Impairment, NetworkProfile, impair
from rtc_server.rtc.messages import Ping, Pong, State, Text
from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import IceServer, PeerPolicy, PeerState, PlaybackEnded, PlaybackStarted
from tests.rtc.client import Call, Heard, Page, calling, frequency_of, sine, until


def decoder_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.endswith("-decoder")]


async def test_the_microphone_is_heard_without_a_hole() -> None:
    async with calling() as call:
        await until(lambda: sum(s.size for _, s in call.heard.chunks) > 24_000)
        for (first, samples), (following, _) in itertools.pairwise(call.heard.chunks):
            assert following == first + samples.size
        heard = call.heard.samples[4_000:20_000]
        assert heard.dtype == np.float32
        assert frequency_of(heard, 16_000) == pytest.approx(440, abs=2)
        assert np.abs(np.diff(heard)).max() < 0.12, "a jump in a sine is a hole"
        assert call.peer.audio_in.statistics.lost == 0


async def median_lag(call: Call, epoch: float) -> float:
    """How far what was heard lags behind the clock, over a second; only differences of it mean anything."""
    lags = []
    for _ in range(50):
        await asyncio.sleep(0.02)
        lags.append(asyncio.get_running_loop().time() - epoch - call.heard.chunks[-1][0] / 16_000)
    return float(np.median(lags))


async def test_five_percent_loss_leaves_the_delay_where_it_was() -> None:
    async with calling() as call:
        await until(lambda: len(call.heard.chunks) > 10)
        epoch = asyncio.get_running_loop().time()
        before = await median_lag(call, epoch)
        network = Impairment(NetworkProfile(loss=0.05), seed=1)
        impair(call.page.connection, outgoing=network, incoming=Impairment(NetworkProfile(), seed=1))
        await until(lambda: call.peer.audio_in.statistics.lost >= 5, timeout=10)
        assert await median_lag(call, epoch) - before < 0.025
        statistics = call.peer.audio_in.statistics
        assert statistics.lost <= network.lost
        assert statistics.late == 0
        assert call.peer.audio_in.wait == pytest.approx(0.020)
        assert all(b[0] == a[0] + a[1].size for a, b in itertools.pairwise(call.heard.chunks))


async def test_loss_and_jitter_together_are_survived() -> None:
    async with calling() as call:
        profile = NetworkProfile(loss=0.05, delay_ms=50, jitter_ms=30)
        impair(call.page.connection, outgoing=Impairment(profile, 1), incoming=Impairment(profile, 2))
        await asyncio.sleep(3)
        statistics = call.peer.audio_in.statistics
        assert 0.020 < call.peer.audio_in.wait <= 0.120, "it has learnt that packets overtake each other"
        assert statistics.lost < 0.2 * statistics.received
        assert all(b[0] == a[0] + a[1].size for a, b in itertools.pairwise(call.heard.chunks))
        assert call.heard.states == [PeerState.CONNECTED]


async def test_messages_go_both_ways_and_a_ping_is_answered() -> None:
    async with calling() as call:
        call.page.send(Ping(at_ms=12.5))
        call.page.send(Text(text="hello"))
        call.page.channel.send("{broken")
        call.peer.send(State(state="listening"))
        await until(lambda: len(call.page.messages) == 2 and call.peer.messages_refused == 1)
        assert set(call.page.messages) == {Pong(at_ms=12.5), State(state="listening")}
        assert call.heard.messages == [Text(text="hello")]


async def test_a_page_without_a_microphone_is_served() -> None:
    async with calling(page=Page(microphone=False)) as call:
        await until(lambda: len(call.page.packets) > 10)
        assert call.heard.chunks == []


async def test_a_silent_page_is_lost_after_the_timeout() -> None:
    async with calling(policy=PeerPolicy(peer_timeout_seconds=0.6), page=Page(microphone=False)) as call:
        await until(lambda: call.heard.states[-1] is PeerState.LOST, timeout=2)


async def test_a_stall_of_our_own_loop_is_not_taken_for_a_dead_page() -> None:
    async with calling(policy=PeerPolicy(peer_timeout_seconds=0.6)) as call:
        await asyncio.sleep(0.3)
        time.sleep(1.0)  # noqa: ASYNC251 - the stall is what is tested
        await asyncio.sleep(0.5)
        assert call.heard.states == [PeerState.CONNECTED]


async def test_pings_alone_keep_a_page_alive() -> None:
    async with calling(policy=PeerPolicy(peer_timeout_seconds=0.6), page=Page(microphone=False)) as call:
        for _ in range(6):
            call.page.send(Ping(at_ms=1))
            await asyncio.sleep(0.25)
        assert call.heard.states == [PeerState.CONNECTED]


async def test_a_page_that_vanishes_is_lost_then_closed() -> None:
    heard = Heard()
    async with calling(policy=PeerPolicy(peer_timeout_seconds=0.6), heard=heard) as call:
        impair(
            call.page.connection,
            outgoing=Impairment(NetworkProfile(loss=0.999999), 1),
            incoming=Impairment(NetworkProfile(), 1),
        )
        await until(lambda: PeerState.LOST in heard.states, timeout=2)
    assert heard.states == [PeerState.CONNECTED, PeerState.LOST, PeerState.CLOSED]


async def test_a_page_that_hangs_up_is_lost_soon() -> None:
    async with calling() as call:
        await call.page.close()
        await until(lambda: PeerState.LOST in call.heard.states, timeout=2)


async def test_close_leaves_no_thread_no_task_and_no_socket() -> None:
    # aioice keeps one mDNS socket for the process once it was used; it is not used here.
    process = psutil.Process()
    tasks, sockets = asyncio.all_tasks(), len(process.net_connections("udp"))
    async with calling(page=Page(camera=True)) as call:
        await until(lambda: call.peer.frames.received > 0)
        assert len(decoder_threads()) >= 2
        await asyncio.wait_for(call.peer.close(), 2.5)
        await call.peer.close()
    await asyncio.sleep(0.1)
    assert decoder_threads() == []
    assert asyncio.all_tasks() == tasks
    assert len(process.net_connections("udp")) == sockets
    assert call.heard.states[-1] is PeerState.CLOSED


async def test_a_closed_peer_drops_messages_and_candidates_quietly() -> None:
    peer = Peer(PeerPolicy(), Heard().handlers())
    await peer.close()
    peer.send(State(state="idle"))
    assert peer.messages_dropped == 1
    await peer.add_candidates([{"candidate": "candidate:1 1 udp 1 192.0.2.7 9 typ host", "sdpMid": "0"}])


async def test_a_connection_that_will_not_close_is_left_in_two_seconds_without_its_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with calling(page=Page(camera=True)) as call:
        really_close = call.peer.connection.close
        monkeypatch.setattr(call.peer.connection, "close", asyncio.Event().wait)
        await asyncio.wait_for(call.peer.close(), 3)
        ours = [name for name in decoder_threads() if name == "video-decoder"]
        assert ours == [], "only the peer receives video"
        assert call.heard.states[-1] is PeerState.CLOSED
        await really_close()


async def test_closing_while_the_page_never_comes() -> None:
    page, heard = Page(), Heard()
    peer = Peer(PeerPolicy(), heard.handlers())
    await peer.answer(await page.offer())
    await asyncio.wait_for(peer.close(), 2.5)
    await page.close()
    assert heard.states == [PeerState.CLOSED]
    assert decoder_threads() == []


async def test_a_broken_offer_is_refused_and_leaves_nothing() -> None:
    peer = Peer(PeerPolicy(), Heard().handlers())
    with pytest.raises(PeerError, match="audio") as refused:
        await peer.answer("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n")
    assert refused.value.code == "invalid_sdp"
    await peer.close()


async def test_trickled_candidates_connect() -> None:
    page, heard = Page(), Heard()
    peer = Peer(PeerPolicy(), heard.handlers())
    offer = await page.offer()
    lines = offer.splitlines(keepends=True)
    trickled = [line[2:].strip() for line in dict.fromkeys(lines) if line.startswith("a=candidate")]
    bare = "".join(line for line in lines if not line.startswith(("a=candidate", "a=end-of-candidates")))
    try:
        answer = await peer.answer(bare)
        with pytest.raises(PeerError, match="sdpMid"):
            await peer.add_candidates([{"candidate": trickled[0]}])
        await peer.add_candidates([{"candidate": text, "sdpMid": "0", "sdpMLineIndex": 0} for text in trickled])
        await page.accept(answer)
        await until(lambda: PeerState.CONNECTED in heard.states)
    finally:
        await page.close()
        await peer.close()


async def test_a_full_port_range_is_refused_as_busy() -> None:
    policy = PeerPolicy(udp_port_min=43_250, udp_port_max=43_250)
    first, second = Peer(policy, Heard().handlers()), Peer(policy, Heard().handlers())
    page = Page()
    try:
        offer = await page.offer()
        await first.answer(offer)
        with pytest.raises(PeerError, match="43250 to 43250") as refused:
            await second.answer(offer)
        assert refused.value.code == "busy"
    finally:
        await first.close()
        await second.close()
        await page.close()


async def test_what_was_being_said_when_the_page_vanished_is_told_as_cut_short() -> None:
    async with calling(policy=PeerPolicy(peer_timeout_seconds=0.6), page=Page(microphone=False)) as call:
        call.peer.audio_out.play("u1", sine(20, 24_000), 24_000, last=True)
        await until(lambda: PeerState.LOST in call.heard.states, timeout=3)
        started, ended = call.heard.playback
        assert started == PlaybackStarted("u1")
        assert isinstance(ended, PlaybackEnded)
        assert not ended.completed
        assert 0 < ended.played_seconds < 3


async def test_names_that_nobody_resolves_do_not_hold_the_answer_up() -> None:
    page, heard = Page(), Heard()
    peer = Peer(PeerPolicy(), heard.handlers())
    name = "a=candidate:9 1 udp 2130706431 0a1b2c3d-visavis-test-{}.local 9 typ host\r\n"
    offer = await page.offer()
    head, end = offer.split("a=end-of-candidates\r\n", 1)
    try:
        answering = peer.answer(head + "".join(name.format(n) for n in range(20)) + end)
        await page.accept(await asyncio.wait_for(answering, 2))
        await until(lambda: PeerState.CONNECTED in heard.states)
    finally:
        await page.close()
        await peer.close()


async def test_an_address_that_is_no_ice_server_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"ice_servers: 'http://example\.com'"):
        Peer(PeerPolicy(ice_servers=(IceServer(urls=("http://example.com",)),)), Heard().handlers())


async def test_a_handler_that_fails_makes_the_peer_lost_and_says_nothing_personal(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(message: object) -> None:
        raise RuntimeError(f"could not take {message}")

    heard = Heard()
    peer, page = Peer(PeerPolicy(), replace(heard.handlers(), message=fail)), Page()
    try:
        await page.accept(await peer.answer(await page.offer()))
        await until(lambda: PeerState.CONNECTED in heard.states and page.opened.is_set())
        with caplog.at_level(logging.INFO):
            page.send(Text(text="my name is Ann"))
            await until(lambda: PeerState.LOST in heard.states)
        assert "message failed with RuntimeError" in caplog.text
        assert "Ann" not in caplog.text
    finally:
        await page.close()
        await peer.close()


async def test_ports_stay_in_the_range_and_the_public_address_is_told() -> None:
    policy = PeerPolicy(udp_port_min=43_100, udp_port_max=43_119, public_ip="198.51.100.9")
    page, peer = Page(), Peer(policy, Heard().handlers())
    try:
        answer = await peer.answer(await page.offer())
        hosts = {tuple(line.split()[4:6]) for line in answer.splitlines() if line.startswith("a=candidate")}
        assert hosts
        assert all(43_100 <= int(port) <= 43_119 for _, port in hosts)
        assert all(host == "198.51.100.9" for host, _ in hosts if ":" not in host)
        assert "stun" not in answer
    finally:
        await peer.close()
        await page.close()


async def test_calls_work_inside_the_port_range() -> None:
    policy = PeerPolicy(udp_port_min=43_200, udp_port_max=43_209)
    async with calling(policy=policy) as one, calling(policy=policy) as two:
        for call in (one, two):
            (agent,) = seams.ice_connections(call.peer.connection)
            assert all(43_200 <= pair.local_addr[1] <= 43_209 for pair in agent._nominated.values())
