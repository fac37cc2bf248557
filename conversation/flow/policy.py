"""Patience of the dialogue: every limit of the flow machine, in one place. Seconds unless the name says otherwise."""

from dataclasses import dataclass, replace

EXTRA_TIME = 2
"""How many times as long whoever asks for more time is waited for."""

_WAITS_FOR_THE_PERSON = (
    "silence_seconds",
    "turn_seconds",
    "node_seconds",
    "session_seconds",
    "away_seconds",
    "form_seconds",
    "form_reminder_seconds",
    "camera_check_seconds",
    "document_seconds",
    "read_back_seconds",
)


@dataclass(frozen=True, slots=True)
class DialoguePolicy:
    """Limits of a session and of each of its nodes."""

    silence_seconds: float = 8.0
    """Silence after a question before the avatar says something."""
    turn_seconds: float = 90.0
    """Longest wait for the end of a turn that has begun; past it the silence counts again."""
    no_match_limit: int = 4
    """Replies of one node that lead nowhere before it gives up."""
    silence_limit: int = 4
    """Silences of one node before it gives up."""
    typing_offer_after: int = 2
    """Failed attempts (silences and no-matches together) after which typing is offered."""
    node_exchange_limit: int = 16
    """Replies of one node, of any kind, before it gives up."""
    node_seconds: float = 300.0
    """Time in one node before it gives up; pauses while the avatar speaks and while the person is away."""
    session_seconds: float = 1800.0
    """Time from the first join to the forced end."""
    away_seconds: float = 300.0
    """How long a vanished page may take to come back."""
    held_seconds: float = 1800.0
    """How long an agent may talk to the person before the avatar goes on; the time of the session stands still."""
    evaluate_seconds: float = 8.0
    """Longest wait for a verdict; then the reply counts as not understood."""
    phrase_seconds: float = 2.5
    """Longest wait for the wording of a goal prompt; then the rules' wording is spoken."""
    speech_slack_seconds: float = 20.0
    """Added to a generous estimate of an utterance's length; past it the utterance counts as spoken."""
    phrase_by_model: bool = False
    """Whether goal prompts are worded by a model (True) or by rules (False)."""

    form_seconds: float = 240.0
    """Time that a form (address, code, permissions) waits for the person before it gives up; pauses while the avatar
    speaks and while the person is away."""
    form_reminder_seconds: float = 25.0
    """Silence at a form before the question is repeated; doubles with each repetition."""
    prompt_delay_seconds: float = 0.7
    """How long the browser may take to say that the devices are allowed already, before the prompt is spoken."""
    send_seconds: float = 45.0
    """Longest wait until a one-time code is on its way; then it counts as not delivered."""
    send_limit: int = 4
    """One-time codes of one node at most, the first included."""
    check_seconds: float = 5.0
    """Longest wait for the comparison of a code; then the person is asked again."""
    external_seconds: float = 40.0
    """Longest wait for the integrator's server, all attempts included; then the flow goes on without an answer."""
    external_tries: int = 3
    """Attempts of one call to the integrator's server."""
    courtesy_seconds: float = 2.0
    """Silent waiting for something outside before the avatar asks for a moment's patience."""
    camera_check_seconds: float = 60.0
    """Longest time that a check before the camera may take."""
    camera_slack_seconds: float = 10.0
    """Added to it; past both the check counts as unanswered."""
    camera_check_limit: int = 4
    """Starts of one check at most: each absence of the person breaks it off, and it begins afresh."""
    match_seconds: float = 30.0
    """Longest wait for a comparison or an enrolment of faces."""
    document_seconds: float = 120.0
    """Longest time that a document scan may take, all its sides together."""
    read_back_seconds: float = 45.0
    """How long the person may take to answer what was read back of a document, one reminder included; then the flow
    goes on."""
    read_back_rounds: int = 3
    """How often a document is read back at most: each correction is read back once more."""

    def with_extra_time(self) -> "DialoguePolicy":
        """The same with twice the time for all that the person does; waits for machines stay as they are."""
        return replace(self, **{name: EXTRA_TIME * getattr(self, name) for name in _WAITS_FOR_THE_PERSON})
