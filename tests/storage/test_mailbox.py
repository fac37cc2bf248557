"""The sandbox's mailbox, on both databases."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete

from rtc_server.storage.ports import MailboxMessage
from rtc_server.storage.schema import sessions
from rtc_server.storage.stores import Stores, open_stores
from tests.storage.records import START_MS, session_record


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    opened = await open_stores(database_url)
    for number in (1, 2):
        await opened.sessions.create_session(session_record(number))
    yield opened
    await opened.close()


def message(number: int, session: int = 1, tenant: str = "acme") -> MailboxMessage:
    return MailboxMessage(
        id=f"msg_{number}",
        tenant=tenant,
        session_id=f"session-{session:05}",
        channel="email" if number % 2 else "sms",
        recipient="zoë@bücher.example",
        subject="Ihr Côde ✓",
        text="コード 482913",
        html="<p>482913</p>",
        created_at=START_MS + number,
    )


async def test_messages_come_back_newest_first(stores: Stores) -> None:
    kept = [message(1), message(2, session=2), message(3), message(4, tenant="other")]
    for each in kept:
        await stores.mailbox.add_message(each)
    assert await stores.mailbox.messages("acme") == [kept[2], kept[1], kept[0]]
    assert await stores.mailbox.messages("acme", "session-00001") == [kept[2], kept[0]]
    assert await stores.mailbox.messages("acme", limit=1) == [kept[2]]
    assert await stores.mailbox.messages("other") == [kept[3]]
    assert await stores.mailbox.messages("other", "session-00002") == []
    assert await stores.mailbox.messages("nobody") == []


async def test_messages_go_with_their_session(stores: Stores) -> None:
    await stores.mailbox.add_message(message(1))
    await stores.mailbox.add_message(message(2, session=2))
    async with stores.database.write() as connection:
        await connection.execute(delete(sessions).where(sessions.c.id == "session-00001"))
    assert [each.id for each in await stores.mailbox.messages("acme")] == ["msg_2"]
