"""``visavis doctor``: look at this machine and say what to do."""

import argparse
import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rtc_server.commands.options import add_settings_options, complain, settings_from
from rtc_server.doctor import host, network, relay, seeing
from rtc_server.doctor.report import Check, as_json, as_text, has_problem
from rtc_server.model_use import needed_weights
from rtc_server.settings import Settings
from rtc_server.settings_reader import SettingsError
from rtc_server.weights import models_folder

DESCRIPTION = """\
Looks at everything that a session needs on this machine, changes nothing, and says what to do.

  ok            as it should be
  warning       works, but not as well as it could, or not for everybody
  problem       sessions will fail; exit code 1
  not checked   could not be looked at, for example because nothing is configured
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """The settings that the checks are about."""

    http_host: str
    http_port: int
    models_folder: Path
    public_address: str | None = None
    """The address that is announced to browsers instead of the host's own."""
    udp_ports: tuple[int, int] | None = None
    """First and last port for media."""
    weights: tuple[str, ...] = ()
    """Names of the weights that the settings need; empty = the default ones."""
    face_tracker: str = "auto"
    """The setting ``vision.tracker``."""
    ice_servers: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    """STUN and TURN servers in the form of ``RTCIceServer``: urls, username, credential."""


def subject_of(settings: Settings) -> Subject:
    """The part of the settings that concerns this machine.

    Raises:
        SettingsError: the range of UDP ports cannot be read.
    """
    media = settings.media
    turn = {"urls": media.turn_url, "username": media.turn_username, "credential": media.turn_credential}
    ports = settings.udp_port_range()
    return Subject(
        http_host=settings.host,
        http_port=settings.port,
        models_folder=models_folder(settings.models_dir),
        public_address=media.public_ip or None,
        udp_ports=ports if any(ports) else None,
        weights=needed_weights(settings),
        face_tracker=settings.vision.tracker,
        ice_servers=[server for server in ({"urls": media.stun_url}, turn) if server["urls"]],
    )


def add_parser(subparsers: Any) -> None:
    """Add ``doctor``, which sets ``run``: a function from the arguments to the exit code."""
    parser = subparsers.add_parser(
        "doctor",
        help="look at this machine and say what to do",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_settings_options(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--full", action="store_true", help="hash the model weights instead of comparing sizes")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Diagnose, print, and return the exit code: 1 when there is a problem."""
    try:
        subject = subject_of(settings_from(arguments))
    except SettingsError as error:
        return complain(error)
    checks = diagnose(subject, full=arguments.full)
    print(json.dumps(as_json(checks), indent=2) if arguments.json else as_text(checks))
    return 1 if has_problem(checks) else 0


def diagnose(subject: Subject, *, full: bool) -> tuple[Check, ...]:
    """Carry out every check, in the order in which a person would repair things."""
    addresses = network.host_addresses()
    return (
        host.check_python(),
        host.check_cores(),
        host.check_memory(),
        host.check_codecs(),
        host.check_weights(subject.models_folder, subject.weights, full=full),
        seeing.check_face_tracker(subject.face_tracker, subject.models_folder),
        network.check_http_port(subject.http_host, subject.http_port),
        network.check_udp(addresses),
        network.check_udp_ports(subject.udp_ports),
        network.check_addresses(addresses, subject.public_address),
        *asyncio.run(relay.check_ice_servers(subject.ice_servers)),
        host.check_browser(),
    )
