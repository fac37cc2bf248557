"""What is said, as it is said: wording that still changes, and then what the flow machine has written down (pure).

What is final comes from the record, which leaves out what must not be kept, such as the digits of a one-time code.
"""

from collections import deque
from collections.abc import Mapping
from typing import Any

from conversation.flow.journal import Step
from conversation.flow.machine import FlowMachine
from conversation.flow.record import RecordedPhrase
from rtc_server.rtc.messages import Caption
from rtc_server.session.report import Moment
from rtc_server.storage.ports import Json

MOST_PHRASES = 400
"""The oldest are let go beyond that."""

_CODE_NODES = ("two_factor_email", "two_factor_sms")
"""Where words are shown only when the record has them."""

_MOST_UNDER_WAY = 20


class Transcript:
    """Phrases by their id; the same id again = newer wording."""

    def __init__(self, machine: FlowMachine, moment: Moment) -> None:
        self._machine = machine
        self._moment = moment
        self._phrases: dict[str, Json] = {}
        self._read = 0
        self._turns: deque[str] = deque(maxlen=_MOST_UNDER_WAY)
        """Ids of what the person has said and the flow has not received yet."""
        self._under_way = ""
        """Id of what the person is saying."""
        self._take_new("")

    @property
    def entries(self) -> list[Json]:
        """In the order in which they began."""
        return list(self._phrases.values())

    def caption(self, caption: Caption, now: float) -> list[Json]:
        """What the page shows; the phrases that are new or other than before."""
        if caption.speaker == "user":
            if caption.final:
                self._turns.append(caption.id)
                return []
            if self._machine.graph.nodes[self._machine.node_id].type in _CODE_NODES:
                return []
            self._under_way = caption.id
        elif caption.final:
            return []
        return [self._put(caption.id, self._moment(now), caption.speaker, caption.text, typed=False, final=False)]

    def step(self, step: Step) -> list[Json]:
        """A step of the flow; likewise."""
        match step.event.get("type"):
            case "UserSpoke":
                phrase_id = self._turns.popleft() if self._turns else ""
                self._under_way = ""
                return self._take_new(phrase_id) or self._drop(phrase_id)
            case "UserStopped":
                under_way, self._under_way = self._under_way, ""
                return self._drop(under_way)
            case "SpeechEnded":
                phrase_id = str(step.event.get("utterance_id"))
                return self._take_new(phrase_id) or self._drop(phrase_id)
            case _:
                return self._take_new(_shown_line(step.commands))

    def _take_new(self, phrase_id: str) -> list[Json]:
        """What the record has more than before; the first of it is the phrase of this id."""
        phrases = self._machine.record.phrases
        changed = []
        for number, phrase in enumerate(phrases[self._read :], start=self._read + 1):
            changed.append(self._put_recorded(phrase_id or f"p{number}", phrase))
            phrase_id = ""
        self._read = len(phrases)
        return changed

    def _put_recorded(self, phrase_id: str, phrase: RecordedPhrase) -> Json:
        speaker = "avatar" if phrase.by_avatar else "user"
        at = self._moment(phrase.at)
        return self._put(phrase_id, at, speaker, phrase.text, typed=phrase.typed, final=True, by_agent=phrase.by_agent)

    def _put(
        self, phrase_id: str, at: int, speaker: str, text: str, *, typed: bool, final: bool, by_agent: bool = False
    ) -> Json:
        before = self._phrases.get(phrase_id)
        phrase = {
            "id": phrase_id,
            "at": before["at"] if before is not None else at,
            "speaker": speaker,
            **({"by": "agent"} if by_agent else {}),
            "text": text,
            "typed": typed,
            "final": final,
        }
        self._phrases[phrase_id] = phrase
        if len(self._phrases) > MOST_PHRASES:
            del self._phrases[next(iter(self._phrases))]
        return phrase

    def _drop(self, phrase_id: str) -> list[Json]:
        """Nothing came of it: its last wording is empty."""
        phrase = self._phrases.get(phrase_id)
        if phrase is None or phrase["final"]:
            return []
        del self._phrases[phrase_id]
        return [phrase | {"text": "", "final": True}]


def _shown_line(commands: list[dict[str, Any]]) -> str:
    """Id of the line that an agent had shown by this step; empty when there is none."""
    shown: Mapping[str, Any] | None = next((c for c in commands if c.get("type") == "ShowLine"), None)
    return str(shown["line_id"]) if shown is not None else ""
