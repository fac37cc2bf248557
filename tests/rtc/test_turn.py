"""Through a real TURN server (coturn) on this machine."""

import asyncio
import base64
import hashlib
import hmac
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiortc import RTCConfiguration, RTCIceServer
from aiortc.rtcconfiguration import RTCIceTransportPolicy

from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.peer import Peer
from rtc_server.rtc.ports import IceServer, PeerPolicy
from tests.rtc.client import Heard, Page, calling, until

SECRET = "only-for-this-test"


@dataclass(frozen=True)
class Turn:
    url: str

    def server(self, *, valid_seconds: int = 60) -> IceServer:
        """Credentials as coturn's REST scheme makes them: user = expiry, password = HMAC-SHA1 of it."""
        user = f"{int(time.time()) + valid_seconds}:visavis"
        digest = hmac.new(SECRET.encode(), user.encode(), hashlib.sha1).digest()
        return IceServer(urls=(self.url,), username=user, credential=base64.b64encode(digest).decode())


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def turn(tmp_path: Path) -> Iterator[Turn]:
    program = shutil.which("turnserver")
    if program is None:
        pytest.skip("coturn is not installed (Debian: apt install coturn)")
    port = free_port()
    options = [
        *("--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}"),
        *("--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=visavis", "--allow-loopback-peers"),
        *("--no-tls", "--no-dtls", "--no-cli", "--min-port=43300", "--max-port=43399"),
        *(f"--userdb={tmp_path / 'db'}", f"--pidfile={tmp_path / 'pid'}", "--log-file=stdout", "--simple-log"),
    ]
    log = (tmp_path / "log").open("wb")
    process = subprocess.Popen([program, "-n", *options], stdout=log, stderr=subprocess.STDOUT, cwd=tmp_path)
    try:
        wait_for_listener(port, process)
        yield Turn(f"turn:127.0.0.1:{port}?transport=udp")
    finally:
        process.kill()
        process.wait(5)
        log.close()


def wait_for_listener(port: int, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("coturn did not start to listen")


async def test_a_page_that_may_only_relay_is_reached(turn: Turn) -> None:
    server = turn.server()
    relayed = RTCConfiguration(
        iceServers=[RTCIceServer(list(server.urls), server.username, server.credential)],
        iceTransportPolicy=RTCIceTransportPolicy.RELAY,
    )
    async with calling(policy=PeerPolicy(ice_servers=(server,)), page=Page(configuration=relayed)) as call:
        await until(lambda: sum(s.size for _, s in call.heard.chunks) > 8_000)
        await until(lambda: len(call.page.packets) > 20)


async def test_a_stun_server_tells_the_address_seen_from_outside(turn: Turn) -> None:
    stun = turn.url.replace("turn:", "stun:").removesuffix("?transport=udp")
    async with calling(policy=PeerPolicy(ice_servers=(IceServer(urls=(stun,)),))) as call:
        answer = call.peer.connection.localDescription.sdp
        kinds = [line.split()[7] for line in answer.splitlines() if line.startswith("a=candidate")]
        assert "srflx" in kinds
        assert "host" in kinds


async def test_a_server_that_may_only_relay_shows_no_address_of_its_own(turn: Turn) -> None:
    policy = PeerPolicy(ice_servers=(turn.server(),), relay_only=True)
    page, heard = Page(), Heard()
    peer = Peer(policy, heard.handlers())
    try:
        answer = await peer.answer(await page.offer())
        kinds = [line.split()[7] for line in answer.splitlines() if line.startswith("a=candidate")]
        assert kinds
        assert set(kinds) == {"relay"}
    finally:
        await peer.close()
        await page.close()


async def test_expired_credentials_are_told_at_once(turn: Turn) -> None:
    policy = PeerPolicy(ice_servers=(turn.server(valid_seconds=-60),), relay_only=True)
    page = Page()
    peer = Peer(policy, Heard().handlers())
    try:
        with pytest.raises(PeerError, match="TURN server gave no relay") as refused:
            await asyncio.wait_for(peer.answer(await page.offer()), 8)
        assert refused.value.code == "relay_unavailable"
    finally:
        await peer.close()
        await page.close()
