"""What a tenant wants to be told and where, as JSON that is checked member by member (pure)."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from email_validator import EmailNotValidError, validate_email

from rtc_server.alerts.rules import AlertRules
from rtc_server.storage.ports import Json

MAX_EMAILS = 5
DAY_MINUTES = 24 * 60

_RULES = {"stuckSession": "stuck_session", "attackBurst": "attack_burst", "failureJump": "failure_jump",
          "providerErrors": "provider_errors"}  # fmt: skip
_RANGES: Mapping[str, tuple[float, float]] = {
    "minutes": (1, DAY_MINUTES),
    "count": (1, 10_000),
    "factor": (1.1, 100),
    "sessions": (5, 10_000),
}


class WishError(ValueError):
    """A member that cannot be taken; the text names it and says what to write."""


@dataclass(frozen=True, slots=True)
class AlertWishes:
    """Rules, and who hears of what they find."""

    rules: AlertRules = field(default_factory=AlertRules)
    quiet_minutes: int = 60
    """How long a rule is silent about the same owner and session after it was raised."""
    sandbox: bool = False
    """Whether sessions of test keys count too."""
    emails: tuple[str, ...] = ()
    webhook_url: str = ""

    def to_json(self) -> Json:
        """camelCase; ``read_wishes`` takes it."""
        return {
            "rules": {shown: dataclasses.asdict(getattr(self.rules, name)) for shown, name in _RULES.items()},
            "quietMinutes": self.quiet_minutes,
            "sandbox": self.sandbox,
            "emails": list(self.emails),
            "webhookUrl": self.webhook_url,
        }


def read_wishes(body: Any) -> AlertWishes:
    """The wishes in a JSON object; what is left out is as by default. Raises WishError.

    Whether the webhook's address may be called is not judged here.
    """
    members = _members(body, "the body", {"rules", "quietMinutes", "sandbox", "emails", "webhookUrl"})
    given = _members(members.get("rules", {}), "rules", set(_RULES))
    rules = {
        name: _rule(given.get(shown, {}), f"rules.{shown}", AlertRules.__dataclass_fields__[name].default)
        for shown, name in _RULES.items()
    }
    webhook_url = members.get("webhookUrl", "")
    if not isinstance(webhook_url, str):
        raise WishError("webhookUrl: write a URL, or an empty text for none")
    return AlertWishes(
        AlertRules(**rules),
        int(_number(members.get("quietMinutes", 60), "quietMinutes", (1, DAY_MINUTES), whole=True)),
        _flag(members.get("sandbox", False), "sandbox"),
        _emails(members.get("emails", [])),
        webhook_url.strip(),
    )


def _rule(body: Any, name: str, default: Any) -> Any:
    fields = {item.name: getattr(default, item.name) for item in dataclasses.fields(default)}
    given = _members(body, name, set(fields))
    changes = {
        key: _flag(value, f"{name}.{key}")
        if key == "on"
        else _number(value, f"{name}.{key}", _RANGES[key], whole=isinstance(fields[key], int))
        for key, value in given.items()
    }
    return dataclasses.replace(default, **changes)


def _members(body: Any, name: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise WishError(f"{name}: write a JSON object")
    if unknown := body.keys() - known:
        raise WishError(f"{name} has no member '{min(unknown)}'; there are {', '.join(sorted(known))}")
    return body


def _number(value: Any, name: str, limits: tuple[float, float], *, whole: bool) -> float:
    least, greatest = limits
    fits = isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= greatest
    if not fits or (whole and value != int(value)):
        raise WishError(f"{name}: write a {'whole ' if whole else ''}number from {least:g} to {greatest:g}")
    return int(value) if whole else float(value)


def _flag(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise WishError(f"{name}: write true or false")
    return value


def _emails(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MAX_EMAILS:
        raise WishError(f"emails: write a list of up to {MAX_EMAILS} addresses")
    addresses = []
    for position, text in enumerate(value):
        try:
            found = validate_email(str(text).strip(), check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise WishError(f"emails[{position}]: write an address such as ops@example.org") from None
        addresses.append(found.normalized)
    return tuple(dict.fromkeys(addresses))
