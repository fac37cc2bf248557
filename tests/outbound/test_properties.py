"""Judging addresses, whatever they are."""

import ipaddress

from hypothesis import example, given
from hypothesis import strategies as st

from rtc_server.outbound.addresses import is_reachable
from rtc_server.outbound.policy import OutboundPolicy, judge_url

REASONS = {"", "not_a_url", "scheme_not_allowed", "credentials_in_url", "host_not_allowed", "address_not_allowed"}
CLOSED = OutboundPolicy()
OPEN = OutboundPolicy(allow_private=True, allow_http=True)


@given(st.text() | st.from_regex(r"https?://[^/]{0,40}(/.{0,20})?"))
@example("https://[v1.x]/")
@example("https://\udc00.example/")
@example("https://xn--a/")
def test_any_text_gets_a_verdict(url: str) -> None:
    closed, opened = judge_url(url, CLOSED), judge_url(url, OPEN)
    assert {closed, opened} <= REASONS
    assert closed or not opened, "what the closed policy allows the open one allows too"


@given(st.ip_addresses(v=4), st.booleans())
def test_an_address_inside_another_is_judged_alike(address: ipaddress.IPv4Address, allow_private: bool) -> None:
    verdict = is_reachable(address, allow_private=allow_private)
    number = int(address)
    for wrapped in (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        str(ipaddress.IPv6Address((0x2002 << 112) | number << 80)),
    ):
        assert is_reachable(ipaddress.ip_address(wrapped), allow_private=allow_private) == verdict


@given(st.ip_addresses())
def test_leave_for_private_addresses_takes_nothing_away(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert is_reachable(address, allow_private=True) or not is_reachable(address)


@given(st.ip_addresses(v=4))
def test_no_spelling_of_a_refused_address_passes(address: ipaddress.IPv4Address) -> None:
    number, octets = int(address), address.packed
    spellings = [
        str(number),
        hex(number),
        ".".join(hex(octet) for octet in octets),
        ".".join(f"0{octet:o}" for octet in octets),
        f"{octets[0]}.{number & 0xFFFFFF}",
    ]
    for spelling in spellings:
        verdict = judge_url(f"https://{spelling}/", CLOSED)
        assert verdict == "address_not_allowed" or spelling == str(address), spelling
