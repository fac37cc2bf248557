"""E-mail over SMTP (RFC 5321, submission RFC 6409)."""

import asyncio
import contextlib
import email.policy
import logging
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

import aiosmtplib
from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from rtc_server.notify.ports import Message, SendFailure
from rtc_server.notify.settings import EmailSettings

QUIT_SECONDS = 1.0
"""How long a server that has taken the mail may take to say goodbye."""

logger = logging.getLogger(__name__)


class SmtpSender:
    """``Sender`` of e-mail. One connection per mail, so that nothing is held open between two codes."""

    def __init__(
        self, settings: EmailSettings, *, tls: ssl.SSLContext | None = None, retry_pause_seconds: float = 2.0
    ) -> None:
        """``tls`` replaces the system's trust store."""
        self._settings = settings
        self._tls = tls
        self._pause = retry_pause_seconds
        name, address = parseaddr(settings.sender)
        self._sender = Address(_one_line(name), addr_spec=address)

    async def send(self, message: Message) -> SendFailure:
        """Send; a temporary refusal (4xx) is tried once more. Never raises; at most two attempts and the pause."""
        try:
            recipient = validate_email(message.recipient, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return "undeliverable"
        mail = self._compose(message, recipient)
        status = await self._attempt(mail, recipient)
        if 400 <= status < 500:
            await asyncio.sleep(self._pause)
            status = await self._attempt(mail, recipient)
        if 200 <= status < 300:
            return ""
        return "undeliverable" if status >= 500 else "unavailable"

    async def close(self) -> None:
        """Nothing is held open."""

    def _compose(self, message: Message, recipient: ValidatedEmail) -> EmailMessage:
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"] = self._sender
        mail["To"] = Address(username=recipient.local_part, domain=recipient.ascii_domain)
        mail["Subject"] = _one_line(message.subject)
        mail["Date"] = formatdate()
        mail["Message-ID"] = make_msgid(domain=self._sender.domain)
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation replies
        mail.set_content(message.text)
        if message.html:
            mail.add_alternative(message.html, subtype="html")
        return mail

    async def _attempt(self, mail: EmailMessage, recipient: ValidatedEmail) -> int:
        """SMTP status: 250 = taken, 4xx and 5xx about this recipient or mail; 0 = no usable answer."""
        settings = self._settings
        client = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password or None,
            local_hostname=self._sender.domain,
            timeout=settings.timeout_seconds,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            tls_context=self._tls,
        )
        try:
            async with asyncio.timeout(settings.timeout_seconds):
                await client.connect()
                await client.send_message(mail)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return error.recipients[0].code if error.recipients else 550
        except aiosmtplib.SMTPDataError as error:
            return error.code
        except aiosmtplib.SMTPNotSupported:
            # The server cannot take an address that is not ASCII (RFC 6531), or not our way of TLS or log-in.
            if recipient.ascii_email is None:
                return 553
            logger.error("the mail server lacks STARTTLS or the log-in that the settings ask for")
        except aiosmtplib.SMTPResponseException as error:
            logger.error("the mail server refused us: %s %d", type(error).__name__, error.code)
            return 400 if 400 <= error.code < 500 else 0
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            logger.warning("the mail server did not take a mail: %s", type(error).__name__)
        else:
            with contextlib.suppress(aiosmtplib.SMTPException):
                await client.quit(timeout=QUIT_SECONDS)
            return 250
        finally:
            client.close()
        return 0


def _one_line(text: str) -> str:
    """Text that may stand in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
