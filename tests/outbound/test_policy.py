"""URLs before anything is resolved."""

import pytest

from rtc_server.outbound.policy import OutboundPolicy, judge_url

ANY = OutboundPolicy()


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.org",
        "https://api.example.org:8443/hook?x=1#top",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1::1]/",
        "https://bücher.example/ö",
        "https://1.example.org/",
        "https://0x.example.org/",
    ],
)
def test_public_addresses_pass(url: str) -> None:
    assert judge_url(url, ANY) == ""


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not_a_url"),
        ("api.example.org/hook", "not_a_url"),
        ("https://", "not_a_url"),
        ("https:///path", "not_a_url"),
        ("https://api.example.org:99999/", "not_a_url"),
        ("https://api.example.org:0/", "not_a_url"),
        ("https://api.example.org /", "not_a_url"),
        ("https://api.example.org/\r\nHost: other", "not_a_url"),
        ("https://api.example.org\\@127.0.0.1/", "not_a_url"),
        ("https://[::1", "not_a_url"),
        ("https://" + "a" * 3000 + ".example", "not_a_url"),
        ("http://api.example.org/", "scheme_not_allowed"),
        ("ftp://api.example.org/", "scheme_not_allowed"),
        ("gopher://127.0.0.1/", "scheme_not_allowed"),
        ("file:///etc/passwd", "not_a_url"),
        ("https://user@api.example.org/", "credentials_in_url"),
        ("https://user:pw@api.example.org/", "credentials_in_url"),
        ("https://127.0.0.1/", "address_not_allowed"),
        ("https://127.0.0.1./", "address_not_allowed"),
        ("https://[::1]/", "address_not_allowed"),
        ("https://[::ffff:10.0.0.1]/", "address_not_allowed"),
        ("https://169.254.169.254/latest/meta-data/", "address_not_allowed"),
        ("https://2130706433/", "address_not_allowed"),
        ("https://0x7f000001/", "address_not_allowed"),
        ("https://0x7f.0.0.1/", "address_not_allowed"),
        ("https://0177.0.0.1/", "address_not_allowed"),
        ("https://127.1/", "address_not_allowed"),
        ("https://127.0.0.0x1/", "address_not_allowed"),
        ("https://１２７.０.０.１/", "address_not_allowed"),
        ("https://①②⑦.0.0.1/", "address_not_allowed"),
    ],
)
def test_others_are_refused_with_the_reason(url: str, reason: str) -> None:
    assert judge_url(url, ANY) == reason


def test_leave_can_be_given() -> None:
    policy = OutboundPolicy(allow_private=True, allow_http=True)
    assert judge_url("http://127.0.0.1:8080/", policy) == ""
    assert judge_url("http://169.254.169.254/", policy) == "address_not_allowed"
    assert judge_url("http://2130706433/", policy) == "address_not_allowed"


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("api.example.org", True),
        ("API.Example.ORG", True),
        ("api.example.org.", True),
        ("a.shop.example", True),
        ("a.b.shop.example", True),
        ("shop.example", False),
        ("evilshop.example", False),
        ("example.org", False),
        ("api.example.org.evil.example", False),
        ("x.api.example.org", False),
    ],
)
def test_a_list_of_hosts_is_kept_to(host: str, allowed: bool) -> None:
    policy = OutboundPolicy(allowed_hosts=("api.example.org", "*.shop.example"))
    assert judge_url(f"https://{host}/", policy) == ("" if allowed else "host_not_allowed")


def test_a_private_address_on_the_list_still_needs_leave() -> None:
    policy = OutboundPolicy(allowed_hosts=("10.0.0.5",))
    assert judge_url("https://10.0.0.5/", policy) == "address_not_allowed"
