"""The command ``visavis``. Each sub-command lives in its own module and is loaded only when it is asked for."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

COMMANDS = {
    "serve": ("rtc_server.commands.serve", "run the server"),
    "demo": ("rtc_server.commands.demo", "run the server with a demo session and a sample partner page"),
    "keys": ("rtc_server.commands.keys", "make, list, rotate and revoke API keys"),
    "staff": ("rtc_server.commands.staff", "manage accounts of the console"),
    "audit": ("rtc_server.commands.audit", "check that the audit is whole, export it, prove deletions"),
    "webhooks": ("rtc_server.commands.webhooks", "manage webhook endpoints and look at deliveries"),
    "listen": ("rtc_server.commands.listen", "forward events to a port of this machine"),
    "models": ("rtc_server.commands.models", "list, fetch and verify the model weights"),
    "doctor": ("rtc_server.doctor", "check this machine and say what to do"),
    "check-flow": ("rtc_server.commands.check_flow", "check a flow file before you use it"),
    "call": ("rtc_server.commands.call", "call a session as a synthetic person, by voice or typing"),
    "subject": ("rtc_server.commands.subject", "export or erase everything that is stored of one person"),
    "replay": ("rtc_server.commands.replay", "feed a session's journal to today's engine and compare"),
    "read-document": ("rtc_server.commands.read_document", "read a passport, driving licence or id card from pictures"),
    "evaluate": (
        "rtc_server.commands.evaluate",
        "measure outcomes, speech, liveness, face comparison or documents on a labelled file",
    ),
}
"""Name: (module with ``add_parser(subparsers)``, one line of help)."""

EPILOG = """examples:
  visavis demo                                        try it: prints a link to talk to
  visavis models pull                                 fetch the model weights (375 MB, once)
  VISAVIS_BOOTSTRAP_KEY=sk_test_my_first_key_1 visavis serve
  visavis check-flow examples/hello.json
  visavis call --flow examples/hello.json --say "My name is Maria Lopez" --say "Yes"

'visavis COMMAND --help' explains each command."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the console script; returns the exit status."""
    # The matrix products here are small; OpenBLAS would only spin on the other cores. Must precede numpy.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    words = list(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(
        prog="visavis",
        description="Face-to-face identity verification with a talking avatar, on your own machine.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and leave")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    wanted = next((word for word in words if not word.startswith("-")), None)
    for name, (module, summary) in COMMANDS.items():
        if name == wanted:
            importlib.import_module(module).add_parser(subparsers)
        else:
            subparsers.add_parser(name, help=summary, add_help=False)
    parsed = parser.parse_args(words)
    if parsed.version:
        return _print_version()
    if parsed.command is None:
        parser.print_help()
        return 2
    return _run(parsed)


def _run(parsed: Any) -> int:
    try:
        return int(parsed.run(parsed) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141


def _print_version() -> int:
    from importlib.metadata import version

    print(f"visavis {version('visavis')}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
