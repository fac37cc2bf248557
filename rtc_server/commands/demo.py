"""``visavis demo``: the server with a session to talk to and a sample partner's site, for a first look."""

import argparse
import asyncio
import importlib.resources
import json
import os
import secrets
import socket
import sys
import tempfile
import webbrowser
from dataclasses import replace
from typing import Any

from aiohttp import web

from rtc_server.app import RUNNING, STATIC_FOLDER, build_application, serve
from rtc_server.commands.options import EXPECTED_ERRORS, add_settings_options, complain, settings_from, start_log
from rtc_server.commands.serve import explain_address
from rtc_server.demo.backend import Backend
from rtc_server.demo.mailbox import demo_mailbox
from rtc_server.demo.site import partner_site
from rtc_server.settings import Settings
from rtc_server.staff.roles import ALL_TENANTS, Role
from rtc_server.staff.room import StaffRoom

PORTS_TRIED = 20

CONSOLE_EMAIL = "demo@example.org"
"""Who looks after the demo's sessions; the roles of everybody, as one person tries it all."""


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "demo",
        help="run the server with a demo session and a sample partner's site",
        description="Start the server with a throw-away API key and database, and the site of a sample partner on a "
        "port of its own, as partners are on other origins. Prints the links, that of the agents' console too: it sets "
        "an account with every role up, so that you can watch your own session in a second window. Takes the next free "
        "port when the wanted one is taken. Webhooks may go to this machine, so that the partner gets them.",
    )
    add_settings_options(parser)
    parser.add_argument("--no-browser", action="store_true", help="do not try to open the link in a browser")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serve until stopped."""
    with tempfile.TemporaryDirectory(prefix="visavis-demo-") as folder:
        try:
            settings = settings_from(arguments)
            settings = replace(
                settings,
                bootstrap_key=settings.bootstrap_key or f"sk_test_{secrets.token_hex(16)}",
                data_dir=settings.data_dir if "VISAVIS_DATA_DIR" in os.environ else folder,
                port=free_port(settings.host, settings.port),
                outbound=replace(settings.outbound, allow_private=True),
            )
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


def demo_journeys() -> dict[str, Any]:
    """Bodies of ``POST /sessions`` by name, as the sample partner sends them."""
    text = importlib.resources.files("static").joinpath("demo/journeys.json").read_text(encoding="utf-8")
    journeys: dict[str, Any] = json.loads(text)
    return journeys


async def _demo(settings: Settings, *, open_browser: bool) -> None:
    print("Loading the models …", flush=True)
    app = await build_application(settings, demo_mailbox(settings.bootstrap_key))
    name = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0") else settings.host
    partner_port = free_port(settings.host, settings.port + 1)
    visavis, site = f"http://{name}:{settings.port}", f"http://{name}:{partner_port}"
    backend = Backend(visavis, settings.bootstrap_key, site, demo_journeys())
    console = visavis + await console_path(app[RUNNING].console.context.staff)
    partner = web.AppRunner(partner_site(backend, STATIC_FOLDER), access_log=None)
    announcements: list[asyncio.Task[None]] = []

    def ready() -> None:
        announcements.append(asyncio.create_task(_announce(backend, visavis, site, console, open_browser)))

    try:
        await partner.setup()
        await web.TCPSite(partner, settings.host, partner_port).start()
        await serve(settings, app, ready)
    finally:
        for task in announcements:
            task.cancel()
        await asyncio.gather(*announcements, return_exceptions=True)
        await backend.close()
        await partner.cleanup()


async def console_path(staff: StaffRoom) -> str:
    """Where the console is entered: by a link that sets its account up, until somebody has used one."""
    account = await staff.accounts.find(CONSOLE_EMAIL)
    if account is None:
        account, token = await staff.accounts.invite(CONSOLE_EMAIL, "Demo", tuple(Role), (ALL_TENANTS,))
    elif account.totp_set or account.disabled_at is not None:
        return "/console/"
    else:
        token = await staff.accounts.reset(account.id) or ""
    return f"/console/#setup={token}"


async def _announce(backend: Backend, visavis: str, site: str, console: str, open_browser: bool) -> None:
    try:
        await backend.connect()
        session = await backend.open_session("payment")
    except Exception as error:
        # The server runs all the same; its pages say more.
        complain(f"no demo session could be made ({type(error).__name__}); open {site}/ and try there")
        return
    print(
        f"\nVisavis is ready.\n\n  Talk to it:        {session['url']}\n  Partner's page:    {site}/\n"
        f"  Codes it sends:    {visavis}/demo/mailbox/\n"
        f"  Agents' console:   {console}\n"
        f"\nThe microphone works on localhost and on https only. Ctrl-C ends it.\n",
        flush=True,
    )
    if open_browser and sys.stdout.isatty() and (os.environ.get("DISPLAY") or sys.platform == "darwin"):
        webbrowser.open(session["url"])
