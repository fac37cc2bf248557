"""What can be wrong with what a page asks of a peer."""


class PeerError(Exception):
    """A peer refuses what it was given. ``code`` is for programs, the text names what is wrong and what is expected."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
