"""The conversation node: word the prompt, speak, listen, judge, and lead back when nothing came of it.

    WORDING ──Phrased──▶ SPEAKING ──SpeechEnded──▶ LISTENING ──UserSpoke──▶ JUDGING ──Evaluated──▶ leave
                            ▲                          │ silence                │ no outcome
                            └────────── recovery: repeat, rephrase, offer typing, give up ◀┘

The person may answer while the avatar speaks (the turn machine has stopped it by then) and may add to an answer while
it is being judged: both turns are then judged as one. With ``awaitExternal`` a poller runs beside all this; whatever
comes first, an outcome or the poller's exit, leaves the node.
"""

from enum import Enum

from conversation.flow.behaviour import Context, GiveUp, Leave, Step, leaves
from conversation.flow.behaviours.external import Poller
from conversation.flow.behaviours.patience import Patience
from conversation.flow.commands import Evaluate, Ignored, Listen, OfferTyping, Phrase, Say
from conversation.flow.events import (
    Evaluated,
    Event,
    ExternalAnswered,
    Phrased,
    SpeechEnded,
    TimePassed,
    UserSpoke,
    UserStarted,
    UserStopped,
)
from conversation.flow.nodes import ConversationNode, Outcome
from conversation.flow.policy import DialoguePolicy
from conversation.text.conditions import no_answer_outcome
from conversation.text.dialogue import Exchange
from conversation.text.fields import Answer
from conversation.text.phrasing import phrase_goal, verbatim
from conversation.text.question import question_in
from conversation.text.recovery import Recovery, wording
from conversation.text.templates import fill


class Phase(Enum):
    """Where a visit stands."""

    WORDING = "wording"
    SPEAKING = "speaking"
    LISTENING = "listening"
    JUDGING = "judging"
    GIVING_UP = "giving_up"


class ConversationBehaviour:
    """One visit to a conversation node."""

    def __init__(self, node: ConversationNode, context: Context) -> None:
        self._node = node
        self._context = context
        self._phase = Phase.WORDING
        self._deadline: float | None = None
        self._poller = Poller(node.await_external, context) if node.await_external is not None else None
        self._question = ""
        self._waiting_for = ""
        """Id of the utterance or request whose end is awaited."""
        self._reply = ""
        self._history: list[Exchange] = []
        self._patience = Patience(context.policy)

    @property
    def _policy(self) -> DialoguePolicy:
        return self._context.policy

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed."""
        polling = self._poller.deadline if self._poller is not None else None
        return min((moment for moment in (self._deadline, polling) if moment is not None), default=None)

    # ---- doors

    def enter(self, now: float) -> list[Step]:
        """Word the prompt, or speak at once when it is to be said as written."""
        return [*self._ask(now), *(self._poller.start(now) if self._poller is not None else [])]

    def written(self, words: str) -> str:
        """All of it."""
        return words

    def abandon(self) -> list[Step]:
        """Nothing is shown."""
        return []

    def pause(self, now: float) -> list[Step]:
        """Absence is not listening: it costs no patience."""
        self._patience.rest(now)
        if self._poller is not None:
            self._poller.pause(now)
        return []

    def hold(self, now: float) -> list[Step]:
        """Nothing is shown: an absence."""
        return self.pause(now)

    def resume(self, now: float) -> list[Step]:
        """Ask again where things stood; what was being judged is dropped, because its question is repeated."""
        return [*self._ask_again(now), *(self._poller.resume(now) if self._poller is not None else [])]

    def adapt(self, now: float) -> None:
        """Listen afresh, for as long as the person wants."""
        listening = self._patience.listening
        self._patience.rest(now)
        self._patience.adapt(self._policy)
        if self._phase is Phase.LISTENING and self._deadline is not None:
            self._deadline = self._patience.listen(now) if listening else now + self._policy.turn_seconds

    def _ask_again(self, now: float) -> list[Step]:
        if self._phase is Phase.GIVING_UP:
            return [GiveUp("no_match")]
        if not self._question:
            return self._ask(now)
        return self._speak(self._question, now)

    def receive(self, event: Event, now: float) -> list[Step]:
        """One event; see the diagram above."""
        match event:
            case UserSpoke():
                return self._on_reply(event, now)
            case UserStarted():
                return self._on_user_started(now)
            case UserStopped():
                return self._on_user_stopped(now)
            case SpeechEnded() if event.utterance_id == self._waiting_for:
                return self._on_speech_ended(now)
            case Phrased() if event.request_id == self._waiting_for and self._phase is Phase.WORDING:
                return self._speak(event.text or self._rule_wording(), now)
            case Evaluated() if event.request_id == self._waiting_for and self._phase is Phase.JUDGING:
                return self._on_verdict(event, now)
            case ExternalAnswered() if self._poller is not None:
                return self._poller.receive(event, now)
            case TimePassed():
                polled = self._poller.on_time(now) if self._poller is not None else []
                return polled if leaves(polled) else [*polled, *self._on_time(now)]
            case _:
                return [Ignored(type(event).__name__, f"not awaited while {self._phase.value}")]

    # ---- asking

    def _rule_wording(self) -> str:
        goal = fill(self._node.prompt, self._context.variables)
        spoken = verbatim(goal)
        if spoken is not None:
            return spoken
        return phrase_goal(goal, self._patience.failures, self._context.language, not self._node.does_not_require_reply)

    def _ask(self, now: float) -> list[Step]:
        goal = fill(self._node.prompt, self._context.variables)
        text = self._rule_wording()
        if verbatim(goal) is not None or not self._policy.phrase_by_model:
            return self._speak(text, now)
        self._phase = Phase.WORDING
        self._waiting_for = self._context.next_request()
        self._deadline = now + self._policy.phrase_seconds
        return [Phrase(self._waiting_for, goal, text, self._patience.failures, tuple(self._history))]

    def _speak(self, question: str, now: float, lead: str = "") -> list[Step]:
        self._patience.rest(now)
        self._phase = Phase.SPEAKING
        self._question = question
        self._reply = ""
        return [
            self._say(f"{lead} {question}".strip(), now, interruptible=not self._node.does_not_require_reply),
            *self._expectation(),
        ]

    def _expectation(self) -> list[Step]:
        if self._node.does_not_require_reply:
            return []
        return [Listen(self._question, self._node.conditions)]

    def _say(self, text: str, now: float, *, interruptible: bool) -> Say:
        self._waiting_for = self._context.next_utterance()
        self._deadline = self._context.speech_deadline(text, now)
        return Say(self._waiting_for, text, interruptible)

    # ---- listening

    def _on_speech_ended(self, now: float) -> list[Step]:
        if self._phase is Phase.GIVING_UP:
            return [GiveUp(self._patience.reason)]
        if self._node.does_not_require_reply:
            return [self._leave(self._node.unconditional or self._node.outcomes[0], {"reason": "no_reply_needed"})]
        if self._phase is Phase.SPEAKING:
            self._phase = Phase.LISTENING
            self._deadline = self._patience.listen(now)
        return []

    def _on_user_started(self, now: float) -> list[Step]:
        if self._phase is Phase.LISTENING:
            self._patience.rest(now)
            self._deadline = now + self._policy.turn_seconds
        return []

    def _on_user_stopped(self, now: float) -> list[Step]:
        if self._phase is Phase.LISTENING:
            self._deadline = self._patience.listen(now)
        return []

    def _on_time(self, now: float) -> list[Step]:
        if self._deadline is None or now < self._deadline:
            return []
        match self._phase:
            case Phase.LISTENING:
                self._patience.rest(now)
                self._patience.silences += 1
                unconditional = self._node.unconditional
                if unconditional is not None and not self._node.conditions:
                    return [self._leave(unconditional, {"reason": "silence"})]
                return self._recover(now, silent=True)
            case Phase.WORDING:
                return self._speak(self._rule_wording(), now)
            case Phase.JUDGING:
                self._patience.no_matches += 1
                return self._recover(now, silent=False)
            case _:
                return self._on_speech_ended(now)

    # ---- judging

    def _on_reply(self, event: UserSpoke, now: float) -> list[Step]:
        if self._node.does_not_require_reply or self._phase is Phase.GIVING_UP:
            return [Ignored("UserSpoke", "no reply is wanted here")]
        if not self._question or not event.text.strip():
            return [Ignored("UserSpoke", "nothing was asked, or nothing was said")]
        self._patience.rest(now)
        unconditional = self._node.unconditional
        if unconditional is not None and not self._node.conditions:
            self._context.record.answers.append(Answer(self._node.id, self._question, event.text))
            return [self._leave(unconditional, {"reason": "unconditional", "quote": event.text})]
        self._reply = f"{self._reply} {event.text}".strip()
        self._phase = Phase.JUDGING
        self._waiting_for = self._context.next_request()
        self._deadline = now + self._policy.evaluate_seconds
        history = tuple(self._history)
        node = self._node
        return [Evaluate(self._waiting_for, self._question, node.conditions, history, self._reply, node.doubt)]

    def _on_verdict(self, verdict: Evaluated, now: float) -> list[Step]:
        self._note(verdict, now)
        self._patience.exchanges += 1
        self._history.append(Exchange(self._question, self._reply))
        self._context.record.answers.append(Answer(self._node.id, self._question, self._reply))
        outcome = next((o for o in self._node.outcomes if o.id == verdict.outcome), None)
        if outcome is None:
            outcome = self._node.unconditional
        if outcome is not None:
            return [self._leave(outcome, _evidence(verdict, outcome))]
        if verdict.reason != "help":
            self._patience.no_matches += 1
        return self._recover(now, silent=False, asked_for_help=verdict.reason == "help")

    def _note(self, verdict: Evaluated, now: float) -> None:
        record = self._context.record
        record.extracted.update(verdict.extracted)
        unsure = verdict.reason == "doubt" and self._node.doubt == "human"
        for flag, raised in (("duress", verdict.duress), ("injection", verdict.injection), ("doubt", unsure)):
            if raised:
                record.flags.append((now, self._node.id, flag))

    # ---- leading back

    def _recover(self, now: float, *, silent: bool, asked_for_help: bool = False) -> list[Step]:
        if self._patience.used_up:
            return self._exhausted(now)
        failures = self._patience.failures
        lead, question, steps = "", question_in(self._question), list[Step]()
        if asked_for_help:
            lead, question = self._in_other_words(self._patience.exchanges)
        elif failures > self._policy.typing_offer_after:
            steps = [OfferTyping()]
            lead = wording(Recovery.OFFER_TYPING, failures, self._context.language)
        elif failures > 1:
            lead, question = self._in_other_words(failures)
        elif silent:
            lead = wording(Recovery.STILL_THERE, failures, self._context.language)
        else:
            lead = wording(Recovery.NOT_CAUGHT, failures, self._context.language)
        return [*steps, *self._speak(question, now, lead)]

    def _in_other_words(self, variant: int) -> tuple[str, str]:
        """Lead-in and question; a prompt to be said as written is repeated, never changed."""
        fixed = verbatim(self._node.prompt) is not None
        step = Recovery.REPEAT if fixed else Recovery.REPHRASE
        return wording(step, variant, self._context.language), question_in(self._rule_wording())

    def _exhausted(self, now: float) -> list[Step]:
        """No answer is coming: take the outcome that stands for that, or end with a farewell."""
        fallback = no_answer_outcome((c.id, c.text) for c in self._node.conditions)
        outcome = next((o for o in self._node.outcomes if o.id == fallback), self._node.unconditional)
        patience = self._patience
        if outcome is not None:
            how = {"reason": f"gave_up:{patience.reason}", "attempts": patience.failures}
            return [self._leave(outcome, how)]
        if self._poller is not None and self._poller.deadline is not None:
            # What is awaited from outside comes, or its time-out: no farewell before that.
            self._phase, self._deadline = Phase.LISTENING, None
            return []
        self._phase = Phase.GIVING_UP
        return [self._say(wording(Recovery.FAREWELL, 0, self._context.language), now, interruptible=False)]

    def _leave(self, outcome: Outcome, evidence: dict[str, object]) -> Leave:
        self._deadline = None
        return Leave(outcome.target, outcome.target, {"outcome": outcome.id, **evidence})


def _evidence(verdict: Evaluated, outcome: Outcome) -> dict[str, object]:
    return {
        "condition": outcome.condition,
        "quote": verdict.quote,
        "confidence": round(verdict.confidence, 4),
        "evaluator": verdict.evaluator,
        "reason": verdict.reason if outcome.id == verdict.outcome else f"otherwise ({verdict.reason})",
        "milliseconds": round(verdict.milliseconds, 1),
    }
