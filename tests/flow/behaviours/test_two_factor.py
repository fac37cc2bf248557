"""The two_factor nodes, played as scores: every way through, and all that goes wrong on it."""

import json
from typing import Any

import pytest

from conversation.flow import commands as c
from conversation.flow import events as e
from conversation.flow.codec import to_json
from conversation.flow.journal import replay
from conversation.flow.policy import DialoguePolicy
from conversation.text.expectation import AnswerKind, Expectation, expectation
from tests.scores.flows import two_factor
from tests.scores.score import Score

CODE = "482913"


class Exchange(Score):
    """A score with a code service: it answers sendings and comparisons as a real one would."""

    def __init__(self, channel: str = "email", policy: DialoguePolicy | None = None, **settings: Any) -> None:
        known = settings.pop("provided", {"email": "mia@example.com", "phone": "+4915112345671", "name": "Mia"})
        super().__init__(two_factor(channel, **settings), policy, **known)
        self.join()

    def sent(self, failure: str = "", after: float = 0.5) -> list[c.Command]:
        """The newest code is on its way, or is not."""
        digest = "" if failure else f"digest-{len(self.all(c.SendCode))}"
        return self.play(e.CodeSent(self.last(c.SendCode).request_id, digest, failure), after=after)

    def checked(self) -> list[c.Command]:
        """The newest candidate is compared with the code."""
        check = self.last(c.CheckCode)
        assert check.digest == f"digest-{len(self.all(c.SendCode))}", "only the newest code counts"
        return self.play(e.CodeChecked(check.request_id, check.candidate == CODE), after=0.1)

    def field(self, value: str) -> list[c.Command]:
        """Something is typed into the field."""
        return self.play(e.InputGiven(self.last(c.AskInput).request_id, value), after=2.0)

    def resend(self) -> list[c.Command]:
        """The button for another code."""
        return self.play(e.ResendRequested(self.last(c.AskInput).request_id))

    def reason(self) -> Any:
        """Why the node ended as it did."""
        return self.machine.record.node_reports[-1].evidence.get("reason")


def ready(channel: str = "email", **settings: Any) -> Exchange:
    """A code is on its way, and the question for it has been spoken."""
    score = Exchange(channel, **settings)
    score.sent()
    score.spoken()
    return score


# ---- the straight way


def test_a_code_that_is_read_aloud_verifies() -> None:
    score = Exchange(emailTemplate="{{userName}}: {{otp}}")
    send = score.last(c.SendCode)
    assert send == c.SendCode(send.request_id, "email", "mia@example.com", 6, 300.0, "{{userName}}: {{otp}}", "Mia")
    assert score.said() == []
    score.sent()
    assert score.last(c.AskInput) == c.AskInput(
        score.last(c.AskInput).request_id, "code", "", "m•••@example.com", 6, 30.0
    )
    assert "6 digits to your address at example.com" in score.last(c.Say).text
    score.spoken()
    score.hear("it's four eight two, nine one three")
    assert score.last(c.CheckCode).candidate == CODE
    score.checked()
    report = score.machine.record.node_reports[0]
    assert (report.outcome, dict(report.members)) == ("verified", {"report": {"email": "mia@example.com"}})
    assert score.machine.record.verified_contacts == {"email": "mia@example.com"}
    assert isinstance(score.commands[-3], c.CloseInput)


@pytest.mark.parametrize(
    "words",
    ["482913", "4 8 2 9 1 3", "forty-eight twenty-nine thirteen", "I have two mails. The code is 482 913", "482-913"],
)
def test_codes_as_people_say_them(words: str) -> None:
    score = ready()
    score.hear(words)
    assert score.last(c.CheckCode).candidate == CODE


def test_the_listener_is_told_how_many_digits_come() -> None:
    score = ready(otpLength=4, expirySeconds=30)
    assert expectation(score.last(c.Listen).question) == Expectation(AnswerKind.CODE, digits=4)
    score.now += 60
    score.play(e.TimePassed())
    assert expectation(score.last(c.Listen).question).kind is AnswerKind.YES_NO


def test_a_code_in_the_field_and_in_the_chat() -> None:
    typed = ready()
    typed.field("482 913")
    typed.checked()
    assert typed.outcome() == "verified"
    chat = ready()
    chat.hear("482913", typed=True)
    chat.checked()
    assert chat.outcome() == "verified"


def test_a_code_said_in_two_turns_is_one() -> None:
    score = ready()
    score.hear("four eight two")
    assert "6 digits" in score.last(c.Say).text
    score.hear("nine one three")
    score.checked()
    assert score.outcome() == "verified"
    assert score.machine.record.node_reports[0].evidence["attempts"] == 0


def test_sms_goes_to_the_number_in_e164_and_reports_it() -> None:
    score = ready("sms", provided={"phone": "0151 12345671", "country": "DE"})
    assert score.last(c.SendCode).contact == "+4915112345671"
    assert score.last(c.AskInput).sent_to == "+49 ••• 71"
    assert "ending in 7 1" in score.said()[0]
    score.hear(CODE)
    score.checked()
    assert score.machine.record.node_reports[0].members == {"report": {"phoneNumber": "+4915112345671"}}
    assert score.machine.record.verified_contacts == {"phone": "+4915112345671"}


def test_without_a_field_everything_goes_by_voice_and_chat() -> None:
    score = ready(showUI=False)
    assert score.all(c.AskInput) == []
    score.hear("I like turtles")
    assert score.all(c.OfferTyping)
    score.hear("111111")
    score.checked()
    score.hear(CODE)
    score.checked()
    assert score.outcome() == "verified"
    assert score.all(c.RefuseInput) == []
    assert score.all(c.CloseInput) == []


# ---- the contact


def test_an_unknown_contact_is_asked_for() -> None:
    score = Exchange(provided={})
    assert score.all(c.SendCode) == []
    assert score.last(c.AskInput).kind == "email"
    score.hear("mia at example dot com")
    score.hear("yes")
    assert score.last(c.SendCode).contact == "mia@example.com"
    score.sent()
    score.hear(CODE)
    score.checked()
    assert score.outcome() == "verified"
    assert score.machine.record.extracted["email"] == "mia@example.com"


def test_a_number_is_asked_for_and_read_back() -> None:
    score = Exchange("sms", provided={"phone": "not a number"})
    assert score.last(c.AskInput).kind == "phone"
    score.field("12")
    assert score.last(c.RefuseInput).problem == "invalid_phone"
    score.hear("plus four nine one five one one two three four five six seven one")
    assert "+49 1511 2345671" in score.last(c.Say).text
    score.hear("yes")
    assert score.last(c.SendCode).contact == "+4915112345671"


def test_a_contact_given_earlier_in_the_session_is_used() -> None:
    flow: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "outcome": "ask"},
        {"id": "ask", "type": "enter_email", "outcomes": {"emailEntered": "it", "canceled": "to_error"}},
        *two_factor()[1:],
    ]
    score = Score(flow)
    score.join()
    score.play(e.InputGiven(score.last(c.AskInput).request_id, "mia@example.com"))
    assert score.last(c.SendCode).contact == "mia@example.com"


def test_refusing_the_contact_cancels_and_silence_fails() -> None:
    score = Exchange(provided={})
    score.hear("I'd rather not say")
    assert score.outcome() == "cancelled"
    assert score.machine.record.node_reports[0].members == {"report": {}}, "readers look into it without asking"
    silent = Exchange(provided={})
    while silent.machine.finished is None:
        silent.wait()
    assert (silent.outcome(), silent.reason()) == ("failed_unverified", "silence")


# ---- sending


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [("undeliverable", "delivery_failed"), ("unavailable", "delivery_failed"), ("not_configured", "error")],
)
def test_a_code_that_cannot_be_sent(failure: str, outcome: str) -> None:
    score = Exchange()
    score.sent(failure)
    assert (score.outcome(), score.reason()) == (outcome, failure)


def test_slow_sending_asks_for_patience_once_and_ends_as_not_delivered() -> None:
    score = Exchange()
    waits = 0
    while score.machine.finished is None:
        score.wait()
        waits += 1
    assert score.said() == ["One moment, please."]
    assert waits == 2
    assert score.outcome() == "delivery_failed"


def test_words_while_a_code_is_sent_are_not_taken_for_it_but_cancel_counts() -> None:
    score = Exchange()
    assert isinstance(score.hear("482913")[0], c.Ignored)
    score.hear("cancel")
    assert score.outcome() == "cancelled"


def test_results_that_come_twice_or_late_mean_nothing() -> None:
    score = ready()
    assert isinstance(score.sent()[0], c.Ignored)
    score.hear("111111")
    stale = score.last(c.CheckCode).request_id
    score.checked()
    assert isinstance(score.play(e.CodeChecked(stale, matches=True))[0], c.Ignored)
    assert score.machine.finished is None
    assert isinstance(score.play(e.InputGiven("r99", CODE))[0], c.Ignored)


# ---- wrong codes (C24)


def test_three_wrong_codes_fail_and_each_is_answered() -> None:
    score = ready()
    score.field("111111")
    score.checked()
    assert score.last(c.RefuseInput) == c.RefuseInput(score.last(c.AskInput).request_id, "wrong_code", 2)
    assert "2 tries left" in score.last(c.Say).text
    score.hear("two two two two two two")
    score.checked()
    assert "one try left" in score.last(c.Say).text
    score.hear("333333", typed=True)
    score.checked()
    assert (score.outcome(), score.reason()) == ("failed_unverified", "attempts")
    assert score.machine.record.node_reports[0].evidence["attempts"] == 3


def test_words_and_codes_of_the_wrong_length_are_no_attempts() -> None:
    score = ready()
    for words in ("I am looking for my glasses", "4829", "48291377", "one moment", "what?"):
        score.hear(words)
    score.field("1")
    assert score.all(c.CheckCode) == []
    score.hear(CODE)
    score.checked()
    assert score.outcome() == "verified"


def test_wrong_lengths_do_not_go_on_for_ever() -> None:
    score = Exchange(policy=DialoguePolicy(node_exchange_limit=4))
    score.sent()
    for _ in range(5):
        score.field("12345678")
    assert (score.outcome(), score.reason()) == ("failed_unverified", "no_match")


def test_attempts_count_over_all_codes() -> None:
    score = ready(maxAttempts=2)
    score.hear("111111")
    score.checked()
    score.now += 40
    score.resend()
    score.sent()
    score.hear("222222")
    score.checked()
    assert score.outcome() == "failed_unverified"


def test_a_comparison_that_is_lost_costs_nothing_and_does_not_hang() -> None:
    score = ready()
    for _ in range(8):
        assert score.machine.finished is None
        score.hear(CODE)
        while isinstance(score.wait()[-1], c.Say):
            if score.said()[-1] != "One moment, please.":
                break
    assert score.outcome() == "error"
    assert score.machine.record.node_reports[0].evidence["attempts"] == 0


# ---- another code


def test_another_code_by_voice_and_by_button_after_the_wait() -> None:
    score = ready(resendAfterSeconds=20)
    score.hear("I didn't get it")
    assert len(score.all(c.SendCode)) == 1
    assert "in 17 seconds" in score.last(c.Say).text
    score.now += 20
    score.hear("please send it again")
    assert len(score.all(c.SendCode)) == 2
    score.sent()
    assert score.last(c.AskInput).resend_seconds == 20
    score.now += 21
    score.resend()
    assert len(score.all(c.SendCode)) == 3
    score.sent()
    score.hear(CODE)
    score.checked()
    assert score.outcome() == "verified"


def test_the_number_of_codes_is_bounded() -> None:
    score = ready(resendAfterSeconds=1)
    for _ in range(3):
        score.now += 5
        score.resend()
        score.sent()
    assert score.last(c.AskInput).resend_seconds is None
    score.now += 5
    score.resend()
    assert len(score.all(c.SendCode)) == 4
    assert "can't send any more" in score.last(c.Say).text


def test_when_another_code_cannot_be_sent_the_last_one_still_counts() -> None:
    score = ready()
    score.now += 40
    score.resend()
    score.play(e.CodeSent(score.last(c.SendCode).request_id, "", "unavailable"))
    assert score.last(c.RefuseInput).problem == "not_sent"
    score.hear(CODE)
    check = score.last(c.CheckCode)
    assert (check.digest, check.sent_request_id) == ("digest-1", score.all(c.SendCode)[0].request_id)
    score.play(e.CodeChecked(check.request_id, matches=True))
    assert score.outcome() == "verified"


# ---- expiry (C24)


def test_an_expired_code_is_told_and_a_fresh_one_offered() -> None:
    score = ready(expirySeconds=60)
    while not score.all(c.RefuseInput):
        score.wait()
    assert score.now == pytest.approx(60.5)
    assert score.last(c.RefuseInput).problem == "expired_code"
    assert "Shall I send you a new one?" in score.last(c.Say).text
    score.hear(CODE)
    assert score.all(c.CheckCode) == []
    assert "Shall I send you a new one?" in score.last(c.Say).text
    score.hear("yes please")
    score.sent()
    score.hear(CODE)
    score.checked()
    assert score.outcome() == "verified"


@pytest.mark.parametrize(("words", "outcome"), [("no", "failed_unverified"), ("cancel", "cancelled")])
def test_no_fresh_code_is_wanted(words: str, outcome: str) -> None:
    score = ready(expirySeconds=30)
    score.now += 40
    score.play(e.TimePassed())
    score.hear(words)
    assert score.outcome() == outcome


def test_expiry_and_silence_fail() -> None:
    score = ready(expirySeconds=60)
    while score.machine.finished is None:
        assert score.now < 2000
        score.wait()
    assert (score.outcome(), score.reason()) == ("failed_unverified", "expired")


def test_expiry_with_no_codes_left_fails_at_once() -> None:
    score = Exchange(policy=DialoguePolicy(send_limit=1), expirySeconds=30)
    score.sent()
    score.now += 31
    score.hear(CODE)
    assert (score.outcome(), score.reason()) == ("failed_unverified", "expired")


def test_a_code_expires_while_the_person_is_away() -> None:
    score = ready(expirySeconds=100)
    score.play(e.Left(), after=1.0)
    score.play(e.Joined(), after=120.0)
    assert score.last(c.RefuseInput).problem == "expired_code"
    assert "Shall I send you a new one?" in score.last(c.Say).text


# ---- coming back


def test_the_field_and_the_question_are_there_again_after_a_reconnect() -> None:
    score = ready()
    field = score.last(c.AskInput).request_id
    score.play(e.Left(), after=5.0)
    back = score.play(e.Joined(), after=10.0)
    assert [type(step) for step in back] == [c.AskInput, c.Say, c.Listen]
    assert score.last(c.AskInput).request_id == field
    assert score.last(c.AskInput).resend_seconds == pytest.approx(13.0)
    score.hear(CODE)
    score.checked()
    assert score.outcome() == "verified"


def test_a_reconnect_while_sending_or_comparing_goes_on_where_it_was() -> None:
    score = Exchange()
    score.play(e.Left())
    assert score.sent() != []
    score.play(e.Joined(), after=1.0)
    score.hear(CODE)
    score.play(e.Left())
    again = score.play(e.Joined(), after=3.0)
    assert [type(step) for step in again] == [c.AskInput, c.CheckCode]
    score.checked()
    assert score.outcome() == "verified"


# ---- leaving, and secrets


def test_the_closed_field_and_a_spoken_refusal_cancel() -> None:
    closed = ready()
    closed.play(e.InputCancelled(closed.last(c.AskInput).request_id))
    assert closed.outcome() == "cancelled"
    spoken = ready()
    spoken.hear("I don't want to do this")
    assert spoken.outcome() == "cancelled"
    assert spoken.all(c.CloseInput)


@pytest.mark.parametrize("words", ["482913", "it's four eight two, nine one three", "double four eight two nine one"])
@pytest.mark.parametrize("typed", [True, False])
def test_codes_never_stand_in_the_transcript_or_the_report(words: str, typed: bool) -> None:
    score = ready()
    score.hear("hello there")
    score.hear(words, typed=typed)
    score.hear("and once more " + words, typed=typed)
    score.checked()
    kept = json.dumps([repr(phrase) for phrase in score.machine.record.phrases])
    kept += repr(score.machine.record.node_reports) + repr(score.machine.record.answers)
    told = json.dumps([to_json(command) for command in score.commands if not isinstance(command, c.CheckCode)])
    assert "hello there" in kept
    assert "•" in score.machine.record.phrases[-1].text
    for secret in ("482913", "448291", "four", "nine"):
        assert secret not in kept
    assert "482913" not in told
    assert "448291" not in told


def test_the_whole_exchange_replays() -> None:
    score = ready()
    score.hear("111111")
    score.checked()
    score.play(e.Left(), after=1.0)
    score.play(e.Joined(), after=9.0)
    score.now += 60
    score.resend()
    score.sent()
    score.hear(CODE)
    score.checked()
    machine, differences = replay(score.header, score.steps)
    assert differences == []
    assert machine.record == score.machine.record
