"""The review queue, on both databases."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from rtc_server.insight.review_steps import Reviewer, ReviewError, judged
from rtc_server.storage.ports import AuditQuery, Decision, Owner, ReviewRecord, Scope
from rtc_server.storage.schema import reviews
from rtc_server.storage.stores import Stores, open_stores
from tests.insight.sessions import MINUTE_MS, end_session, report
from tests.storage.records import START_MS

ALL = Scope(("*",))
ACME = Owner("acme", sandbox=False)
KIM, SAM = Reviewer("stf_kim", "Kim"), Reviewer("stf_sam", "Sam")
NOW = START_MS + 60 * MINUTE_MS
DOUBTFUL = report(notChecked=[{"nodeId": "live", "type": "liveness_detection", "reason": "no_media"}])
REASON = "Robin showed the passport on Tuesday"


@pytest.fixture
async def stores(database_url: str) -> AsyncIterator[Stores]:
    stores = await open_stores(database_url)
    yield stores
    await stores.close()


async def judge(
    stores: Stores, session_id: str, who: Reviewer, decision: Decision, *, two: bool = False, scope: Scope = ALL
) -> ReviewRecord | None:
    def change(review: ReviewRecord) -> ReviewRecord:
        return judged(review, who, decision, REASON, NOW, two_person_rule=two)

    return await stores.reviews.change_review(session_id, scope, change, NOW)


async def test_doubt_opens_a_review_in_the_transaction_that_ends_the_session(stores: Stores) -> None:
    session_id = await end_session(stores, 1, report=DOUBTFUL)
    await end_session(stores, 2)
    (review,) = await stores.reviews.reviews(ALL, ["open"])
    assert review == ReviewRecord(session_id, "acme", False, START_MS + MINUTE_MS, ("not_checked",))
    assert await stores.reviews.open_counts(ALL) == {"open": 1, "second": 0, "disputed": 0}


async def test_a_decision_reaches_report_webhook_and_audit_together(stores: Stores) -> None:
    session_id = await end_session(stores, report=DOUBTFUL)
    decided = await judge(stores, session_id, KIM, "approve")
    assert decided is not None
    assert decided.state == "decided"
    session = await stores.sessions.session(session_id)
    assert session is not None
    assert session.report["review"] == {"decision": "approve", "reason": REASON, "decidedAt": NOW, "by": "Kim"}
    assert session.report["isVerified"] is False, "the machine's verdict stays what it was"
    event = (await stores.sessions.events(session_id))[-1]
    assert (event.type, event.data) == ("session.reviewed", {"decision": "approve"})
    entry = (await stores.audit.entries(AuditQuery(limit=1, session_id=session_id)))[0]
    assert (entry.action, entry.actor.id, entry.details["decision"]) == ("review.decided", "staff:stf_kim", "approve")
    assert REASON not in json.dumps(dict(entry.details)), "a reason names people, and the audit cannot forget"


async def test_the_first_of_two_tells_nobody_yet(stores: Stores) -> None:
    session_id = await end_session(stores, report=DOUBTFUL)
    before = len(await stores.sessions.events(session_id))
    await judge(stores, session_id, KIM, "approve", two=True)
    session = await stores.sessions.session(session_id)
    assert session is not None
    assert "review" not in session.report
    assert len(await stores.sessions.events(session_id)) == before
    assert await stores.reviews.open_counts(ALL) == {"open": 0, "second": 1, "disputed": 0}


async def test_a_refused_judgement_changes_nothing(stores: Stores) -> None:
    session_id = await end_session(stores, report=DOUBTFUL)
    await judge(stores, session_id, KIM, "approve", two=True)
    with pytest.raises(ReviewError):
        await judge(stores, session_id, KIM, "approve", two=True)
    review = await stores.reviews.review(session_id, ALL)
    assert review is not None
    assert len(review.judgements) == 1


async def test_two_who_decide_at_once_are_one_decision_and_one_refusal(stores: Stores) -> None:
    session_id = await end_session(stores, report=DOUBTFUL)
    outcomes = await asyncio.gather(
        judge(stores, session_id, KIM, "approve"), judge(stores, session_id, SAM, "decline"), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ReviewError", "ReviewRecord"]
    events = [event.type for event in await stores.sessions.events(session_id)]
    assert events.count("session.reviewed") == 1


async def test_what_the_scope_does_not_hold_is_not_found(stores: Stores) -> None:
    session_id = await end_session(stores, report=DOUBTFUL)
    for scope in (Scope(("other",)), Scope(("acme",), sandbox=True), Scope(())):
        assert await stores.reviews.review(session_id, scope) is None
        assert await stores.reviews.reviews(scope, ["open"]) == []
        assert await judge(stores, session_id, KIM, "approve", scope=scope) is None
    assert await judge(stores, "nobody", KIM, "approve") is None


async def test_pages_go_from_oldest_to_newest_while_open(stores: Stores) -> None:
    ids = [await end_session(stores, number, report=DOUBTFUL) for number in range(5)]
    first = await stores.reviews.reviews(ALL, ["open"], limit=2)
    second = await stores.reviews.reviews(ALL, ["open"], limit=10, cursor=first[-1].session_id)
    assert [review.session_id for review in (*first, *second)] == ids
    for session_id in ids:
        await judge(stores, session_id, KIM, "decline")
    decided = await stores.reviews.reviews(ALL, ["decided"], limit=2)
    rest = await stores.reviews.reviews(ALL, ["decided"], limit=10, cursor=decided[-1].session_id)
    assert [review.session_id for review in (*decided, *rest)] == ids[::-1]
    with pytest.raises(KeyError):
        await stores.reviews.reviews(ALL, ["decided"], cursor="nobody")


async def test_redaction_takes_the_words_and_leaves_the_decision(stores: Stores) -> None:
    decided, waiting = await end_session(stores, 1, report=DOUBTFUL), await end_session(stores, 2, report=DOUBTFUL)
    await judge(stores, decided, KIM, "approve")
    await judge(stores, waiting, KIM, "approve", two=True)
    for session_id in (decided, waiting):
        await stores.lifecycle.redact(session_id, ACME, NOW, "request")
    session = await stores.sessions.session(decided)
    assert session is not None
    assert session.report["review"] == {"decision": "approve", "decidedAt": NOW, "by": "Kim"}
    assert await stores.reviews.review(waiting, ALL) is None, "nothing is left to look at"
    async with stores.database.read() as connection:
        rows = (await connection.execute(select(reviews))).all()
    assert REASON not in repr(rows)
    assert rows[0].judgements[0]["by_name"] == "Kim"


async def test_a_review_goes_with_its_session(stores: Stores) -> None:
    session_id = await end_session(stores, report=DOUBTFUL)
    await stores.lifecycle.delete(session_id, ACME, NOW, "request")
    assert await stores.reviews.review(session_id, ALL) is None
