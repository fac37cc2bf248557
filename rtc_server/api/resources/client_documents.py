"""Pictures of documents, sent by the session page while a document scan runs; docs/protocol.md describes them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from rtc_server.api.access.auth import refuse_finished, session_of_page
from rtc_server.api.body import read_content
from rtc_server.api.checks import described, integer
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError, retry_after
from rtc_server.api.operation import Operation, query_of

MAX_PICTURE_BYTES = 16_000_000
"""A JPEG of 40 megapixels at high quality is smaller."""

MAX_AT_ONCE = 8
"""Pictures that are received at the same time, of all sessions together."""

MAX_OF_SESSION = 3
"""The same for one session, so that a slow page holds up nobody but itself."""

BUSY_RETRY_SECONDS = 2.0

PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")


class Places:
    """Where pictures are received."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        """Session → its pictures on their way."""

    @contextmanager
    def one(self, session_id: str) -> Iterator[None]:
        """A place for one picture. Raises ApiError 503 when there is none."""
        if self._held.total() >= MAX_AT_ONCE or self._held[session_id] >= MAX_OF_SESSION:
            message = "Too many pictures are being received just now; send it again in a moment."
            raise ApiError(503, "busy", message, headers=retry_after(BUSY_RETRY_SECONDS))
        self._held[session_id] += 1
        try:
            yield
        finally:
            self._held -= Counter([session_id])  # which forgets a session that holds none


PLACES: web.AppKey[Places] = web.AppKey("visavis_picture_places", Places)


async def client_document(request: web.Request) -> web.Response:
    """``POST /client/documents/{request_id}``: a still that was asked for, or a file that the person chose."""
    record = await session_of_page(request)
    refuse_finished(record)
    number = query_of(request).get("number")
    if request.content_type not in PICTURE_TYPES:
        message = f"The body must be a picture, one of {', '.join(PICTURE_TYPES)}."
        raise ApiError(415, "unsupported_media_type", message)
    with request.app[PLACES].one(record.id):
        content = await read_content(request, MAX_PICTURE_BYTES)
        calls, request_id = request.app[CONTEXT].calls, request.match_info["request_id"]
        await calls.document_picture(record.id, request_id, number=number, content=content)
    return web.Response(status=202)


OPERATIONS = (
    Operation(
        method="POST",
        path="/client/documents/{request_id}",
        handler=client_document,
        operation_id="addDocumentPicture",
        summary="A picture of a document",
        description="While a document scan runs: with `number` the still that the server asked for by `takeStill`, "
        "without it a file that the person chose. At most 16 MB, 40 megapixels, and 30 pictures a scan.",
        tag="Session page",
        security="client_secret",
        binary=PICTURE_TYPES,
        query={"number": described(integer(0, 999), "Of the still, as `takeStill` has it; absent for a file.")},
        responses={202: None},
        errors=(409,),
    ),
)
