"""What sessions reach the outside through, built from the settings."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rtc_server.notify.codes import Channel, Codes
from rtc_server.notify.email import SmtpSender
from rtc_server.notify.ports import Sender
from rtc_server.notify.sms import TwilioSender, WebhookSender
from rtc_server.outbound.external import HttpExternalCaller
from rtc_server.session.location import LocationDatabase, LocationError
from rtc_server.session.ports import Services
from rtc_server.session.vision.images import MAX_BYTES, ReferenceImages, SessionOf
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.storage.ports import MailboxStore, MediaStore

MAX_ANSWER_BYTES = 65_536
"""Longest answer of an integrator's server that is read."""

IMAGE_SECONDS = 5.0
"""Longest time that a reference picture may take."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The services of a process, and how to let them go."""

    codes: Codes
    external: HttpExternalCaller
    places: LocationDatabase | None

    @property
    def services(self) -> Services:
        """As sessions are given them."""
        if self.places is None:
            return Services(self.codes, self.external)
        return Services(self.codes, self.external, self.places.locate)

    async def close(self) -> None:
        """Close connections."""
        await self.codes.close()
        await self.external.close()
        if self.places is not None:
            self.places.close()


def build_services(settings: Settings, key: bytes, mailbox: MailboxStore, now_ms: Callable[[], int]) -> Outside:
    """Inside a running event loop. ``key`` is the server's secret. Raises SettingsError."""
    places = _places(settings)
    codes = Codes(
        key,
        _senders(settings),
        mailbox,
        company_name=settings.company_name,
        sandbox_sends=settings.sandbox_sends,
        now_ms=now_ms,
    )
    policy = settings.outbound.policy(
        timeout_seconds=settings.external.timeout_seconds,
        max_response_bytes=MAX_ANSWER_BYTES,
        allowed_hosts=settings.external.hosts(),
    )
    return Outside(codes, HttpExternalCaller(policy), places)


def build_images(settings: Settings, media: MediaStore, session_of: SessionOf) -> ReferenceImages:
    """Reads the reference pictures that customers name. Inside a running event loop."""
    policy = settings.outbound.policy(timeout_seconds=IMAGE_SECONDS, max_response_bytes=MAX_BYTES)
    return ReferenceImages(policy, media, session_of)


def _places(settings: Settings) -> LocationDatabase | None:
    try:
        return LocationDatabase(Path(settings.geoip_database)) if settings.geoip_database else None
    except LocationError as error:
        raise SettingsError(f"geoip_database (VISAVIS_GEOIP_DATABASE): {error}") from error


def _senders(settings: Settings) -> dict[Channel, Sender]:
    senders: dict[Channel, Sender] = {}
    if settings.email.host:
        senders["email"] = SmtpSender(settings.email)
    if settings.sms.provider == "twilio":
        senders["sms"] = TwilioSender(settings.sms)
    elif settings.sms.provider == "webhook":
        senders["sms"] = WebhookSender(settings.sms)
    return senders
