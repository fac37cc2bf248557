"""Speech or not, window by window, with hysteresis in level and in time."""

from conversation.turn.policy import TurnPolicy


class Onset:
    """Counts windows; knows whether somebody speaks and since when."""

    def __init__(self, policy: TurnPolicy) -> None:
        self._policy = policy
        self._run = 0
        self.speaking = False
        self.run_start = 0
        """First sample of the current run of speech windows."""

    def reset(self) -> None:
        """Forget the run."""
        self._run = 0
        self.speaking = False

    @property
    def run_windows(self) -> int:
        """Windows in the current run of speech."""
        return self._run

    def feed(self, first_sample: int, probability: float, *, over_agent: bool, in_turn: bool) -> bool:
        """Take one window; return whether somebody speaks now.

        Inside a turn one window is enough to go on, because a turn that resumes must not be cut.
        """
        policy = self._policy
        level = policy.onset_probability_over_agent if over_agent and not in_turn else policy.onset_probability
        if probability >= (policy.offset_probability if self.speaking else level):
            if self._run == 0:
                self.run_start = first_sample
            self._run += 1
            needed = 1 if in_turn else policy.onset_windows_over_agent if over_agent else policy.onset_windows
            self.speaking = self.speaking or self._run >= needed
        else:
            self._run = 0
            self.speaking = False
        return self.speaking
