"""What several sub-commands share: the settings file, the log, and errors as one line."""

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from conversation.speech.errors import SpeechError
from rtc_server.settings import Settings, SettingsError, load_settings
from rtc_server.storage.engine import StorageError

EXPECTED_ERRORS = (SettingsError, SpeechError, StorageError)
"""Errors whose text says what to do; shown without a traceback."""


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
    """Log to standard error. aiortc and aioice speak of addresses at INFO, so they are kept quiet."""
    if level.lower() not in ("debug", "info", "warning", "error"):
        raise SettingsError(f"log_level is '{level}'; choose debug, info, warning or error")
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)-7s %(name)s: %(message)s")
    for noisy in ("aioice", "aiortc", "asyncio", "httpx", "httpx2", "openai"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def complain(error: Exception | str) -> int:
    """Print one line for a person; the exit status of a failure."""
    print(f"visavis: {error}", file=sys.stderr)
    return 1
