"""The private names that seams.py relies on exist in the installed versions; a frozen picture asks for a key frame."""

import asyncio
from importlib.metadata import version

from aiortc import RTCConfiguration, RTCPeerConnection

from rtc_server.rtc import seams
from rtc_server.rtc.impairment import Impairment, NetworkProfile, impair
from rtc_server.rtc.ports import PeerPolicy
from tests.rtc.client import Page, calling, until


async def test_every_seam_exists() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    connection.addTransceiver("audio")
    connection.createDataChannel("visavis")
    try:
        assert seams.missing_seams(connection) == []
    finally:
        await connection.close()


async def test_a_seam_that_is_gone_is_named() -> None:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    transceiver = connection.addTransceiver("audio")
    connection.createDataChannel("visavis")
    try:
        delattr(transceiver.sender, "_RTCRtpSender__rtp_timestamp")
        assert seams.missing_seams(connection) == ["_RTCRtpSender__rtp_timestamp"]
    finally:
        await connection.close()


def test_the_versions_are_the_ones_that_were_read() -> None:
    assert version("aiortc") == "1.16.0"
    assert version("aioice").startswith("0.13.")


async def test_the_picture_comes_back_soon_after_an_outage() -> None:
    """aiortc alone waits for packets that nobody can send again until its 512 slots are full: seconds, or many."""
    async with calling(policy=PeerPolicy(peer_timeout_seconds=20), page=Page(camera=True)) as call:
        await until(lambda: call.peer.frames.received > 5)
        gone = Impairment(NetworkProfile(loss=0.999999), seed=1)
        open_again = Impairment(NetworkProfile(), seed=1)
        impair(call.page.connection, outgoing=gone, incoming=open_again)
        await asyncio.sleep(2)
        before = call.peer.frames.received
        gone._profile = NetworkProfile()
        await until(lambda: call.peer.frames.received > before + 5, timeout=2.5)


async def test_frames_are_never_queued() -> None:
    async with calling(page=Page(camera=True)) as call:
        await until(lambda: call.peer.frames.received > 20)
        for receiver in call.peer.connection.getReceivers():
            assert receiver.track._queue.qsize() <= 1  # type: ignore[attr-defined]
        assert call.peer.frames.dropped >= call.peer.frames.received - 1
        frame = await call.peer.frames.next(timeout=1)
        assert frame is not None
        assert (frame.width, frame.height) == (160, 120)
        assert call.peer.frames.take() is None
