"""Offers and candidates that must be refused, by name, and our answer behind a NAT."""

import re

import pytest

from rtc_server.rtc.errors import PeerError
from rtc_server.rtc.sdp import (
    MAX_SDP_BYTES,
    check_offer,
    parse_candidate,
    split_hidden_candidates,
    with_public_ip,
)
from tests.rtc.client import Page

CANDIDATE = "candidate:1 1 udp 2130706431 192.0.2.7 40000 typ host"


@pytest.fixture
async def offer() -> str:
    page = Page(camera=True)
    try:
        return await page.offer()
    finally:
        await page.close()


def without_section(sdp: str, kind: str) -> str:
    head, *sections = re.split(r"(?m)^(?=m=)", sdp)
    return head + "".join(section for section in sections if not section.startswith(f"m={kind}"))


def test_a_good_offer_passes(offer: str) -> None:
    check_offer(offer)
    check_offer(without_section(offer, "video"))
    check_offer(offer.replace("a=sendrecv", "a=recvonly", 1))


def test_what_is_missing_is_named(offer: str) -> None:
    audio = next(section for section in re.split(r"(?m)^(?=m=)", offer) if section.startswith("m=audio"))
    broken = {
        "is empty": "",
        "longer than 256 kB": offer + "a=x:" + "y" * MAX_SDP_BYTES,
        "begin with 'v=0'": "hello",
        "no audio section": without_section(offer, "audio"),
        "more than one audio": offer + audio,
        "no data channel": without_section(offer, "application"),
        "audio is sendonly": offer.replace("a=sendrecv", "a=sendonly", 1),
        "audio is inactive": offer.replace("a=sendrecv", "a=inactive", 1),
        "not offer Opus": offer.replace("opus/48000/2", "speex/16000"),
        "no ICE user name": re.sub(r"a=ice-(ufrag|pwd):.*\r\n", "", offer),
        "no DTLS fingerprint": re.sub(r"a=fingerprint:.*\r\n", "", offer),
        "not multiplex RTCP": offer.replace("a=rtcp-mux\r\n", ""),
        "more than 100 candidates": offer + f"a={CANDIDATE}\r\n" * 101,
        "cannot be parsed": offer.replace("m=audio ", "m=audio x"),
    }
    for reason, sdp in broken.items():
        with pytest.raises(PeerError, match=reason) as refused:
            check_offer(sdp)
        assert refused.value.code == "invalid_sdp"


@pytest.mark.parametrize(
    "junk", ["v=0\r\nm=", "v=0\r\nm=audio\r\n", "v=0\r\n" + "\x00" * 50, "v=0\r\na=group:BUNDLE\r\n"]
)
def test_junk_is_refused_with_the_same_code(junk: str) -> None:
    with pytest.raises(PeerError) as refused:
        check_offer("v=0\r\n" + junk)
    assert refused.value.code == "invalid_sdp"


def test_a_candidate_as_a_browser_sends_it() -> None:
    candidate = parse_candidate({"candidate": CANDIDATE, "sdpMid": "0", "sdpMLineIndex": 0, "usernameFragment": "x"})
    assert candidate is not None
    assert (candidate.ip, candidate.port, candidate.type, candidate.sdpMid) == ("192.0.2.7", 40_000, "host", "0")


def test_a_hidden_address_is_accepted() -> None:
    candidate = parse_candidate({"candidate": CANDIDATE.replace("192.0.2.7", "a-b.local"), "sdpMid": "0"})
    assert candidate is not None
    assert candidate.ip == "a-b.local"


def test_the_end_of_candidates() -> None:
    assert parse_candidate({"candidate": "", "sdpMid": "0"}) is None


@pytest.mark.parametrize(
    ("init", "reason"),
    [
        ({}, "'candidate'"),
        ({"candidate": 5}, "'candidate'"),
        ({"candidate": CANDIDATE * 30, "sdpMid": "0"}, "'candidate'"),
        ({"candidate": CANDIDATE, "sdpMid": 0}, "'sdpMid'"),
        ({"candidate": CANDIDATE, "sdpMLineIndex": -1}, "'sdpMLineIndex'"),
        ({"candidate": CANDIDATE, "sdpMLineIndex": True}, "'sdpMLineIndex'"),
        ({"candidate": CANDIDATE}, "'sdpMid' and 'sdpMLineIndex'"),
        ({"candidate": "candidate:1 1 udp", "sdpMid": "0"}, "RFC 8839"),
        ({"candidate": CANDIDATE.replace("40000", "high"), "sdpMid": "0"}, "RFC 8839"),
        ({"candidate": CANDIDATE.replace("40000", "70000"), "sdpMid": "0"}, "port"),
        ({"candidate": CANDIDATE.replace("192.0.2.7", "example.com"), "sdpMid": "0"}, "IP address"),
        ({"candidate": CANDIDATE.replace("typ host", "typ odd"), "sdpMid": "0"}, "type"),
    ],
)
def test_a_bad_candidate_is_refused_by_name(init: dict[str, object], reason: str) -> None:
    with pytest.raises(PeerError, match=reason) as refused:
        parse_candidate(init)
    assert refused.value.code == "invalid_candidate"


def test_hidden_candidates_are_taken_out_of_the_offer() -> None:
    hidden = CANDIDATE.replace("192.0.2.7", "a-b.local")
    offer = f"v=0\r\nm=audio 9 x 96\r\na={CANDIDATE}\r\nm=application 9 x y\r\na={hidden}\r\na=mid:1\r\n"
    rest, taken = split_hidden_candidates(offer)
    assert rest == offer.replace(f"a={hidden}\r\n", "")
    assert [(candidate.ip, candidate.sdpMLineIndex) for candidate in taken] == [("a-b.local", 1)]


def test_the_public_address_replaces_ipv4_host_addresses_only() -> None:
    answer = (
        "m=audio 4000 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 10.0.0.5\r\n"
        "a=candidate:1 1 udp 2130706431 10.0.0.5 4000 typ host\r\n"
        "a=candidate:2 1 udp 2130706431 fd00::5 4001 typ host\r\n"
        "a=candidate:3 1 udp 16777215 203.0.113.1 4002 typ relay raddr 10.0.0.5 rport 4003\r\n"
    )
    assert with_public_ip(answer, "198.51.100.9") == (
        "m=audio 4000 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 198.51.100.9\r\n"
        "a=candidate:1 1 udp 2130706431 198.51.100.9 4000 typ host\r\n"
        "a=candidate:2 1 udp 2130706431 fd00::5 4001 typ host\r\n"
        "a=candidate:3 1 udp 16777215 203.0.113.1 4002 typ relay raddr 10.0.0.5 rport 4003\r\n"
    )
