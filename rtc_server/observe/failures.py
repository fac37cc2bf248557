"""Failures in the log: type and place, never the exception's text, which may quote what a person said."""

import logging
import traceback


def log_failure(logger: logging.Logger, where: str, error: BaseException) -> None:
    """Log an unexpected exception with the innermost frames of its traceback."""
    place = "".join(traceback.format_tb(error.__traceback__)[-4:])
    logger.error("%s failed with %s\n%s", where, type(error).__name__, place)
