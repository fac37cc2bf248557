"""``python -m rtc_server.weights``: the same as ``visavis models``, for set-up scripts."""

import argparse
import sys

from rtc_server.weights.commands import DESCRIPTION, add_commands


def main() -> int:
    """Run one of list, pull and verify; the exit code."""
    parser = argparse.ArgumentParser(
        prog="visavis models", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_commands(parser)
    arguments = parser.parse_args()
    code: int = arguments.run(arguments)
    return code


if __name__ == "__main__":
    sys.exit(main())
