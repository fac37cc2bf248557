"""``visavis demo``: the server with a session to talk to and a sample partner page, for a first look."""

import argparse
import asyncio
import os
import secrets
import socket
import sys
import tempfile
import webbrowser
from dataclasses import replace
from typing import Any

from rtc_server.app import build_application, serve
from rtc_server.commands.options import EXPECTED_ERRORS, add_settings_options, complain, settings_from, start_log
from rtc_server.commands.serve import explain_address
from rtc_server.demo import create_demo_session, demo_routes
from rtc_server.settings import Settings

PORTS_TRIED = 20


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "demo",
        help="run the server with a demo session and a sample partner page",
        description="Start the server with a throw-away API key and database, and print two links: a session to talk "
        "to, and a partner's page that embeds one. Takes the next free port when the wanted one is taken.",
    )
    add_settings_options(parser)
    parser.add_argument("--no-browser", action="store_true", help="do not try to open the link in a browser")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    with tempfile.TemporaryDirectory(prefix="visavis-demo-") as folder:
        try:
            settings = settings_from(arguments)
            data_dir = settings.data_dir if "VISAVIS_DATA_DIR" in os.environ else folder
            key = settings.bootstrap_key or f"sk_test_{secrets.token_hex(16)}"
            port = free_port(settings.host, settings.port)
            settings = replace(settings, bootstrap_key=key, data_dir=data_dir, port=port)
            start_log("warning" if settings.log_level == "info" else settings.log_level)
            asyncio.run(_demo(settings, open_browser=not arguments.no_browser))
        except EXPECTED_ERRORS as error:
            return complain(error)
        except OSError as error:
            return complain(explain_address(error, settings))
    return 0


def free_port(host: str, port: int) -> int:
    """The wanted port, or the next one that nobody listens on."""
    for candidate in range(port, min(port + PORTS_TRIED, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    return port


async def _demo(settings: Settings, *, open_browser: bool) -> None:
    print("Loading the models …", flush=True)
    app = await build_application(settings, demo_routes(settings.bootstrap_key))
    base = f"http://{'localhost' if settings.host in ('127.0.0.1', '0.0.0.0') else settings.host}:{settings.port}"
    announcements: list[asyncio.Task[None]] = []

    def ready() -> None:
        announcements.append(asyncio.create_task(_announce(app, base, open_browser)))

    try:
        await serve(settings, app, ready)
    finally:
        for task in announcements:
            task.cancel()
        await asyncio.gather(*announcements, return_exceptions=True)


async def _announce(app: Any, base: str, open_browser: bool) -> None:
    try:
        session = await create_demo_session(app, base)
    except Exception as error:
        # The server runs all the same; its pages say more.
        complain(f"no demo session could be made ({type(error).__name__}); open {base}/demo/ and try there")
        return
    print(
        f"\nVisavis is ready.\n\n  Talk to it:        {session['url']}\n  Partner's page:    {base}/demo/\n"
        f"  Codes it sends:    {base}/demo/mailbox/\n"
        f"\nThe microphone works on localhost and on https only. Ctrl-C ends it.\n",
        flush=True,
    )
    if open_browser and sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
        webbrowser.open(session["url"])
