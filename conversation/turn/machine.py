"""The turn machine: when has the person begun, when are they done, and when does the avatar give way.

    QUIET ──speech──▶ SPEAKING ──silence──▶ TRAILING ──enough silence, text at hand──▶ Commit, QUIET
                          ▲                     │ speech again
                          └─────────────────────┘

In TRAILING the turn is transcribed on suspicion; how much silence is enough depends on what was said and asked (see
``TurnPolicy``). Same contract as every pure machine: ``receive`` is the only door, nothing here reads a clock.
"""

from dataclasses import dataclass
from enum import Enum

from conversation.text.expectation import AnswerKind, Completeness, Expectation, completeness, expectation
from conversation.turn.commands import (
    Command,
    Commit,
    EndedBy,
    Heard,
    Ignored,
    JudgeTurn,
    PauseSpeaking,
    ResumeSpeaking,
    StopSpeaking,
    Transcribe,
    UserStarted,
    UserStopped,
)
from conversation.turn.events import (
    AgentEnded,
    AgentStarted,
    Event,
    Expected,
    PatienceSet,
    Speech,
    StreamStarted,
    TimePassed,
    Transcribed,
    TurnJudged,
    Typed,
)
from conversation.turn.interruption import is_backchannel, is_echo
from conversation.turn.onset import Onset
from conversation.turn.policy import TurnPolicy
from conversation.turn.stream import SAMPLE_RATE_HZ, WINDOW_SAMPLES


class Phase(Enum):
    """Where the turn stands."""

    QUIET = "quiet"
    SPEAKING = "speaking"
    TRAILING = "trailing"


@dataclass(slots=True)
class _Agent:
    """The utterance that the avatar is speaking."""

    utterance_id: str
    text: str
    interruptible: bool
    paused: bool = False


class TurnMachine:
    """Takes turns for one session."""

    def __init__(self, policy: TurnPolicy | None = None) -> None:
        self._usual_policy = policy or TurnPolicy()
        self._policy = self._usual_policy
        self._onset = Onset(self._policy)
        self._expectation: Expectation = expectation("", ())
        self._agent: _Agent | None = None
        self._requests = 0
        self._heard_until = 0
        """End of the newest window."""
        self._heard_at: float | None = None
        """When it came."""
        self._floor = 0
        """No turn begins before this sample: what came earlier has been used."""
        self._quiet()

    def _quiet(self) -> None:
        self._phase = Phase.QUIET
        self._first_sample = 0
        self._speech_end = 0
        self._request = ""
        self._judging = ""
        self._requested_at: float | None = None
        self._decodes = 0
        self._text: str | None = None
        self._probability: float | None = None
        self._ended_by: EndedBy | None = None
        """Set when the turn is to end as soon as its text is there, whatever the silence."""

    @property
    def deadline(self) -> float | None:
        """When it wants TimePassed: for audio that stopped, or a transcript that never came."""
        if self._phase is Phase.QUIET:
            return None
        due = []
        if self._heard_at is not None and self._ended_by is None:
            due.append(self._heard_at + self._policy.stall_seconds)
        if self._requested_at is not None and self._text is None:
            due.append(self._requested_at + self._policy.transcription_seconds)
        return min(due, default=None)

    def receive(self, event: Event, *, now: float) -> tuple[Command, ...]:
        """One event in, all its commands out."""
        match event:
            case Speech():
                return self._on_window(event, now)
            case Transcribed():
                return self._on_text(event)
            case TurnJudged():
                return self._on_judged(event)
            case Expected():
                self._expectation = expectation(event.question, event.conditions)
                return ()
            case AgentStarted():
                self._agent = _Agent(event.utterance_id, event.text, event.interruptible)
                return ()
            case AgentEnded():
                return self._on_agent_ended(event)
            case Typed():
                return self._on_typed()
            case PatienceSet():
                self._policy = self._usual_policy.with_extra_time() if event.extra_time else self._usual_policy
                return ()
            case StreamStarted():
                self._onset.reset()
                self._heard_until = self._floor = 0
                self._heard_at = None
                return self._give_up("new stream") if self._phase is not Phase.QUIET else ()
            case TimePassed():
                return self._on_time(now)

    # ---- hearing

    def _on_window(self, window: Speech, now: float) -> tuple[Command, ...]:
        end = window.first_sample + WINDOW_SAMPLES
        if end <= self._heard_until:
            return (Ignored("Speech", "that stretch has been heard"),)
        self._heard_until, self._heard_at = end, now
        if self._agent and not self._agent.interruptible and self._phase is Phase.QUIET:
            self._onset.reset()
            return ()
        speaking = self._onset.feed(
            window.first_sample,
            window.probability,
            over_agent=self._agent is not None and not self._agent.paused,
            in_turn=self._phase is not Phase.QUIET,
        )
        match self._phase:
            case Phase.QUIET:
                return self._begin() if speaking else ()
            case Phase.SPEAKING:
                return self._go_on(now) if speaking else self._trail(now)
            case Phase.TRAILING:
                return self._resumed() if speaking else self._trail(now)

    def _begin(self) -> tuple[Command, ...]:
        preroll = int(self._policy.preroll * SAMPLE_RATE_HZ)
        self._phase = Phase.SPEAKING
        self._first_sample = max(self._floor, self._onset.run_start - preroll)
        self._speech_end = self._heard_until
        return (UserStarted(),)

    def _go_on(self, now: float) -> tuple[Command, ...]:
        self._speech_end = self._heard_until
        if self._seconds(self._first_sample, self._heard_until) >= self._policy.turn_limit:
            self._phase, self._ended_by = Phase.TRAILING, EndedBy.LIMIT
            return self._decode(now)
        return self._give_way()

    def _resumed(self) -> tuple[Command, ...]:
        """Speech inside the closing silence: after a blip's length the turn goes on and earlier results are void."""
        if self._ended_by is not None or self._onset.run_windows <= self._policy.blip_windows:
            return ()
        self._phase = Phase.SPEAKING
        self._speech_end = self._heard_until
        self._request, self._judging, self._requested_at, self._decodes = "", "", None, 0
        self._text = self._probability = None
        return self._give_way()

    def _give_way(self) -> tuple[Command, ...]:
        """The person speaks: hold the avatar soon, silence it when they mean it."""
        agent = self._agent
        if agent is None or not agent.interruptible:
            return ()
        spoken = self._seconds(self._onset.run_start, self._heard_until)
        if spoken >= self._policy.stop_after:
            self._agent = None
            return (StopSpeaking(agent.utterance_id),)
        if spoken >= self._policy.pause_after and not agent.paused:
            agent.paused = True
            return (PauseSpeaking(agent.utterance_id),)
        return ()

    # ---- deciding

    def _trail(self, now: float) -> tuple[Command, ...]:
        self._phase = Phase.TRAILING
        if self._decodes == 0:
            return self._decode(now) if self._silence >= self._policy.decode_after else ()
        again = self._silence >= self._policy.decode_again_after and self._text is not None
        if again and self._decodes == 1 and self._complete() is Completeness.UNFINISHED:
            return self._decode(now)
        return self._decide()

    def _decode(self, now: float) -> tuple[Command, ...]:
        self._requests += 1
        self._request = f"t{self._requests}"
        self._requested_at = now
        self._decodes += 1
        self._text = None
        span = (self._first_sample, self._heard_until)
        if self._decodes > 1:
            return (Transcribe(self._request, *span, self._expectation.digits),)
        self._judging = self._request
        return (Transcribe(self._request, *span, self._expectation.digits), JudgeTurn(self._request, *span))

    def _on_text(self, event: Transcribed) -> tuple[Command, ...]:
        if event.request_id != self._request:
            return (Ignored("Transcribed", "an older request"),)
        self._requested_at = None
        if event.failed:
            return self._give_up("transcription failed")
        self._text = event.text.strip()
        agent = self._agent
        if not self._text or (agent is not None and self._no_interruption(self._text, agent)):
            return self._give_up("no words" if not self._text else "no interruption")
        heard: tuple[Command, ...] = (Heard(self._text),)
        if agent is not None and agent.interruptible:
            self._agent = None
            heard = (StopSpeaking(agent.utterance_id), *heard)
        return (*heard, *self._decide())

    def _no_interruption(self, text: str, agent: _Agent) -> bool:
        if self._expectation.kind is AnswerKind.YES_NO and self._complete() is Completeness.COMPLETE:
            return False
        reading = self._expectation.kind is AnswerKind.READ_ALOUD
        return is_backchannel(text) or (not reading and is_echo(text, agent.text))

    def _on_judged(self, event: TurnJudged) -> tuple[Command, ...]:
        if event.request_id != self._judging:
            return (Ignored("TurnJudged", "an older request"),)
        self._probability = event.probability
        return self._decide()

    def _complete(self) -> Completeness:
        return completeness(self._expectation, self._text or "")

    def _decide(self) -> tuple[Command, ...]:
        """End the turn if the silence is long enough for what has been said."""
        going_on = self._onset.run_windows > 0 and self._ended_by is None
        if self._text is None or self._phase is not Phase.TRAILING or going_on:
            return ()
        needed, ended_by = self._needed_silence()
        if self._ended_by is not None:
            ended_by = self._ended_by
        elif self._silence < needed:
            return ()
        commit = Commit(self._text, self._first_sample, self._speech_end, ended_by, round(self._silence, 3))
        self._floor = self._heard_until
        self._quiet()
        return (commit,)

    def _needed_silence(self) -> tuple[float, EndedBy]:
        policy, sounds_finished = self._policy, self._probability
        match self._complete():
            case Completeness.COMPLETE if sounds_finished is None or sounds_finished > policy.doubtful_probability:
                return policy.complete_silence, EndedBy.COMPLETE
            case Completeness.COMPLETE:
                return policy.confident_silence, EndedBy.COMPLETE
            case Completeness.UNFINISHED:
                return policy.unfinished_silence, EndedBy.SILENCE
            case Completeness.OPEN if sounds_finished is not None and sounds_finished >= policy.confident_probability:
                return policy.confident_silence, EndedBy.CONFIDENT
            case _:
                return policy.plain_silence, EndedBy.SILENCE

    # ---- ending otherwise

    def _on_agent_ended(self, event: AgentEnded) -> tuple[Command, ...]:
        if self._agent is None or self._agent.utterance_id != event.utterance_id:
            return (Ignored("AgentEnded", "another utterance"),)
        self._agent = None
        return ()

    def _on_typed(self) -> tuple[Command, ...]:
        commands: tuple[Command, ...] = ()
        if self._agent is not None and self._agent.interruptible:
            commands = (StopSpeaking(self._agent.utterance_id),)
            self._agent = None
        self._floor = self._heard_until
        self._onset.reset()
        self._quiet()
        return commands

    def _on_time(self, now: float) -> tuple[Command, ...]:
        deadline = self.deadline
        if deadline is None or now < deadline:
            return ()
        if self._requested_at is not None and now >= self._requested_at + self._policy.transcription_seconds:
            return self._give_up("no transcript came")
        self._phase, self._ended_by = Phase.TRAILING, EndedBy.STALL
        self._onset.reset()
        return self._decode(now) if self._decodes == 0 else self._decide()

    def _give_up(self, why: str) -> tuple[Command, ...]:
        """Forget the turn; the avatar goes on where it held its breath."""
        commands: tuple[Command, ...] = (UserStopped(why),)
        if self._agent is not None and self._agent.paused:
            self._agent.paused = False
            commands = (ResumeSpeaking(self._agent.utterance_id), *commands)
        self._floor = self._heard_until
        self._quiet()
        return commands

    @property
    def _silence(self) -> float:
        return self._seconds(self._speech_end, self._heard_until)

    @staticmethod
    def _seconds(first_sample: int, end_sample: int) -> float:
        return (end_sample - first_sample) / SAMPLE_RATE_HZ
