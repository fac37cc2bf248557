"""Sending an alert by e-mail and to a webhook; each channel is tried until it has taken the alert."""

import asyncio
import time
from collections.abc import Sequence

from rtc_server.alerts.wishes import AlertWishes
from rtc_server.notify.ports import Message, Sender
from rtc_server.outbound.client import OutboundError, call, open_client
from rtc_server.outbound.policy import OutboundPolicy
from rtc_server.storage.ports import AlertRecord, Json
from rtc_server.webhooks.payload import encode
from rtc_server.webhooks.signing import signature_headers

ALERT_EVENT = "alert.raised"
TITLES = {
    "stuck_session": "A session stands still",
    "attack_burst": "Many attacks",
    "failure_jump": "More sessions fail than usual",
    "provider_errors": "Engines fail",
    "test": "This is a test",
}
WEBHOOK = "webhook"
SENT = "sent"


class AlertSender:
    """Speaks to the mail server and to customers' servers."""

    def __init__(self, mail: Sender | None, policy: OutboundPolicy, public_url: str = "") -> None:
        """``mail``: None = the server has no way to send e-mail. ``policy``: where webhooks may go."""
        self._mail = mail
        self._policy = policy
        self._public_url = public_url.rstrip("/")

    async def send(self, alert: AlertRecord, wishes: AlertWishes, secrets: Sequence[str]) -> Json:
        """What came of each channel: ``sent``, or why not. Those that took the alert before are left alone.

        Never raises; bounded by the time-outs of mail server and policy. ``secrets`` sign the webhook.
        """
        sending = {address: self._send_mail(alert, address) for address in wishes.emails if _open(alert, address)}
        if wishes.webhook_url and _open(alert, WEBHOOK):
            sending[WEBHOOK] = self._call(alert, wishes.webhook_url, secrets)
        outcomes = await asyncio.gather(*sending.values())
        return alert.channels | dict(zip(sending, outcomes, strict=True))

    async def _send_mail(self, alert: AlertRecord, address: str) -> str:
        if self._mail is None:
            return "not_configured"
        subject = f"{TITLES.get(alert.rule, alert.rule)} ({_whose(alert)})"
        return await self._mail.send(Message(address, self._text(alert), subject)) or SENT

    async def _call(self, alert: AlertRecord, url: str, secrets: Sequence[str]) -> str:
        body = encode(
            {
                "id": alert.id,
                "type": ALERT_EVENT,
                "createdAt": alert.raised_at,
                "alert": alert_json(alert),
            }
        )
        headers = signature_headers(secrets, "t_v1", alert.id, int(time.time()), body) if secrets else {}
        headers["Content-Type"] = "application/json"
        async with open_client(self._policy) as client:
            try:
                answer = await call(
                    client,
                    "POST",
                    url,
                    data=body,
                    headers=headers,
                    max_response_bytes=self._policy.max_response_bytes,
                )
            except OutboundError as error:
                return error.code
        return SENT if 200 <= answer.status < 300 else f"http_{answer.status}"

    def _text(self, alert: AlertRecord) -> str:
        lines = [alert.text, "", f"Whose: {_whose(alert)}"]
        if self._public_url:
            view = f"live/{alert.session_id}" if alert.session_id else "fleet"
            lines.append(f"Look: {self._public_url}/console/#/{view}")
        lines += ["", "You get this because your address is in the alerts of the agent console."]
        return "\n".join(lines) + "\n"


def alert_json(alert: AlertRecord) -> Json:
    """An alert as webhooks and the console show it."""
    return {
        "id": alert.id,
        "rule": alert.rule,
        "tenant": alert.tenant,
        "sandbox": alert.sandbox,
        "sessionId": alert.session_id or None,
        "text": alert.text,
        "figures": alert.figures,
        "raisedAt": alert.raised_at,
    }


def _open(alert: AlertRecord, channel: str) -> bool:
    """Whether a channel has not taken the alert yet."""
    return alert.channels.get(channel) != SENT


def _whose(alert: AlertRecord) -> str:
    return f"{alert.tenant}, {'sandbox' if alert.sandbox else 'production'}"
