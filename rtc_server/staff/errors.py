"""What goes wrong with accounts. Messages are for the person who tried, and never repeat a secret."""


class StaffError(Exception):
    """A change that cannot be made: which rule it breaks, why and what to do, and the field that is wrong."""

    def __init__(self, code: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        """camelCase, as in the JSON of the console."""


class WrongCredentialsError(Exception):
    """Nobody is signed in by that. It says no more on purpose."""


class LockedOutError(Exception):
    """Too many failures: the next try is possible in ``wait_seconds``."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__(f"the next try is possible in {wait_seconds:.0f} s")
        self.wait_seconds = wait_seconds


class BusyError(Exception):
    """More people sign in at once than can be looked at in time."""
