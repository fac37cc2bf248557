"""Stand-ins for what sessions reach outside: codes that tests can read, a server that tests script."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from rtc_server.notify.ports import SentCode
from rtc_server.outbound.ports import ExternalAnswer
from rtc_server.storage.ports import SessionRecord


@dataclass
class FakeCodes:
    """Sends every code nowhere; ``digest`` is the code itself, so a test knows what to say."""

    code: str = "482913"
    failure: Literal["", "undeliverable", "unavailable", "not_configured"] = ""
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    """(channel, contact, code)."""

    async def send(
        self,
        session: SessionRecord,
        request_id: str,
        *,
        channel: Literal["email", "sms"],
        contact: str,
        code_length: int,
        valid_seconds: float,
        template: str,
        user_name: str,
        language: str,
    ) -> SentCode:
        code = self.code[:code_length]
        self.sent.append((channel, contact, code))
        return SentCode("", self.failure) if self.failure else SentCode(code)

    def matches(self, session_id: str, sent_request_id: str, digest: str, candidate: str) -> bool:
        return candidate == digest


@dataclass
class FakeExternal:
    """Answers from a list; the last answer stays."""

    answers: list[ExternalAnswer] = field(default_factory=lambda: [ExternalAnswer(200, {}, "", 1, 1.0)])
    calls: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)
    """(method, url, variables)."""

    async def call(
        self,
        session_id: str,
        url: str,
        *,
        method: Literal["GET", "POST"],
        variables: Mapping[str, str | int | float | bool | None],
        tries: int,
    ) -> ExternalAnswer:
        self.calls.append((method, url, dict(variables)))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
