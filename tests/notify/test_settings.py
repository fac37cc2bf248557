"""Settings of e-mail and SMS say which field is wrong."""

import pytest

from rtc_server.notify.settings import EmailSettings, SmsSettings
from rtc_server.settings import load_settings
from rtc_server.settings_reader import SettingsError

EMAIL = {"host": "smtp.example.org", "sender": "Bank <no-reply@bank.example>"}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, None),
        (EMAIL, None),
        (EMAIL | {"username": "u", "password": "p"}, None),
        (EMAIL | {"tls": "ssl"}, "tls"),
        ({"host": "smtp.example.org"}, "sender"),
        (EMAIL | {"sender": "nobody"}, "sender"),
        (EMAIL | {"sender": "a@b.example\r\nBcc: x@y.example"}, "sender"),
        (EMAIL | {"username": "u"}, "password"),
        (EMAIL | {"username": "u", "password": "p", "tls": "none"}, "tls"),
    ],
)
def test_email(given: dict[str, str], name: str | None) -> None:
    problem = EmailSettings(**given).problem()  # type: ignore[arg-type]
    assert (problem and problem[0]) == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, None),
        ({"provider": "twilio", "account": "AC1", "token": "t", "sender": "+15125550100"}, None),
        ({"provider": "webhook", "base_url": "https://sms.example/send", "token": "t"}, None),
        ({"provider": "pigeon"}, "provider"),
        ({"provider": "twilio", "token": "t", "sender": "+1"}, "account"),
        ({"provider": "twilio", "account": "AC1", "sender": "+1"}, "token"),
        ({"provider": "twilio", "account": "AC1", "token": "t"}, "sender"),
        ({"provider": "webhook", "token": "t"}, "base_url"),
        ({"provider": "webhook", "token": "t", "base_url": "sms.example"}, "base_url"),
        ({"provider": "webhook", "token": "t", "base_url": "https://user:pw@sms.example"}, "base_url"),
    ],
)
def test_sms(given: dict[str, str], name: str | None) -> None:
    problem = SmsSettings(**given).problem()  # type: ignore[arg-type]
    assert (problem and problem[0]) == name


def test_the_server_does_not_start_with_wrong_ones() -> None:
    with pytest.raises(SettingsError, match=r"email\.sender \(VISAVIS_EMAIL_SENDER\) must be an address"):
        load_settings(environment={"VISAVIS_EMAIL_HOST": "smtp.example.org"})
    with pytest.raises(SettingsError, match=r"sms\.account \(VISAVIS_SMS_ACCOUNT\) is missing"):
        load_settings(environment={"VISAVIS_SMS_PROVIDER": "twilio"})
