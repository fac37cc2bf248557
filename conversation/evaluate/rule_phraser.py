"""A ``Phraser`` by rules alone, for where there is no language model or it does not answer."""

from collections.abc import Sequence

from conversation.evaluate.ports import Exchange
from conversation.text.phrasing import phrase_goal


class RulePhraser:
    """Words goals as ``conversation.text.phrasing`` does."""

    async def phrase(
        self, goal: str, *, history: Sequence[Exchange] = (), attempt: int = 0, language: str = "en"
    ) -> str:
        """Return one or two spoken sentences."""
        return phrase_goal(goal, attempt, language)
