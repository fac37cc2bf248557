"""Settings of e-mail and SMS."""

from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr

from rtc_server.outbound.policy import OutboundPolicy, judge_url

TLS_MODES = ("starttls", "tls", "none")
SMS_PROVIDERS = ("none", "twilio", "webhook")
OPERATORS_POLICY = OutboundPolicy(allow_private=True, allow_http=True)
"""For addresses that the operator names, which may be on this machine."""


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """The server that takes our e-mail (SMTP submission, RFC 6409)."""

    host: str = ""
    """Name of the SMTP server; empty = no e-mail is sent."""
    port: int = 587
    """Its port; 465 is usual with ``tls``."""
    username: str = ""
    """User name; empty = no log-in."""
    password: str = field(default="", repr=False)
    """Its password."""
    tls: str = "starttls"
    """``starttls``, ``tls`` (from the first byte) or ``none``."""
    sender: str = ""
    """Address that mails come from, such as ``Example Bank <no-reply@bank.example>``; required with ``host``."""
    timeout_seconds: float = 10.0
    """Longest time that one attempt may take."""

    def problem(self) -> tuple[str, str] | None:
        """(field, what is wrong with it), or None."""
        if self.tls not in TLS_MODES:
            return "tls", f"is '{self.tls}'; choose one of {', '.join(TLS_MODES)}"
        if self.host and not (self.sender.isprintable() and _is_address(parseaddr(self.sender)[1])):
            return (
                "sender",
                "must be an address such as 'Bank <no-reply@bank.example>', because email.host is set",
            )
        if self.username and not self.password:
            return "password", "is missing, because email.username is set"
        if self.username and self.tls == "none":
            return "tls", "must not be none with a user name: the password would travel in the clear"
        return None


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """The service that takes our SMS."""

    provider: str = "none"
    """``none``, ``twilio`` (or a server that speaks its Messages API) or ``webhook`` (JSON to a server of yours)."""
    base_url: str = ""
    """Where it is; empty = Twilio's own. Required for ``webhook``."""
    account: str = ""
    """Account SID, with ``twilio``."""
    token: str = field(default="", repr=False)
    """Auth token, or the bearer token for the webhook."""
    sender: str = ""
    """Number in E.164, sender name, or a messaging service's SID (``MG…``); required with ``twilio``."""
    timeout_seconds: float = 10.0
    """Longest time that sending may take."""

    def problem(self) -> tuple[str, str] | None:
        """(field, what is wrong with it), or None."""
        if self.provider not in SMS_PROVIDERS:
            return "provider", f"is '{self.provider}'; choose one of {', '.join(SMS_PROVIDERS)}"
        if self.base_url and (reason := judge_url(self.base_url, OPERATORS_POLICY)):
            return "base_url", f"must be a URL such as https://sms.example.org, without a password ({reason})"
        required = {"twilio": ("account", "token", "sender"), "webhook": ("base_url", "token")}.get(self.provider, ())
        missing = next((name for name in required if not getattr(self, name)), None)
        return (missing, f"is missing, because sms.provider is {self.provider}") if missing else None


def _is_address(text: str) -> bool:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError):
        return False
    return bool(address.username and address.domain)
