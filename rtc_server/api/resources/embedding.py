"""Who may embed the page of a session: the list of the API key that made it, or the server's own setting."""

from aiohttp import web
from yarl import URL

from rtc_server.api.access.auth import session_by_secret
from rtc_server.api.access.origins import embedders
from rtc_server.api.access.secrets import is_client_secret
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.resources.links import base_url
from rtc_server.storage.ports import SessionRecord

NOBODY = "'none'"


async def frame_ancestors_of(request: web.Request, record: SessionRecord) -> str:
    """The sources of ``frame-ancestors`` (CSP level 3 §6.4.2) for the page of a session.

    The key's list counts as it is now, also for sessions that were made before it changed.
    """
    context = request.app[CONTEXT]
    key = await context.stores.keys.key(record.api_key_id, record.owner) if record.api_key_id else None
    return " ".join(key.allowed_origins) if key is not None and key.allowed_origins else context.frame_ancestors


async def frame_ancestors_of_page(request: web.Request) -> str:
    """The same for ``GET /?cs=…``; the setting where the secret opens nothing.

    Whether it does can be told from the answer, as it can be from ``GET /client/session``. So a wrong one counts
    against its address in the same way, and after too many nothing is looked up, and nobody may frame the page.
    """
    setting, secret = request.app[CONTEXT].frame_ancestors, request.query.get("cs", "")
    if not is_client_secret(secret):
        return setting
    try:
        record = await session_by_secret(request, secret)
    except ApiError as error:
        return NOBODY if error.status == 429 else setting
    return await frame_ancestors_of(request, record)


def embedders_of(request: web.Request, frame_ancestors: str) -> list[str]:
    """The same sources as the page gets them; ``['*']`` = any origin."""
    return embedders(frame_ancestors, str(URL(base_url(request)).origin()))
