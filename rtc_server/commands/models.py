"""``visavis models``: what ``rtc_server.weights`` offers, and which models of the camera half the settings use."""

import argparse
import json
from pathlib import Path
from typing import Any

from rtc_server.commands.options import EXPECTED_ERRORS, complain, settings_from
from rtc_server.model_use import models_in_use
from rtc_server.settings_reader import full_name
from rtc_server.weights.cache import FileState
from rtc_server.weights.commands import DESCRIPTION, add_commands


def add_parser(subparsers: Any) -> None:
    """Register the command with those of the weights."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "models",
        help="list, fetch and verify the model weights",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = add_commands(parser)
    in_use = commands.add_parser(
        "in-use", help="which models of the camera half the settings use, replace or switch off"
    )
    in_use.add_argument("--config", type=Path, metavar="FILE", help="settings in TOML; VISAVIS_… variables override it")
    in_use.add_argument("--json", action="store_true", help="print JSON")
    in_use.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    try:
        found = models_in_use(settings_from(arguments))
    except EXPECTED_ERRORS as error:
        return complain(error)
    if arguments.json:
        print(json.dumps({"models": [model.to_json() for model in found]}, indent=2))
        return 0
    for model in found:
        licence = f", {model.artefact.licence} ({model.artefact.licence_class})" if model.artefact else ""
        state = "" if model.state is FileState.OK else f", {model.state.value}"
        print(f"{full_name(model.setting)} = {model.value}: {model.use.value}{state}{licence}")
        if model.remark:
            print(f"    {model.remark}")
    return 0
