"""The capture machine: good documents in one or two sides, and everything that goes wrong with one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vision.document.capture.scans import (
    BACK,
    EMPTY,
    GOOD,
    PLAN,
    Scan,
    card_back,
    card_front,
    nothing,
    passport,
    side,
)
from vision.document.capture import commands, events
from vision.document.capture.policy import CapturePolicy
from vision.document.document import CivilDate
from vision.document.readings import FIRST_UPLOAD

OTHER_SIDE = replace(GOOD, fingerprint=BACK)


def test_the_first_instruction_comes_at_once_and_says_what_to_show() -> None:
    scan = Scan()
    assert scan.machine.deadline == scan.now
    scan.feed(events.TimePassed())
    assert scan.all(commands.Instruct) == [commands.Instruct("show_front", 0, None)]
    passports = Scan(replace(PLAN, kinds=("passport",)))
    passports.feed(events.TimePassed())
    assert passports.all(commands.Instruct)[0].step == "show_document"


def test_a_passport_is_read_in_one_picture() -> None:
    scan = Scan().begin()
    scan.picture(passport())
    assert (scan.end.outcome, scan.end.reason) == ("read", "")
    assert scan.end.document is not None
    assert scan.end.document.text("documentNumber") == "L898902C3"
    assert scan.end.pictures == (0,)
    assert scan.all(commands.SideAccepted) == [commands.SideAccepted(0)]
    assert scan.all(commands.Progress)[-1].fraction == 1.0
    assert scan.machine.deadline is None


def test_no_picture_is_taken_before_the_frame_was_good_for_a_while() -> None:
    scan = Scan().begin()
    scan.frames(GOOD, 0.4)
    scan.frames(replace(GOOD, motion=0.5), 2.0)
    assert scan.all(commands.TakePicture) == []
    scan.frames(GOOD, 1.2)
    assert scan.all(commands.TakePicture) == [commands.TakePicture(0)]


def test_no_picture_is_taken_while_the_instruction_is_being_said() -> None:
    scan = Scan()
    scan.feed(events.TimePassed())
    scan.frames(GOOD, 3.0)
    assert scan.all(commands.TakePicture) == []
    scan.feed(events.StepSpoken())
    scan.frames(GOOD, 0.6)
    assert len(scan.all(commands.TakePicture)) == 1


def test_an_instruction_whose_end_is_lost_holds_nobody_up() -> None:
    scan = Scan()
    scan.feed(events.TimePassed())
    scan.frames(GOOD, CapturePolicy().speaking_seconds + 1.0)
    assert len(scan.all(commands.TakePicture)) == 1


def test_a_card_is_turned_over() -> None:
    scan = Scan().begin()
    scan.picture(card_front())
    assert scan.all(commands.Instruct)[-1] == commands.Instruct("turn_over", 1, None)
    scan.frames(GOOD, 4.0)
    assert len(scan.all(commands.TakePicture)) == 1, "the same side is still in view"
    scan.picture(card_back(), OTHER_SIDE)
    assert scan.end.outcome == "read"
    assert scan.end.document is not None
    assert scan.end.document.complete
    assert len(scan.end.pictures) == 2


def test_back_first_is_no_mistake() -> None:
    scan = Scan().begin()
    scan.picture(card_back())
    assert scan.all(commands.Instruct)[-1].step == "show_front"
    scan.picture(card_front(), OTHER_SIDE)
    assert scan.end.outcome == "read"


def test_a_document_that_was_away_may_have_been_turned_over() -> None:
    scan = Scan().begin()
    scan.picture(card_front())
    scan.frames(EMPTY, 1.0)
    scan.picture(card_back(), GOOD)
    assert scan.end.outcome == "read"


def test_the_same_side_twice_is_told() -> None:
    scan = Scan().begin()
    scan.picture(card_front())
    scan.picture(card_front(), OTHER_SIDE)
    assert scan.all(commands.Instruct)[-1] == commands.Instruct("try_again", 1, "same_side")
    scan.picture(card_back(), OTHER_SIDE)
    assert scan.end.outcome == "read"


def test_an_empty_picture_is_taken_again_after_a_pause() -> None:
    scan = Scan().begin()
    scan.picture(nothing())
    last = scan.all(commands.Instruct)[-1]
    assert (last.step, last.problem in ("nothing_readable", "blurred", "no_document")) == ("try_again", True)
    asked = scan.now
    scan.picture(passport())
    assert scan.now - asked >= CapturePolicy().retry_seconds
    assert scan.end.outcome == "read"


def test_a_wrong_digit_is_never_read_and_in_the_end_named() -> None:
    true = passport()
    first, second = true.mrz
    wrong = second.text[:22] + ("1" if second.text[22] != "1" else "2") + second.text[23:]
    forged = replace(true, mrz=(first, replace(second, text=wrong)))
    scan = Scan().begin()
    for _ in range(3):
        scan.picture(forged)
        assert scan.machine.concluded is None
    scan.now += PLAN.limit_seconds
    scan.feed(events.TimePassed())
    assert scan.end.outcome == "timeout"
    assert scan.end.reason in ("mrz_check_digit", "mrz_ambiguous")


def test_another_document_may_follow_a_refused_one_once() -> None:
    old = passport(expires=CivilDate(2019, 1, 1))
    scan = Scan().begin()
    scan.picture(old)
    assert scan.all(commands.Instruct)[-1].problem == "expired"
    scan.picture(passport())
    assert scan.end.outcome == "read"
    insisting = Scan().begin()
    insisting.picture(old)
    insisting.picture(old)
    assert (insisting.end.outcome, insisting.end.reason) == ("rejected", "expired")


def test_a_refusal_keeps_its_reason_when_nothing_better_follows() -> None:
    scan = Scan().begin()
    scan.picture(passport(expires=CivilDate(2019, 1, 1)))
    scan.picture(nothing())
    scan.now += PLAN.limit_seconds
    scan.feed(events.TimePassed())
    assert (scan.end.outcome, scan.end.reason) == ("rejected", "expired")


def test_an_expired_document_is_taken_where_that_is_allowed() -> None:
    scan = Scan(replace(PLAN, allow_expired=True)).begin()
    scan.picture(passport(expires=CivilDate(2019, 1, 1)))
    assert scan.end.outcome == "read"


def test_a_document_of_the_wrong_type_is_refused() -> None:
    scan = Scan(replace(PLAN, kinds=("dl",))).begin()
    scan.picture(passport())
    scan.picture(passport())
    assert (scan.end.outcome, scan.end.reason) == ("rejected", "wrong_type")


def test_two_documents_in_one_picture_are_read_as_none() -> None:
    scan = Scan().begin()
    scan.picture(replace(passport(), cards=2))
    assert scan.all(commands.Instruct)[-1].problem == "two_documents"
    assert scan.machine.readings == ()


def test_an_upload_counts_like_a_picture_and_at_any_time() -> None:
    scan = Scan().begin()
    scan.feed(events.PictureRead(replace(passport(), number=FIRST_UPLOAD, source="upload")))
    assert scan.end.outcome == "read"
    assert scan.end.pictures == (FIRST_UPLOAD,)


def test_a_picture_that_nobody_asked_for_is_ignored() -> None:
    scan = Scan().begin()
    assert isinstance(scan.feed(events.PictureRead(passport()))[0], commands.Ignored)
    scan.frames(GOOD, 2.0)
    assert isinstance(scan.feed(events.PictureRead(replace(passport(), number=7)))[0], commands.Ignored)
    assert isinstance(scan.feed(events.PictureFailed(7, "missing"))[0], commands.Ignored)


def test_a_reader_that_keeps_failing_is_no_check() -> None:
    scan = Scan().begin()
    for number in range(3):
        scan.frames(GOOD, 4.0)
        scan.feed(events.PictureFailed(number, "engine"))
    assert (scan.end.outcome, scan.end.reason) == ("not_checked", "provider_error")


def test_a_missing_picture_is_asked_for_again() -> None:
    scan = Scan().begin()
    scan.frames(GOOD, 2.0)
    scan.feed(events.PictureFailed(0, "missing"))
    scan.frames(GOOD, 2.0)
    assert [one.number for one in scan.all(commands.TakePicture)] == [0, 1]


def test_the_shutter_can_be_pressed() -> None:
    scan = Scan().begin()
    scan.frames(replace(GOOD, glare=0.5), 1.0)
    scan.feed(events.ShutterPressed())
    assert scan.all(commands.TakePicture) == [commands.TakePicture(0)]
    assert isinstance(scan.feed(events.ShutterPressed())[0], commands.Ignored)


def test_time_runs_out_with_a_reason() -> None:
    blind = Scan().begin()
    blind.now += PLAN.limit_seconds
    blind.feed(events.TimePassed())
    assert (blind.end.outcome, blind.end.reason) == ("not_checked", "no_media")
    empty = Scan().begin()
    empty.frames(EMPTY, PLAN.limit_seconds + 1)
    assert (empty.end.outcome, empty.end.reason) == ("timeout", "no_document")
    half = Scan().begin()
    half.picture(card_front())
    half.frames(EMPTY, PLAN.limit_seconds)
    assert (half.end.outcome, half.end.reason) == ("timeout", "side_missing")


def test_advice_is_shown_and_spoken_to_who_is_stuck() -> None:
    scan = Scan().begin()
    scan.frames(replace(GOOD, glare=0.3), 5.0)
    hints = scan.all(commands.Hint)
    assert hints[0] == commands.Hint("glare", speak=False)
    assert commands.Hint("glare", speak=True) in hints


def test_nobody_is_asked_for_better_light_for_ever() -> None:
    scan = Scan().begin()
    scan.frames(replace(GOOD, glare=0.3), CapturePolicy().patience_seconds - 0.5)
    assert scan.all(commands.TakePicture) == []
    scan.frames(replace(GOOD, glare=0.3), 1.5)
    assert len(scan.all(commands.TakePicture)) == 1
    away = Scan().begin()
    away.frames(replace(GOOD, glare=0.3, whole=False), 20.0)
    assert away.all(commands.TakePicture) == [], "half a document is never worth a picture"


def test_who_is_led_by_ear_hears_each_advice() -> None:
    scan = Scan().begin()
    scan.feed(events.GuidedByEar(True))
    scan.frames(replace(GOOD, coverage=0.05), 2.0)
    assert commands.Hint("closer", speak=True) in scan.all(commands.Hint)


def test_pictures_are_limited() -> None:
    scan = Scan(policy=CapturePolicy(pictures_limit=3)).begin()
    for _ in range(3):
        scan.picture(nothing())
    assert scan.end.outcome == "timeout"


def test_nothing_follows_the_end() -> None:
    scan = Scan().begin()
    scan.picture(passport())
    assert scan.feed(events.TimePassed()) == (commands.Ignored("TimePassed", "the scan is over"),)


EVENTS = st.one_of(
    st.sampled_from([events.TimePassed(), events.StepSpoken(), events.ShutterPressed(), events.GuidedByEar(True)]),
    st.builds(events.PictureFailed, st.integers(0, 5), st.sampled_from(["missing", "unreadable", "engine"])),
    st.sampled_from([GOOD, OTHER_SIDE, EMPTY, replace(GOOD, whole=False)]).map(events.FrameMeasured),
    st.builds(
        lambda reading, number, source: events.PictureRead(replace(reading, number=number, source=source)),
        st.sampled_from([passport(), card_front(), card_back(), nothing(), side(text=("CAT",))]),
        st.integers(0, 5),
        st.sampled_from(["still", "frame", "upload"]),
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(EVENTS, st.floats(0, 10)), max_size=40))
def test_whatever_happens_it_ends_in_time_and_says_so_once(story: list[tuple[events.Event, float]]) -> None:
    scan = Scan()
    for event, pause in story:
        scan.now += pause
        scan.feed(event)
    scan.now += PLAN.limit_seconds
    scan.feed(events.TimePassed())
    assert len(scan.all(commands.Concluded)) == 1
    numbers = [one.number for one in scan.all(commands.TakePicture)]
    assert numbers == list(range(len(numbers)))


@pytest.mark.parametrize("now", [float("nan"), float("inf"), -1.0])
def test_a_clock_that_lies_moves_nothing_back(now: float) -> None:
    scan = Scan().begin()
    scan.machine.receive(events.TimePassed(), now=now)
    assert scan.machine.concluded is None
