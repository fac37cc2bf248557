"""Reference pictures that customers name: in a data URL, behind an https URL, or stored with a session of theirs."""

import asyncio
import base64
import binascii
import logging
import re
from collections.abc import Awaitable, Callable

import aiohttp

from rtc_server.observe.failures import log_failure
from rtc_server.outbound.client import OutboundError, call, open_client
from rtc_server.outbound.policy import OutboundPolicy, judge_url
from rtc_server.session.ports import LoadedImage
from rtc_server.session.vision.picture import PictureError, TooManyPixels, decode
from rtc_server.storage.ports import MediaStore, Owner, SessionRecord

MAX_BYTES = 10_000_000
LOAD_SECONDS = 8.0
"""For all of it; the call alone has the policy's time."""

_DATA_URL = re.compile(r"data:(?P<type>[^;,]{0,100})(?:;[^;,]{1,100})*;base64,", re.IGNORECASE)
_STORED = re.compile(r"m_\w{1,80}")
_PICTURES = frozenset({"", "image/png", "image/jpeg", "image/jpg", "image/webp", "application/octet-stream"})

SessionOf = Callable[[str, Owner], Awaitable[SessionRecord | None]]
"""A session by its id, when it is the owner's."""

logger = logging.getLogger(__name__)


class LoadError(Exception):
    """There is no picture; ``code`` is one of ``LoadedImage.error``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ReferenceImages:
    """``ImageLoader``. ``policy`` says which hosts may be asked, for how long and how much is read."""

    def __init__(
        self,
        policy: OutboundPolicy,
        media: MediaStore | None,
        session_of: SessionOf,
        resolver: aiohttp.abc.AbstractResolver | None = None,
    ) -> None:
        self._policy = policy
        self._media = media
        self._session_of = session_of
        self._client = open_client(policy, resolver)

    async def load(self, session: SessionRecord, source: str) -> LoadedImage:
        """From a data URL, an https URL or the id of a stored picture (``m_…``) of the same owner.

        Never raises; bounded in time, bytes and pixels.
        """
        try:
            async with asyncio.timeout(LOAD_SECONDS):
                data = await self._read(session.owner, source.strip())
                return LoadedImage(await asyncio.to_thread(decode, data), "")
        except LoadError as error:
            return LoadedImage(None, error.code)
        except TooManyPixels:
            return LoadedImage(None, "reference_too_large")
        except PictureError:
            return LoadedImage(None, "reference_unreadable")
        except TimeoutError:
            return LoadedImage(None, "reference_unreachable")
        except Exception as error:
            log_failure(logger, "loading a reference picture", error)
            return LoadedImage(None, "reference_unreachable")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _read(self, owner: Owner, source: str) -> bytes:
        if not source:
            raise LoadError("reference_missing")
        if source[:5].lower() == "data:":
            return await asyncio.to_thread(read_data_url, source)
        if _STORED.fullmatch(source):
            return await self._stored(owner, source)
        return await self._fetch(source)

    async def _fetch(self, url: str) -> bytes:
        if refused := judge_url(url, self._policy):
            # The client would take credentials out of the URL before it judges it.
            raise LoadError("reference_unreadable" if refused == "not_a_url" else "reference_refused")
        try:
            answer = await call(
                self._client,
                "GET",
                url,
                max_response_bytes=self._policy.max_response_bytes,
                headers={"Accept": "image/png, image/jpeg, image/webp"},
            )
        except OutboundError as error:
            codes = {"too_large": "reference_too_large", "address_not_allowed": "reference_refused"}
            raise LoadError(codes.get(error.code, "reference_unreachable")) from None
        if answer.status != 200:
            raise LoadError("reference_unreachable")
        return answer.body

    async def _stored(self, owner: Owner, media_id: str) -> bytes:
        """A picture of another owner is as good as none."""
        found = None if self._media is None else await self._media.get(media_id)
        if found is None or await self._session_of(found[0].session_id, owner) is None:
            raise LoadError("reference_missing")
        return found[1]


def read_data_url(source: str) -> bytes:
    """The content of a base64 data URL of a picture. Blocks for some milliseconds. Raises LoadError."""
    head = _DATA_URL.match(source)
    if head is None or head["type"].lower() not in _PICTURES:
        raise LoadError("reference_unreadable")
    if (len(source) - head.end()) * 3 / 4 > MAX_BYTES:
        raise LoadError("reference_too_large")
    try:
        return base64.b64decode("".join(source[head.end() :].split()), validate=True)
    except (binascii.Error, ValueError):
        raise LoadError("reference_unreadable") from None
