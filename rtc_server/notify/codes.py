"""One-time codes: drawn here, known to the recipient alone, compared by keyed hash."""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Literal

from rtc_server.crypto.ids import new_id
from rtc_server.notify.ports import Message, Sender, SendFailure, SentCode
from rtc_server.notify.template import has_code
from rtc_server.notify.wording import email_body, email_subject, sms_body
from rtc_server.storage.engine import StorageError
from rtc_server.storage.ports import MailboxMessage, MailboxStore, SessionRecord

MIN_CODE_LENGTH, MAX_CODE_LENGTH = 4, 8
MAX_NAME_CHARACTERS = 60

Channel = Literal["email", "sms"]

logger = logging.getLogger(__name__)


class Codes:
    """``CodeService``: codes go out by the channel's sender, those of the sandbox into its mailbox."""

    def __init__(
        self,
        key: bytes,
        senders: Mapping[Channel, Sender],
        mailbox: MailboxStore,
        *,
        company_name: str,
        sandbox_sends: bool,
        now_ms: Callable[[], int],
    ) -> None:
        """``key`` is the server's secret; a channel that is missing from ``senders`` is not configured."""
        self._key = key
        self._senders = senders
        self._mailbox = mailbox
        self._company_name = company_name
        self._sandbox_sends = sandbox_sends
        self._now_ms = now_ms

    async def send(
        self,
        session: SessionRecord,
        request_id: str,
        *,
        channel: Channel,
        contact: str,
        code_length: int,
        valid_seconds: float,
        template: str,
        user_name: str,
        language: str,
    ) -> SentCode:
        """Draw a code and send it (into the mailbox for a sandbox session). Never raises; bounded in time."""
        code = draw_code(code_length)
        if template.strip() and not has_code(template):
            logger.warning("a template of session %s has no place for the code; it was appended", session.id)
        name = " ".join("".join(c if c.isprintable() else " " for c in user_name).split())[:MAX_NAME_CHARACTERS]
        values = {"otp": code, "code": code, "userName": name, "companyName": self._company_name}
        if channel == "email":
            text, html = email_body(template, values, valid_seconds, language)
            subject = email_subject(self._company_name, language)
            message = Message(contact, text, subject, html, session.id)
        else:
            message = Message(contact, sms_body(template, values, valid_seconds, language), session_id=session.id)
        failure = await self._deliver(session, channel, message)
        return SentCode("", failure) if failure else SentCode(self._digest(session.id, request_id, code))

    def matches(self, session_id: str, sent_request_id: str, digest: str, candidate: str) -> bool:
        """Whether the candidate is the code with that digest; constant time."""
        return hmac.compare_digest(self._digest(session_id, sent_request_id, candidate), digest)

    async def close(self) -> None:
        """Release connections."""
        for sender in self._senders.values():
            await sender.close()

    async def _deliver(self, session: SessionRecord, channel: Channel, message: Message) -> SendFailure:
        if session.sandbox and not self._sandbox_sends:
            return await self._put_into_mailbox(session, channel, message)
        sender = self._senders.get(channel)
        if sender is None:
            logger.error("a flow sends codes by %s, which is not set up (see docs/messages.md)", channel)
            return "not_configured"
        failure = await sender.send(message)
        if failure:
            logger.warning("a code of session %s could not be sent by %s: %s", session.id, channel, failure)
        return failure

    async def _put_into_mailbox(self, session: SessionRecord, channel: Channel, message: Message) -> SendFailure:
        kept = MailboxMessage(
            id=new_id("msg_"),
            tenant=session.tenant,
            session_id=session.id,
            channel=channel,
            recipient=message.recipient,
            subject=message.subject,
            text=message.text,
            html=message.html,
            created_at=self._now_ms(),
        )
        try:
            await self._mailbox.add_message(kept)
        except StorageError:
            logger.error("the sandbox's mailbox cannot be written")
            return "unavailable"
        return ""

    def _digest(self, session_id: str, request_id: str, code: str) -> str:
        said = f"otp:{session_id}:{request_id}:{code}".encode("utf-8", "replace")
        return hmac.new(self._key, said, hashlib.sha256).hexdigest()


def draw_code(length: int) -> str:
    """Random digits, 4 to 8 of them."""
    length = min(max(length, MIN_CODE_LENGTH), MAX_CODE_LENGTH)
    return "".join(secrets.choice("0123456789") for _ in range(length))
