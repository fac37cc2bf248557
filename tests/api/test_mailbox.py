"""The sandbox's mailbox over HTTP."""

from pathlib import Path

import aiohttp

from rtc_server.api.access.secrets import lookup_hash
from rtc_server.storage.ports import ApiKey, MailboxMessage
from tests.api.conftest import OTHER_KEY, START_MS, Edge

FOREIGN_KEY = "sk_test_of_another_tenant"


def message(session_id: str, number: int) -> MailboxMessage:
    return MailboxMessage(
        id=f"msg_{number}",
        tenant="default",
        session_id=session_id,
        channel="email",
        recipient="robin@example.org",
        subject="Your code",
        text="482913",
        html="<p>482913</p>",
        created_at=number,
    )


async def listed(response: aiohttp.ClientResponse) -> list[str]:
    assert response.status == 200, await response.text()
    return [each["id"] for each in (await response.json())["messages"]]


async def test_messages_of_the_sandbox_are_listed(edge: Edge) -> None:
    first = (await edge.create())["session"]["id"]
    second = (await edge.create())["session"]["id"]
    for number, session_id in enumerate((first, second, first), start=1):
        await edge.stores.mailbox.add_message(message(session_id, number))
    response = await edge.call("GET", "/sandbox/mailbox")
    assert (await response.json())["messages"][1] == {
        "id": "msg_2",
        "sessionId": second,
        "channel": "email",
        "to": "robin@example.org",
        "subject": "Your code",
        "text": "482913",
        "html": "<p>482913</p>",
        "createdAt": 2,
    }
    assert await listed(response) == ["msg_3", "msg_2", "msg_1"]
    assert await listed(await edge.call("GET", f"/v1/sandbox/mailbox?sessionId={first}")) == ["msg_3", "msg_1"]
    assert await listed(await edge.call("GET", "/sandbox/mailbox?sessionId=unknown")) == []
    assert await listed(await edge.call("GET", "/sandbox/mailbox?limit=1")) == ["msg_3"]
    error = await edge.error(await edge.call("GET", "/sandbox/mailbox?limit=0"), 400, "invalid_value")
    assert error["param"] == "limit"


async def test_nobody_else_reads_them(edge: Edge) -> None:
    session_id = (await edge.create())["session"]["id"]
    await edge.stores.mailbox.add_message(message(session_id, 1))
    foreign = ApiKey("foreign", "foreign", lookup_hash(FOREIGN_KEY), "sk_test_of_a", True, START_MS)
    await edge.stores.keys.add_key(foreign)
    assert await listed(await edge.call("GET", "/sandbox/mailbox", key=FOREIGN_KEY)) == []
    await edge.error(await edge.call("GET", "/sandbox/mailbox", key=OTHER_KEY), 403, "sandbox_only")
    await edge.error(await edge.call("GET", "/sandbox/mailbox", key="sk_test_unknown_0123"), 401, "invalid_api_key")


async def test_the_page_runs_nothing_foreign_and_is_framed_by_nobody(edge: Edge, static_folder: Path) -> None:
    folder = static_folder / "mailbox"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>Mailbox</title>")
    async with edge.client.get("/sandbox/mailbox/page") as response:
        assert response.status == 200
        policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self' 'unsafe-inline';" in policy
    assert "img-src 'self' data: blob:;" in policy
    assert "trusted-types 'none';" in policy
    assert "frame-src blob:; frame-ancestors 'none'" in policy
