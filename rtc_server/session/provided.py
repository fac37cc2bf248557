"""What customers provide, and what of it may be written down: pictures go into no journal, prompt or report."""

import logging
from collections.abc import Mapping
from typing import Any

from rtc_server.crypto.ids import new_id
from rtc_server.observe.failures import log_failure
from rtc_server.session.clock import unix_ms
from rtc_server.session.options import session_options
from rtc_server.session.vision.images import LoadError, read_data_url
from rtc_server.storage.ports import MediaRecord, MediaStore, SessionRecord

MAX_CHARACTERS = 10_000
"""A longer text is no fact that a flow works with."""

REFERENCE = "reference"
"""Kind of a stored picture to compare with; reports do not show it."""

logger = logging.getLogger(__name__)


def all_provided(record: SessionRecord) -> Mapping[str, Any]:
    """The ``providedData`` of the create call, pictures included."""
    provided = session_options(record.settings).get("providedData")
    return provided if isinstance(provided, Mapping) else {}


def writable(provided: Mapping[str, Any]) -> dict[str, Any]:
    """What a flow may know of it: scalars, without data URLs (RFC 2397) and very long texts."""
    return {
        key: value
        for key, value in provided.items()
        if isinstance(value, int | float | bool)
        or (isinstance(value, str) and not is_data_url(value) and len(value) <= MAX_CHARACTERS)
    }


def is_data_url(value: object) -> bool:
    """Whether it is one, readable or not."""
    return isinstance(value, str) and value.lstrip()[:5].lower() == "data:"


async def with_stored_pictures(
    data: Mapping[str, Any], media: MediaStore | None, session_id: str
) -> dict[str, str | int | float | bool]:
    """An answer of the customer's server in which each data URL is the id of a picture that was stored, encrypted.

    What cannot be stored is left out, so that it is missing and not everywhere.
    """
    told: dict[str, str | int | float | bool] = {}
    for key, value in data.items():
        if not is_data_url(value):
            told[key] = value
        elif stored := await _stored(value, media, session_id):
            told[key] = stored
    return told


async def _stored(source: str, media: MediaStore | None, session_id: str) -> str:
    """Its id; empty when it cannot be kept."""
    if media is None:
        logger.warning("session %s was given a picture, and there is nowhere to keep it", session_id)
        return ""
    try:
        content = read_data_url(source.strip())
        # What it really is shows when it is compared.
        record = MediaRecord(
            new_id("m_"), session_id, REFERENCE, 0, "application/octet-stream", len(content), unix_ms()
        )
        await media.put(record, content)
    except LoadError as error:
        logger.warning("session %s was given a picture that is not kept: %s", session_id, error)
        return ""
    except Exception as error:
        log_failure(logger, f"keeping a picture that session {session_id} was given", error)
        return ""
    return record.id
