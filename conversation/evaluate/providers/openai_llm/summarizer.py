"""What a session found, put into plain words by a language model: from the facts that it is given, and nothing else."""

import json
import re
from collections.abc import Sequence

from conversation.evaluate.guard import clean
from conversation.evaluate.providers.openai_llm.endpoint import ChatFailure, ChatRequest, Completion, FailureKind
from conversation.evaluate.providers.openai_llm.race import ChatRace, NoAnswer

MAX_CHARACTERS = 500

_INSTRUCTIONS = """\
You write for a reviewer who reads the report of an identity check. The user message is one JSON object; "facts" are \
sentences that the checks produced. Say in two or three plain sentences what they amount to, and what was not checked.
Use only what the facts say. Add no judgement, no advice, no number and no guess of your own, and never call something \
passed or failed that the facts call not checked. Write only the sentences: no headings, no lists, no markdown."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_MARKS = re.compile(r"[*_#`<>{}\[\]|\\]|https?:|^\s*[-\d]+[.)]\s", re.MULTILINE)


class OpenAISummarizer:
    """A ``Summarizer`` that asks the servers of a race."""

    def __init__(self, race: ChatRace, *, budget: float = 2.5) -> None:
        self._race = race
        self._budget = budget

    async def summarize(self, facts: Sequence[str]) -> str:
        """Two or three sentences within the budget; empty when no server gave any that keep to the facts."""
        messages = (
            {"role": "system", "content": _INSTRUCTIONS},
            {"role": "user", "content": json.dumps({"facts": list(facts)}, ensure_ascii=False)},
        )
        wanted = ChatRequest(messages, max_output_tokens=180, temperature=0.2)
        try:
            answer = await self._race.ask(wanted, lambda found: faithful(found, facts), budget=self._budget)
        except NoAnswer:
            return ""
        return answer.value


def faithful(completion: Completion, facts: Sequence[str]) -> str:
    """The text of a completion if it can stand in a report. Raises ``ChatFailure`` (answer) otherwise."""
    text = clean(completion.text, limit=MAX_CHARACTERS + 1).strip()
    if not text or len(text) > MAX_CHARACTERS:
        raise ChatFailure(FailureKind.ANSWER, "a summary of no or too many words")
    if _MARKS.search(text):
        raise ChatFailure(FailureKind.ANSWER, "a summary with marks")
    if invented := set(_NUMBER.findall(text)) - set(_NUMBER.findall(" ".join(facts))):
        raise ChatFailure(FailureKind.ANSWER, f"a summary with {len(invented)} numbers of its own")
    return text
