"""``visavis serve``: the server."""

import argparse
import asyncio
import errno
from typing import Any

from rtc_server.app import build_application, serve
from rtc_server.commands.options import EXPECTED_ERRORS, add_settings_options, complain, settings_from, start_log
from rtc_server.settings import Settings


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "serve",
        help="run the server",
        description="Run the server until it is stopped. Settings come from --config and VISAVIS_… variables "
        "(docs/settings.md). Give it a first API key with VISAVIS_BOOTSTRAP_KEY=sk_test_….",
    )
    add_settings_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve; 0 after a clean stop, 1 with a sentence otherwise."""
    try:
        settings = settings_from(arguments)
        start_log(settings.log_level)
        asyncio.run(_serve(settings))
    except EXPECTED_ERRORS as error:
        return complain(error)
    except OSError as error:
        return complain(explain_address(error, settings))
    return 0


def explain_address(error: OSError, settings: Settings) -> str:
    """Why the server cannot listen, or whatever else the system refused."""
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return f"{where} is taken by another program; choose another port with --port or VISAVIS_PORT"
    if error.errno in (errno.EACCES, errno.EADDRNOTAVAIL):
        return f"this user may not listen on {where} ({error.strerror}); check --host and --port"
    return str(error)


async def _serve(settings: Settings) -> None:
    await serve(settings, await build_application(settings))
