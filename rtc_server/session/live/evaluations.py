"""How replies were judged: what was said, what could have been meant, and what was taken (pure)."""

from collections import deque

from conversation.flow.journal import Step
from rtc_server.session.report import Moment
from rtc_server.storage.ports import Json

MOST_EVALUATIONS = 100
_MOST_UNDER_WAY = 20


class Evaluations:
    """Pairs each question to the evaluator with its answer."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._asked: dict[str, tuple[str, Json]] = {}
        """By request id: the node, and the command."""
        self._judged: deque[Json] = deque(maxlen=MOST_EVALUATIONS)

    @property
    def entries(self) -> list[Json]:
        """The newest last."""
        return list(self._judged)

    def step(self, step: Step, node_id: str) -> Json | None:
        """A step of the flow, which stands at ``node_id`` after it; the evaluation that it told of."""
        for command in step.commands:
            if command.get("type") == "Evaluate":
                self._asked[str(command["request_id"])] = node_id, command
                if len(self._asked) > _MOST_UNDER_WAY:
                    del self._asked[next(iter(self._asked))]
        event = step.event
        asked = self._asked.pop(str(event.get("request_id")), None) if event.get("type") == "Evaluated" else None
        if asked is None:
            return None
        asked_at, command = asked
        judged = {
            "at": self._moment(step.now),
            "nodeId": asked_at,
            "reply": command["reply"],
            "outcome": event["outcome"],
            "confidence": event["confidence"],
            "evaluator": event["evaluator"],
            "reason": event["reason"],
            "ms": round(event["milliseconds"]),
            "options": [{"id": option["id"], "text": option["text"]} for option in command["conditions"]],
        }
        self._judged.append(judged)
        return judged
