"""An event loop's last resort for exceptions that nobody awaited."""

import asyncio
import logging
import traceback
from typing import Any

logger = logging.getLogger(__name__)


def install_loop_guard(loop: asyncio.AbstractEventLoop) -> None:
    """Keep a known slip of the ICE library from spamming the log: a STUN answer that meets a finished transaction.

    The peer concerned is found by its heartbeat (pipecat#2488). Anything else goes to the handler that was set before.
    """
    previous = loop.get_exception_handler()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, asyncio.InvalidStateError) and _comes_from_aioice(error):
            logger.info("late STUN answer ignored")
        elif previous is not None:
            previous(loop, context)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)


def _comes_from_aioice(error: BaseException) -> bool:
    return any("aioice" in frame.filename for frame in traceback.extract_tb(error.__traceback__))
