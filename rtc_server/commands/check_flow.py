"""``visavis check-flow FILE``: every problem of a flow before anybody meets it, its picture, its compiled form."""

import argparse
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conversation.flow.drawing.draw import draw_flow
from conversation.flow.drawing.layout import DrawingError
from conversation.flow.graph import build_graph
from conversation.flow.schema.check import FlowCheck, check_flow
from conversation.flow.schema.modules import compile_modules
from rtc_server.commands.options import complain


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "check-flow",
        help="check a flow file before you use it",
        description="Check a flow: a JSON list of nodes, a graph of nodes and edges, or an object with the flow under "
        "'flow' or with 'modules', as in a create call. Prints all problems, warnings and repairs. Exit status: 0 "
        "valid, 1 problems, 2 a file cannot be read or written.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--lenient", action="store_true", help="warn of unknown fields instead of refusing them")
    parser.add_argument("--compile", action="store_true", help="print the flow in the form in which it runs")
    parser.add_argument("--draw", type=Path, metavar="SVG", help="draw the flow as a picture")
    parser.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class _Submission:
    """What a file holds."""

    flow: Any
    modules: Any = None
    requested: Any = None
    opening: str = ""
    closing: str = ""
    provided: Collection[str] | None = None
    """Names of the data that the session brings; None when the file does not say."""


def read_create_call(file: Path) -> dict[str, Any]:
    """The body of a create call: the object in the file, or one around the flow that it holds.

    Raises ValueError with a sentence that names the file.
    """
    data = _read_json(file)
    return data if isinstance(data, dict) and data.keys() & {"flow", "modules"} else {"flow": data}


def run(arguments: argparse.Namespace) -> int:
    """Check, print, draw."""
    try:
        check = _check(_submission(_read_json(arguments.file)), lenient=arguments.lenient)
        if arguments.draw is not None and not check.problems:
            _draw(check, arguments.file, arguments.draw)
    except ValueError as error:
        complain(error)
        return 2
    if arguments.json:
        print(json.dumps(_to_json(check, compiled=arguments.compile), indent=2))
    elif arguments.compile and not check.problems:
        print(json.dumps(check.nodes, indent=2, ensure_ascii=False))
    else:
        _print(check, arguments.file)
    return 1 if check.problems else 0


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"{file} is not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
    except (ValueError, RecursionError) as error:  # not UTF-8, nested too deeply, a number of thousands of digits
        raise ValueError(f"{file} is not JSON text") from error


def _submission(data: Any) -> _Submission:
    if not isinstance(data, dict) or not data.keys() & {"flow", "modules", "requestedData"}:
        return _Submission(data)
    provided = data.get("providedData")
    return _Submission(
        data.get("flow"),
        data.get("modules"),
        data.get("requestedData"),
        _text(data.get("initialPhrase")),
        _text(data.get("finalPhrase")),
        tuple(provided) if isinstance(provided, dict) else None,
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _check(submission: _Submission, *, lenient: bool) -> FlowCheck:
    if submission.flow is not None or (submission.modules is None and submission.requested is None):
        return check_flow(submission.flow, lenient=lenient, provided=submission.provided)
    compiled = compile_modules(
        submission.modules, opening=submission.opening, closing=submission.closing, requested=submission.requested
    )
    if compiled.problems:
        return FlowCheck([], compiled.problems, compiled.warnings)
    check = check_flow(compiled.nodes, lenient=lenient, provided=submission.provided)
    return FlowCheck(check.nodes, check.problems, (*compiled.warnings, *check.warnings), check.normalizations)


def _draw(check: FlowCheck, file: Path, picture: Path) -> None:
    try:
        picture.write_text(draw_flow(build_graph(check.nodes), title=file.stem), encoding="utf-8")
    except DrawingError as error:
        raise ValueError(f"{file} cannot be drawn: {error}") from error
    except OSError as error:
        raise ValueError(f"{picture} cannot be written: {error.strerror}") from error


def _to_json(check: FlowCheck, *, compiled: bool) -> dict[str, Any]:
    problems = [{"path": p.path, "rule": p.rule, "message": p.message} for p in check.problems]
    result: dict[str, Any] = {
        "valid": not problems,
        "problems": problems,
        "warnings": list(check.warnings),
        "normalizations": list(check.normalizations),
    }
    return result | {"flow": check.nodes} if compiled else result


def _print(check: FlowCheck, file: Path) -> None:
    for problem in check.problems:
        print(f"problem   {problem.path}  [{problem.rule}]\n          {problem.message}")
    for repair in check.normalizations:
        print(f"repaired  {repair['nodeId']}: '{repair['outcome']}' leads to '{repair['filledWith']}'")
    for warning in check.warnings:
        print(f"warning   {warning}")
    if not check.problems:
        print(f"{file}: valid, {len(check.nodes)} nodes")
