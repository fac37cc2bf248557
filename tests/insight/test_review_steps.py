"""What becomes of a review when people judge."""

import pytest

from rtc_server.insight.review_steps import Reviewer, ReviewError, judged, report_member
from rtc_server.storage.ports import Decision, ReviewRecord

KIM, SAM, LEE = Reviewer("stf_kim", "Kim"), Reviewer("stf_sam", "Sam"), Reviewer("stf_lee", "Lee", supervisor=True)
OPEN = ReviewRecord("s1", "acme", False, 1_000, ("inconclusive",))


def judge(
    review: ReviewRecord, who: Reviewer, decision: Decision, *, two: bool = False, at: int = 2_000
) -> ReviewRecord:
    return judged(review, who, decision, f"because {decision}", at, two_person_rule=two)


def test_one_person_suffices_without_the_rule() -> None:
    decided = judge(OPEN, KIM, "approve")
    assert (decided.state, decided.decision, decided.decided_at) == ("decided", "approve", 2_000)
    assert report_member(decided) == {
        "decision": "approve",
        "reason": "because approve",
        "decidedAt": 2_000,
        "by": "Kim",
    }


def test_two_who_agree() -> None:
    second = judge(OPEN, KIM, "decline", two=True)
    assert (second.state, second.decision, second.decided_at) == ("second", "", None)
    decided = judge(second, SAM, "decline", two=True, at=3_000)
    member = report_member(decided)
    assert decided.state == "decided"
    assert (member["by"], member["decidedAt"], member["second"]["by"]) == ("Kim", 3_000, "Sam")


def test_two_who_do_not_agree_need_a_supervisor_who_is_neither() -> None:
    disputed = judge(judge(OPEN, KIM, "approve", two=True), LEE, "decline", two=True)
    assert disputed.state == "disputed"
    with pytest.raises(ReviewError, match="supervisor") as refused:
        judge(disputed, Reviewer("stf_tom", "Tom"), "approve", two=True)
    assert (refused.value.code, refused.value.status) == ("supervisor_needed", 403)
    with pytest.raises(ReviewError) as own:
        judge(disputed, LEE, "approve", two=True)
    assert own.value.code == "own_decision"
    decided = judge(disputed, Reviewer("stf_pat", "Pat", supervisor=True), "again", two=True, at=4_000)
    member = report_member(decided)
    assert (decided.decision, member["by"]) == ("again", "Pat")
    assert [judgement["by"] for judgement in member["disputed"]] == ["Kim", "Lee"]


def test_nobody_is_two_people() -> None:
    with pytest.raises(ReviewError) as refused:
        judge(judge(OPEN, KIM, "approve", two=True), KIM, "approve", two=True)
    assert (refused.value.code, refused.value.status) == ("own_decision", 409)


def test_what_is_decided_stays_and_says_by_whom() -> None:
    with pytest.raises(ReviewError, match="Kim has decided") as refused:
        judge(judge(OPEN, KIM, "approve"), SAM, "decline")
    assert refused.value.status == 409


@pytest.mark.parametrize("reason", ["", "   no   ", "x" * 1_001])
def test_a_reason_says_something(reason: str) -> None:
    with pytest.raises(ReviewError, match="reason: write why") as refused:
        judged(OPEN, KIM, "approve", reason, 2_000, two_person_rule=False)
    assert refused.value.status == 400


def test_a_rule_that_was_switched_off_meanwhile_does_not_lose_the_first_judgement() -> None:
    second = judge(OPEN, KIM, "approve", two=True)
    assert judge(second, SAM, "approve", two=False).state == "decided"
    assert judge(second, SAM, "decline", two=False).state == "disputed"
