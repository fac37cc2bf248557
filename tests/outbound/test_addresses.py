"""Which addresses may be connected to."""

import ipaddress

import pytest

from rtc_server.outbound.addresses import is_reachable

PUBLIC = ["93.184.216.34", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1", "64:ff9b::1.1.1.1",
          "2002:101:101::1", "::ffff:1.1.1.1"]  # fmt: skip
PRIVATE = ["127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "::1",
           "fc00::1", "fdff::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1",
           "2002:7f00:1::1"]  # fmt: skip
NEVER = ["0.0.0.0", "0.1.2.3", "169.254.169.254", "169.254.0.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
         "255.255.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.51.100.1", "203.0.113.9",
         "168.63.129.16", "::", "fe80::1", "fe80::1%eth0", "ff02::1", "fd00:ec2::254", "2001::1", "2001:db8::1",
         "3fff::1", "64:ff9b:1::a9fe:a9fe", "64:ff9b::169.254.169.254", "::ffff:169.254.169.254",
         "2002:a9fe:a9fe::1", "::169.254.169.254", "::127.0.0.1", "100::1", "5f00::1", "fec0::1"]  # fmt: skip


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_allowed(text: str) -> None:
    assert is_reachable(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_need_leave(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert not is_reachable(address)
    assert is_reachable(address, allow_private=True)


@pytest.mark.parametrize("text", NEVER)
def test_some_addresses_are_never_allowed(text: str) -> None:
    address = ipaddress.ip_address(text)
    assert not is_reachable(address)
    assert not is_reachable(address, allow_private=True)
