"""``GET /sandbox/mailbox``: what sessions of a test key would have sent by e-mail and SMS; and a page to read it."""

from aiohttp import web

from rtc_server.api.access.auth import authenticate
from rtc_server.api.checks import array, described, integer, named, one_of, reply, text
from rtc_server.api.context import CONTEXT
from rtc_server.api.errors import ApiError
from rtc_server.api.middleware import json_response
from rtc_server.api.operation import Operation, query_of
from rtc_server.api.page_headers import ALONE
from rtc_server.api.pages import page_reply
from rtc_server.storage.ports import Json, MailboxMessage

MAX_MESSAGES = 100

MESSAGE = named(
    "MailboxMessage",
    reply(
        {
            "id": text(64),
            "sessionId": text(64),
            "channel": one_of("email", "sms"),
            "to": described(text(320), "E-mail address, or phone number in E.164."),
            "subject": described(text(1_000), "Empty for an SMS."),
            "text": text(100_000),
            "html": described(text(100_000), "Empty for an SMS."),
            "createdAt": integer(0),
        }
    ),
)


async def get_mailbox(request: web.Request) -> web.Response:
    """The newest messages of the caller's sandbox."""
    key = await authenticate(request)
    query = query_of(request)
    if not key.sandbox:
        raise ApiError(403, "sandbox_only", "Production sends its messages: use a test key (sk_test_…).")
    messages = await request.app[CONTEXT].stores.mailbox.messages(
        key.tenant, query.get("sessionId", ""), query.get("limit", MAX_MESSAGES)
    )
    return json_response({"messages": [message_json(message) for message in messages]})


async def mailbox_page(request: web.Request) -> web.StreamResponse:
    """``GET /sandbox/mailbox/page``: asks for the key and shows the messages.

    A mail is shown in a frame with an address in memory (``blob:``), which takes over this page's content security
    policy. So styles inside the markup are allowed here, as mails have them; scripts and pictures from elsewhere are
    not. No other site may frame the page, because people paste a key into it.
    """
    response = await page_reply(request, "mailbox/index.html")
    policy = response.headers["Content-Security-Policy"].partition("frame-ancestors")[0]
    response.headers["Content-Security-Policy"] = (
        policy.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
        + "frame-src blob:; frame-ancestors 'none'"
    )
    response.headers.update(ALONE)
    return response


def message_json(message: MailboxMessage) -> Json:
    """A message as the API shows it."""
    return {
        "id": message.id,
        "sessionId": message.session_id,
        "channel": message.channel,
        "to": message.recipient,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "createdAt": message.created_at,
    }


OPERATIONS = (
    Operation(
        method="GET",
        path="/sandbox/mailbox",
        handler=get_mailbox,
        operation_id="listMailbox",
        summary="List the messages that the sandbox did not send",
        tag="Sandbox",
        scope="sessions:read",
        description="Newest first. They go when their session goes.",
        query={
            "sessionId": described(text(256), "Only this session's."),
            "limit": described(integer(1, MAX_MESSAGES), "How many at most."),
        },
        responses={200: reply({"messages": array(MESSAGE, MAX_MESSAGES)})},
        errors=(403,),
    ),
)
