"""Origins that a key may name: what is taken, what is refused and why."""

import pytest

from rtc_server.api.access.origins import Origin, allowed_origin, allowed_origins, embedders, refuse_other_sources


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("https://partner.example.org", "https://partner.example.org"),
        (" HTTPS://Partner.Example.ORG/ ", "https://partner.example.org"),
        ("https://partner.example.org:443", "https://partner.example.org"),
        ("https://partner.example.org:0443", "https://partner.example.org"),
        ("https://partner.example.org:8443", "https://partner.example.org:8443"),
        ("https://*.example.org", "https://*.example.org"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost:*", "http://localhost:*"),
        ("http://localhost", "http://localhost"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
    ],
)
def test_origins_are_stored_in_one_form(given: str, stored: str) -> None:
    assert allowed_origin(given) == stored
    assert allowed_origin(stored) == stored
    assert list(Origin()(given, "allowedOrigins[0]")) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("", "no https:// in front"),
        ("*", "leave the list empty"),
        ("partner.example.org", "no https:// in front"),
        ("null", "no https:// in front"),
        ("'self'", "no https:// in front"),
        ("https://partner.example.org/checkout", "without path"),
        ("https://partner.example.org?x=1", "without path"),
        ("https://user@partner.example.org", "is no origin"),
        ("https://partner.example.org; script-src *", "is no origin"),
        ("https://a.example https://b.example", "is no origin"),
        ("https://a.example\r\nX-Evil: 1", "is no origin"),
        ("https://bücher.example", "is no origin"),
        ("https://*", "is no origin"),
        ("https://a.*.example", "is no origin"),
        ("https://" + "a." * 200 + "example", "is no origin"),
        ("ftp://partner.example.org", "is no origin"),
        ("http://partner.example.org", "must begin with https://"),
        ("http://*.localhost", "must begin with https://"),
        ("https://partner.example.org:0", "port that does not exist"),
        ("https://partner.example.org:70000", "port that does not exist"),
    ],
)
def test_whatever_is_no_origin_is_refused_with_a_reason(given: str, reason: str) -> None:
    with pytest.raises(ValueError, match=".*" + reason.replace("*", r"\*")):
        allowed_origin(given)
    (problem,) = Origin()(given, "allowedOrigins[2]")
    assert (problem.path, problem.rule) == ("allowedOrigins[2]", "invalid_value")
    assert reason in problem.message


def test_a_list_has_each_origin_once_in_its_order() -> None:
    given = ["https://b.example", "https://a.example/", "HTTPS://B.example:443"]
    assert allowed_origins(given) == ("https://b.example", "https://a.example")


@pytest.mark.parametrize(
    ("frame_ancestors", "told"),
    [
        ("*", ["*"]),
        ("'none'", []),
        ("'self'", ["https://here.example"]),
        ("'self'  https://A.example:443", ["https://here.example", "https://a.example"]),
    ],
)
def test_the_page_is_told_the_sources_of_its_header(frame_ancestors: str, told: list[str]) -> None:
    assert embedders(frame_ancestors, "https://here.example") == told


@pytest.mark.parametrize("sources", ["*", "'none'", "'self'", "https://a.example  'self' http://localhost:*"])
def test_the_setting_takes_what_the_page_can_compare(sources: str) -> None:
    refuse_other_sources(sources)


@pytest.mark.parametrize(
    ("sources", "reason"),
    [
        ("", "must be"),
        ("  ", "must be"),
        ("https://a.example\n", "must be"),
        ("partner.example.org", "'partner.example.org' has no https://"),
        ("https:", "has no https://"),
        ("https://a.example 'none'", "no https://"),
        ("https://a.example *", "no origin"),
        ("*; script-src *", "must be"),
        ("*\r\nX-Evil: 1", "must be"),
        ("https://a.example\r\nX-Evil: 1", "must be"),
        ("https://a.example\thttps://b.example", "must be"),
    ],
)
def test_the_setting_takes_nothing_else(sources: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        refuse_other_sources(sources)
