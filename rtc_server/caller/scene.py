"""What a caller knows of the conversation from the server's messages (pure)."""

from dataclasses import dataclass

from rtc_server.caller.result import Line
from rtc_server.rtc.messages import (
    AskInput,
    Caption,
    CloseCheck,
    CloseInput,
    Finished,
    FromServer,
    Node,
    Replaced,
    ShowCheck,
    SpeechStopped,
    State,
)


@dataclass(slots=True)
class _Utterance:
    began_at: float
    ended: bool = False


class Scene:
    """Fed with each message and the time at which it came."""

    def __init__(self) -> None:
        self.node = ""
        """Id of the node that the flow is in."""
        self.nodes: list[str] = []
        self.at_end = False
        """Whether the flow has come to an end node, which asks nothing."""
        self.state = "idle"
        self.changed_at = 0.0
        """When the state or the node last changed, or the avatar began or ended a line."""
        self.finished: Finished | None = None
        self.replaced = False
        self.input: AskInput | None = None
        """The field that is shown."""
        self.looked_at = False
        """Whether a check of the camera runs: what the avatar says then is for the face to answer."""
        self._utterances: dict[str, _Utterance] = {}
        self._lines: dict[str, Line] = {}

    @property
    def lines(self) -> list[Line]:
        """The transcript so far: final captions in the order in which each line began."""
        return [line for line in self._lines.values() if line.text]

    @property
    def last_question(self) -> str:
        """What the avatar said last."""
        return next((line.text for line in reversed(self._lines.values()) if line.speaker == "avatar"), "")

    def receive(self, message: FromServer, now: float) -> Line | None:
        """Take a message; answer a line of the transcript that is now final."""
        match message:
            case Node():
                self.node = message.node_id
                self.nodes.append(message.node_id)
                self.at_end = message.node_type == "end"
                self.changed_at = now
            case State():
                self.state = message.state
                self.changed_at = now
            case SpeechStopped() if message.utterance_id in self._utterances:
                self._utterances[message.utterance_id].ended = True
            case AskInput():
                self.input = message
            case CloseInput():
                self.input = None
            case ShowCheck() | CloseCheck():
                self.looked_at = isinstance(message, ShowCheck)
                self.changed_at = now
            case Finished():
                self.finished = message
            case Replaced():
                self.replaced = True
            case Caption():
                return self._caption(message, now)
            case _:
                pass
        return None

    def asked_since(self, at: float) -> bool:
        """Whether the avatar has begun and ended a line since then and now waits for an answer."""
        newer = [u for u in self._utterances.values() if u.began_at >= at]
        waits = self.state in ("listening", "waiting") and not self.at_end and not self.looked_at
        return waits and bool(newer) and all(u.ended for u in newer)

    def speaking_since(self, at: float) -> float | None:
        """When the avatar began the line that it is saying now, if that was after ``at``."""
        return next((u.began_at for u in self._utterances.values() if u.began_at >= at and not u.ended), None)

    def said_something_since(self, at: float) -> bool:
        """Whether the avatar has begun a line since then."""
        return any(u.began_at >= at for u in self._utterances.values())

    def _caption(self, caption: Caption, now: float) -> Line | None:
        if caption.speaker == "avatar":
            utterance = self._utterances.setdefault(caption.id, _Utterance(now))
            utterance.ended = utterance.ended or caption.final
            self.changed_at = now
        line = Line(caption.speaker, caption.text, caption.typed)
        self._lines[caption.id] = line
        return line if caption.final else None
