"""``visavis check-flow FILE``: every problem of a flow, before anybody meets it."""

import argparse
import json
from pathlib import Path
from typing import Any

from conversation.flow.check import check_flow
from rtc_server.commands.options import complain


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "check-flow",
        help="check a flow file before you use it",
        description="Check a flow: a JSON list of nodes, or an object with the list under 'flow', as in a create "
        "call. Prints all problems and warnings. Exit status: 0 valid, 1 problems, 2 the file cannot be read.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)


def read_flow(file: Path) -> Any:
    """The flow in a file. Raises ValueError with a sentence that names the file."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{file} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, nested too deeply, a number of thousands of digits
        raise ValueError(f"{file} is not JSON text") from error
    return data["flow"] if isinstance(data, dict) and "flow" in data else data


def run(arguments: argparse.Namespace) -> int:
    """Check and print."""
    try:
        result = check_flow(read_flow(arguments.file))
    except ValueError as error:
        complain(error)
        return 2
    if arguments.json:
        problems = [{"path": p.path, "rule": p.rule, "message": p.message} for p in result.problems]
        print(json.dumps({"valid": not problems, "problems": problems, "warnings": list(result.warnings)}, indent=2))
        return 1 if problems else 0
    for problem in result.problems:
        print(f"problem   {problem.path}  [{problem.rule}]\n          {problem.message}")
    for warning in result.warnings:
        print(f"warning   {warning}")
    if not result.problems:
        print(f"{arguments.file}: valid, {len(result.nodes)} nodes")
    return 1 if result.problems else 0
