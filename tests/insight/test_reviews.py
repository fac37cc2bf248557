"""The review queue as staff see it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from rtc_server.insight.review_steps import Reviewer, ReviewError
from rtc_server.insight.reviews import Reviews
from rtc_server.storage.ports import Scope
from rtc_server.storage.stores import Stores, open_stores
from tests.insight.sessions import end_session, node, report
from tests.storage.records import START_MS

ALL = Scope(("*",))
KIM, SAM, LEE = Reviewer("stf_kim", "Kim"), Reviewer("stf_sam", "Sam"), Reviewer("stf_lee", "Lee", supervisor=True)
DOUBTFUL = report(node("live", "liveness_detection", "inconclusive", 3, verdict="inconclusive"))


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    stores = await open_stores(f"sqlite:///{tmp_path / 'visavis.db'}")
    yield stores
    await stores.close()


def queue(stores: Stores, *, two: bool = False) -> Reviews:
    return Reviews(stores.reviews, lambda: START_MS, two_person_rule=two)


async def test_what_waits_and_what_is_decided(stores: Stores) -> None:
    reviews = queue(stores)
    first, second = [await end_session(stores, number, report=DOUBTFUL) for number in (1, 2)]
    page = await reviews.list(ALL, KIM, limit=1)
    assert [review["sessionId"] for review in page["reviews"]] == [first]
    assert (page["cursor"], page["waiting"]["open"]) == (first, 2)
    rest = await reviews.list(ALL, KIM, cursor=page["cursor"])
    assert [review["sessionId"] for review in rest["reviews"]] == [second]
    assert rest["cursor"] == ""
    decided = await reviews.decide(ALL, KIM, first, "decline", "not the same person")
    assert (decided["state"], decided["decision"], decided["mine"]) == ("decided", "decline", True)
    assert (await reviews.list(ALL, KIM, "decided"))["reviews"] == [decided]


async def test_the_second_does_not_see_what_the_first_said(stores: Stores) -> None:
    reviews = queue(stores, two=True)
    session_id = await end_session(stores, report=DOUBTFUL)
    mine = await reviews.decide(ALL, KIM, session_id, "approve", "I know this customer")
    assert mine["judgements"] == [
        {"by": "Kim", "at": START_MS, "decision": "approve", "reason": "I know this customer"}
    ]
    seen = await reviews.one(ALL, SAM, session_id)
    assert seen is not None
    assert seen["judgements"] == [{"by": "Kim", "at": START_MS}]
    assert (seen["state"], seen["mine"], seen["decision"]) == ("second", False, None)
    disputed = await reviews.decide(ALL, SAM, session_id, "decline", "the face differs")
    assert [judgement["decision"] for judgement in disputed["judgements"]] == ["approve", "decline"]
    with pytest.raises(ReviewError, match="supervisor"):
        await reviews.decide(ALL, Reviewer("stf_tom", "Tom"), session_id, "approve", "it is fine")
    assert (await reviews.decide(ALL, LEE, session_id, "again", "ask once more"))["state"] == "decided"


async def test_what_cannot_be_done_is_named(stores: Stores) -> None:
    reviews = queue(stores)
    session_id = await end_session(stores, report=DOUBTFUL)
    for wrong, code, status in (
        (reviews.decide(ALL, KIM, session_id, "maybe", "not so sure"), "invalid_decision", 400),
        (reviews.decide(ALL, KIM, "nobody", "approve", "why not"), "not_found", 404),
        (reviews.decide(Scope(("other",)), KIM, session_id, "approve", "why not"), "not_found", 404),
        (reviews.list(ALL, KIM, cursor="nobody"), "invalid_cursor", 400),
    ):
        with pytest.raises(ReviewError) as refused:
            await wrong
        assert (refused.value.code, refused.value.status) == (code, status)
    assert await reviews.one(ALL, KIM, "nobody") is None
