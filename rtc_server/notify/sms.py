"""SMS by services over HTTP. Addresses of services are the operator's, so they may be private ones."""

import logging
from dataclasses import replace
from typing import Any

import aiohttp
from yarl import URL

from rtc_server.notify.ports import Message, SendFailure
from rtc_server.notify.settings import OPERATORS_POLICY, SmsSettings
from rtc_server.outbound.client import Answer, OutboundError, call, open_client

TWILIO_URL = "https://api.twilio.com"
MAX_RESPONSE_BYTES = 65_536

_REFUSED_NUMBERS = frozenset({21211, 21214, 21217, 21219, 21408, 21421, 21601, 21610, 21612, 21614, 21635})
"""Twilio's error codes for numbers that cannot be reached: invalid, not mobile, landline, region, unsubscribed."""

logger = logging.getLogger(__name__)


class TwilioSender:
    """``Sender`` of SMS by Twilio's Messages API (2010-04-01), or a server that speaks it."""

    def __init__(self, settings: SmsSettings) -> None:
        self._url = str(
            URL(settings.base_url or TWILIO_URL) / "2010-04-01" / "Accounts" / settings.account / "Messages.json"
        )
        self._authorization = aiohttp.encode_basic_auth(settings.account, settings.token)
        self._from = {"MessagingServiceSid" if settings.sender.startswith("MG") else "From": settings.sender}
        self._client = _open_client(settings)

    async def send(self, message: Message) -> SendFailure:
        """Send. Never raises; bounded in time."""
        form = {"To": message.recipient, "Body": message.text, **self._from}
        answer = await _post(self._client, self._url, {"Authorization": self._authorization}, data=form)
        if answer is None:
            return "unavailable"
        said = answer.json()
        said = said if isinstance(said, dict) else {}
        if 200 <= answer.status < 300 and said.get("status") not in ("failed", "undelivered"):
            return ""
        code = _number(said.get("code") or said.get("error_code"))
        if code in _REFUSED_NUMBERS:
            return "undeliverable"
        logger.error("the SMS service did not take a message: status %d, code %s", answer.status, code)
        return "unavailable"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


class WebhookSender:
    """``Sender`` of SMS by a server of the operator: ``POST {to, text, sessionId}`` with a bearer token.

    A status from 200 to 299 means that it was taken, 422 that this number cannot be reached.
    """

    def __init__(self, settings: SmsSettings) -> None:
        self._url = settings.base_url
        self._authorization = f"Bearer {settings.token}"
        self._client = _open_client(settings)

    async def send(self, message: Message) -> SendFailure:
        """Send. Never raises; bounded in time."""
        body = {"to": message.recipient, "text": message.text, "sessionId": message.session_id}
        answer = await _post(self._client, self._url, {"Authorization": self._authorization}, json=body)
        if answer is None:
            return "unavailable"
        if 200 <= answer.status < 300:
            return ""
        if answer.status == 422:
            return "undeliverable"
        logger.error("the SMS webhook did not take a message: status %d", answer.status)
        return "unavailable"

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _open_client(settings: SmsSettings) -> aiohttp.ClientSession:
    return open_client(replace(OPERATORS_POLICY, timeout_seconds=settings.timeout_seconds))


async def _post(client: aiohttp.ClientSession, url: str, headers: dict[str, str], **body: Any) -> Answer | None:
    try:
        return await call(client, "POST", url, max_response_bytes=MAX_RESPONSE_BYTES, headers=headers, **body)
    except OutboundError as error:
        logger.warning("the SMS service cannot be reached: %s", error.code)
        return None


def _number(code: object) -> int | None:
    """An error code; None for anything else that the service may have sent."""
    return code if isinstance(code, int) else None
