"""How long a conversation goes on without an answer: failures are counted, and the seconds of listening too."""

from conversation.flow.policy import DialoguePolicy


class Patience:
    """One visit's share of patience. Only listening costs time; speaking, judging and absence do not."""

    def __init__(self, policy: DialoguePolicy) -> None:
        self._policy = policy
        self.silences = 0
        self.no_matches = 0
        self.exchanges = 0
        """Replies that were judged, whatever came of them."""
        self._seconds_left = policy.node_seconds
        self._listening_since: float | None = None

    def listen(self, now: float) -> float:
        """Start to listen; the moment at which silence is a failure."""
        self._listening_since = now
        return now + min(self._policy.silence_seconds, max(self._seconds_left, 0.0))

    @property
    def listening(self) -> bool:
        """Whether silence counts now."""
        return self._listening_since is not None

    def adapt(self, policy: DialoguePolicy) -> None:
        """Go by another policy; the time that was used stays used."""
        self._seconds_left += policy.node_seconds - self._policy.node_seconds
        self._policy = policy

    def rest(self, now: float) -> None:
        """Stop listening, if it does."""
        if self._listening_since is not None:
            self._seconds_left -= now - self._listening_since
            self._listening_since = None

    @property
    def failures(self) -> int:
        """Silences, and replies that led nowhere."""
        return self.no_matches + self.silences

    @property
    def used_up(self) -> bool:
        """Whether it is time to give up."""
        return (
            self.silences >= self._policy.silence_limit
            or self.no_matches >= self._policy.no_match_limit
            or self.exchanges >= self._policy.node_exchange_limit
            or self._seconds_left <= 0
        )

    @property
    def reason(self) -> str:
        """What there was more of: ``silence`` or ``no_match``."""
        return "silence" if self.silences > self.no_matches else "no_match"
