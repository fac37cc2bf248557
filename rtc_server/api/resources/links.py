"""The link to a session's page."""

from aiohttp import web

from rtc_server.api.access.secrets import client_secret
from rtc_server.api.context import CONTEXT
from rtc_server.api.resources.schemas import secret_json
from rtc_server.storage.ports import Json, SessionRecord


def client_secret_json(request: web.Request, record: SessionRecord) -> Json:
    """The current client secret of a session, with the address that it opens."""
    context = request.app[CONTEXT]
    # The page stands at the root. As the original does it, no slash stands between host and query.
    page_url = base_url(request)
    return secret_json(record, client_secret(context.server_key, record.id, record.secret_generation), page_url)


def base_url(request: web.Request) -> str:
    """Where this server is reached, without a slash at the end."""
    return (request.app[CONTEXT].public_url or str(request.url.origin())).rstrip("/")
