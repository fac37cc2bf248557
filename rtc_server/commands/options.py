"""What several sub-commands share: the settings file, the log, and errors as one line."""

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from conversation.speech.errors import SpeechError
from rtc_server.settings import Settings, load_settings
from rtc_server.settings_reader import SettingsError
from rtc_server.storage.engine import StorageError

EXPECTED_ERRORS = (SettingsError, SpeechError, StorageError)
"""Errors whose text says what to do; shown without a traceback."""

OUR_PACKAGES = ("conversation", "rtc_server", "vision")


def add_settings_options(parser: argparse.ArgumentParser) -> None:
    """``--config``, ``--host``, ``--port``."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML; VISAVIS_… variables override it")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="TCP port to listen on (default 8080)")


def settings_from(arguments: argparse.Namespace, **overrides: Any) -> Settings:
    """The settings tree of this call. Raises SettingsError."""
    options = {"host": getattr(arguments, "host", None), "port": getattr(arguments, "port", None), **overrides}
    return load_settings(getattr(arguments, "config", None), **options)


def start_log(level: str) -> None:
    """Log to standard error.

    ``level`` is for our own packages. Libraries only warn: below that they write down addresses (aiortc), requests
    (openai) and the values of SQL statements (aiosqlite), that is, what people said.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    for package in OUR_PACKAGES:
        logging.getLogger(package).setLevel(level.upper())
    for noisy in ("aioice", "aiortc", "aiosqlite", "httpcore", "httpx", "openai", "sqlalchemy"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def complain(error: Exception | str) -> int:
    """Print one line for a person; the exit status of a failure."""
    print(f"visavis: {error}", file=sys.stderr)
    return 1
