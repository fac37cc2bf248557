"""A connection that is only measured: between two real WebRTC stacks on this machine, and all that is refused."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription

from rtc_server.api.ports import CallError
from rtc_server.rtc import preflight
from rtc_server.rtc.connecting import new_connection
from rtc_server.rtc.impairment import Impairment, NetworkProfile, impair
from rtc_server.rtc.ports import PeerPolicy
from rtc_server.rtc.preflight import Preflights
from tests.rtc.client import until

RESULT_SECONDS = 8.0


class Page:
    """Offers one data channel and keeps what comes over it."""

    def __init__(self, label: str = "preflight") -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.channel: RTCDataChannel = self.connection.createDataChannel(label)
        self.channel.on("message", self._on_message)
        self.texts: list[str] = []
        self.data_bytes = 0

    def _on_message(self, data: str | bytes) -> None:
        if isinstance(data, str):
            self.texts.append(data)
        else:
            self.data_bytes += len(data)

    async def offer(self) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return str(self.connection.localDescription.sdp)

    async def dial(self, preflights: Preflights, session_id: str = "s1") -> None:
        answer = await preflights.answer(session_id, await self.offer())
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def result(self) -> dict[str, Any]:
        """The one message that is no echo."""
        await until(lambda: any(text.startswith("{") for text in self.texts), RESULT_SECONDS)
        found: dict[str, Any] = json.loads(next(text for text in self.texts if text.startswith("{")))
        return found


@pytest.fixture
async def preflights() -> AsyncIterator[Preflights]:
    made = Preflights(PeerPolicy())
    yield made
    await made.close()


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    made = Page()
    yield made
    await made.connection.close()


async def test_a_good_connection_is_measured_and_the_end_frees_its_place(preflights: Preflights, page: Page) -> None:
    await page.dial(preflights)
    assert preflights.running == 1
    result = await page.result()
    assert result.keys() == {"roundTripMs", "kilobitsPerSecond", "transport"}
    assert result["transport"] == "udp"
    assert 0 < result["roundTripMs"] < 200
    assert 1_000 < result["kilobitsPerSecond"] <= preflight.MOST_KILOBITS_PER_SECOND + 100
    most_bytes = preflight.MOST_KILOBITS_PER_SECOND * 125 * preflight.SENDING_SECONDS + len(preflight.MESSAGE)
    assert result["kilobitsPerSecond"] * 125 < page.data_bytes / preflight.SENDING_SECONDS * 1.1
    assert page.data_bytes <= most_bytes
    await page.connection.close()
    await until(lambda: preflights.running == 0)


async def test_a_bad_connection_is_told_from_a_good_one(
    preflights: Preflights, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quarter of the packets is lost, and the others take their time: what is sent may not count as arrived."""
    made: list[RTCPeerConnection] = []

    def kept(policy: PeerPolicy) -> RTCPeerConnection:
        made.append(new_connection(policy))
        return made[-1]

    monkeypatch.setattr(preflight, "new_connection", kept)
    await page.dial(preflights)
    bad = NetworkProfile(loss=0.25, delay_ms=60.0)
    impair(made[0], outgoing=Impairment(bad, 1), incoming=Impairment(NetworkProfile(), 2))
    result = await page.result()
    assert result["kilobitsPerSecond"] < 1_000


async def test_what_the_page_writes_comes_back_but_not_without_end(preflights: Preflights, page: Page) -> None:
    await page.dial(preflights)
    await until(lambda: page.channel.readyState == "open")
    page.channel.send("hello")
    page.channel.send("x" * (preflight.MAX_ECHO_CHARACTERS + 1))
    for _ in range(2 * preflight.MAX_ECHOES):
        page.channel.send("again")
    await page.result()
    assert page.texts[0] == "hello"
    assert page.texts.count("again") == preflight.MAX_ECHOES - 2


async def test_a_page_that_never_connects_holds_its_place_for_a_while_only(
    preflights: Preflights, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "LIFE_SECONDS", 0.3)
    await preflights.answer("s1", await page.offer())
    assert preflights.running == 1
    await until(lambda: preflights.running == 0)


async def test_a_page_that_stays_is_hung_up_on(
    preflights: Preflights, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "LIFE_SECONDS", 3.0)
    await page.dial(preflights)
    await page.result()
    await until(lambda: preflights.running == 0)


async def test_another_channel_is_closed_and_nothing_is_measured(
    preflights: Preflights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "LIFE_SECONDS", 1.0)
    other = Page("visavis")
    await other.dial(preflights)
    await until(lambda: preflights.running == 0)
    assert (other.texts, other.data_bytes) == ([], 0)
    await other.connection.close()


async def test_a_session_has_two_places_and_the_server_a_few(preflights: Preflights, page: Page) -> None:
    offer = await page.offer()
    for session_id in ("s1", "s1", "s2", "s2"):
        await preflights.answer(session_id, offer)
    for session_id in ("s1", "s3"):
        with pytest.raises(CallError) as refused:
            await preflights.answer(session_id, offer)
        assert (refused.value.status, refused.value.retry_after) == (429, preflight.LIFE_SECONDS)


async def test_one_session_cannot_take_all_places(preflights: Preflights, page: Page) -> None:
    offer = await page.offer()
    for _ in range(preflight.MAX_OF_SESSION):
        await preflights.answer("s1", offer)
    with pytest.raises(CallError):
        await preflights.answer("s1", offer)
    await preflights.answer("s2", offer)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda sdp: "", "it is empty"),
        (lambda sdp: "hello", "does not begin"),
        (lambda sdp: sdp.split("m=")[0], "no data channel"),
        (lambda sdp: sdp + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n", "more than a data channel section"),
        (lambda sdp: sdp.replace("a=ice-pwd", "a=x-pwd"), "no ICE user name and password"),
        (lambda sdp: sdp.replace("a=fingerprint", "a=x-fingerprint"), "no DTLS fingerprint"),
    ],
)
async def test_an_offer_that_cannot_be_answered_is_refused_by_name_and_holds_no_place(
    preflights: Preflights, page: Page, spoil: Any, why: str
) -> None:
    with pytest.raises(CallError, match=why) as refused:
        await preflights.answer("s1", spoil(await page.offer()))
    assert (refused.value.status, refused.value.code) == (400, "invalid_sdp")
    assert preflights.running == 0


async def test_the_end_of_the_server_ends_what_is_measured(preflights: Preflights, page: Page) -> None:
    await page.dial(preflights)
    async with asyncio.timeout(5.0):
        await preflights.close()
    assert preflights.running == 0
