"""What tenants want to be told, as JSON."""

from typing import Any

import pytest

from rtc_server.alerts.wishes import AlertWishes, WishError, read_wishes


def test_what_is_left_out_is_as_usual() -> None:
    assert read_wishes({}) == AlertWishes()


def test_wishes_come_back_as_they_were_set() -> None:
    body = {
        "rules": {
            "stuckSession": {"on": False, "minutes": 7},
            "attackBurst": {"on": True, "count": 2, "minutes": 30},
            "failureJump": {"on": True, "factor": 3.5, "sessions": 50, "minutes": 120},
            "providerErrors": {"on": True, "count": 9, "minutes": 5},
        },
        "quietMinutes": 15,
        "sandbox": True,
        "emails": ["ops@bank.example", "ops@bank.example"],
        "webhookUrl": "https://ops.bank.example/alerts",
    }
    wishes = read_wishes(body)
    assert wishes.to_json() == body | {"emails": ["ops@bank.example"]}
    assert read_wishes(wishes.to_json()) == wishes


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], "the body: write a JSON object"),
        ({"color": 1}, "the body has no member 'color'; there are emails, quietMinutes"),
        ({"rules": {"storm": {}}}, "rules has no member 'storm'"),
        ({"rules": {"attackBurst": {"factor": 2}}}, "rules.attackBurst has no member 'factor'"),
        ({"rules": {"attackBurst": {"count": 0}}}, "rules.attackBurst.count: write a whole number from 1 to 10000"),
        ({"rules": {"attackBurst": {"count": 2.5}}}, "rules.attackBurst.count"),
        ({"rules": {"attackBurst": {"count": True}}}, "rules.attackBurst.count"),
        ({"rules": {"failureJump": {"factor": 1}}}, "rules.failureJump.factor: write a number from 1.1 to 100"),
        ({"rules": {"failureJump": {"factor": float("nan")}}}, "rules.failureJump.factor"),
        ({"rules": {"stuckSession": {"on": "yes"}}}, "rules.stuckSession.on: write true or false"),
        ({"quietMinutes": 0}, "quietMinutes"),
        ({"sandbox": 1}, "sandbox: write true or false"),
        ({"emails": "ops@bank.example"}, "emails: write a list of up to 5"),
        ({"emails": ["a@b.example"] * 6}, "emails: write a list of up to 5"),
        ({"emails": ["fine@bank.example", "nobody"]}, r"emails\[1\]: write an address"),
        ({"emails": [{"a": 1}]}, r"emails\[0\]"),
        ({"webhookUrl": 5}, "webhookUrl: write a URL"),
    ],
)
def test_what_cannot_be_taken_is_named(body: Any, told: str) -> None:
    with pytest.raises(WishError, match=told):
        read_wishes(body)


def test_an_address_that_is_refused_is_not_repeated() -> None:
    with pytest.raises(WishError) as refused:
        read_wishes({"emails": ["robin smith at example"]})
    assert "robin" not in str(refused.value)
