"""``visavis call``: a synthetic person calls a session, for tests and continuous integration."""

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, cast

from rtc_server.caller.caller import Caller, CallOptions
from rtc_server.caller.camera import FileCamera
from rtc_server.caller.connection import Network
from rtc_server.caller.link import LinkOptions
from rtc_server.caller.own_server import own_server
from rtc_server.caller.printing import call_text, line_text, soak_text
from rtc_server.caller.result import CallResult, Line, disappointments
from rtc_server.caller.script import Answer, Expectation, Kind, Script, ScriptError, read_script
from rtc_server.caller.server_calls import CallFailed, ServerCalls, Target, parse_link
from rtc_server.caller.simulated import simulated_call
from rtc_server.caller.soak import Vitals, soak
from rtc_server.caller.voice import record_clips
from rtc_server.commands.check_flow import read_create_call
from rtc_server.commands.options import EXPECTED_ERRORS, complain, settings_from, start_log
from rtc_server.rtc.impairment import NetworkProfile

KEY_VARIABLE = "VISAVIS_BOOTSTRAP_KEY"
USAGE = 2
"""Exit status of a call that could not be made."""

NewTarget = Callable[[], Awaitable[Target]]


class _Append(argparse.Action):
    """Collects the answers in the order in which they were given."""

    def __call__(
        self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: str | None = None
    ) -> None:
        kind = cast(Kind, self.option_strings[0].removeprefix("--"))
        answer = Answer(kind, seconds=values) if kind == "silence" else Answer(kind, text=values)
        namespace.answers = [*namespace.answers, answer]


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "call",
        help="call a session as a synthetic person, by voice or typing",
        description="Call a session over WebRTC, answer its questions from a script, and print transcript, outcomes, "
        "latency and report. Exit status: 0 the flow ended as expected, 1 it did not, 2 the call could not be made. "
        "docs/call.md has the script format.",
    )
    _add_target(parser)
    _add_answers(parser)
    _add_sandbox(parser)
    network = parser.add_argument_group("network and call")
    network.add_argument("--loss", type=float, default=0.0, metavar="PERCENT", help="packets lost, each way")
    network.add_argument("--delay", type=float, default=0.0, metavar="MS", help="delay, each way")
    network.add_argument("--jitter", type=float, default=0.0, metavar="MS", help="standard deviation of the delay")
    network.add_argument("--seed", type=int, default=1, help="of the bad network (default 1)")
    network.add_argument("--drop-after", type=float, metavar="SECONDS", help="break the connection then and rejoin")
    network.add_argument("--camera", type=Path, metavar="FILE", help="video file to show, over and over")
    network.add_argument(
        "--reaction", type=float, default=0.6, metavar="SECONDS", help="before answering (default 0.6)"
    )
    network.add_argument("--timeout", type=float, default=120.0, metavar="SECONDS", help="longest call (default 120)")
    network.add_argument("--loop", type=float, metavar="MINUTES", help="repeat sessions and watch memory, threads, lag")
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="print the result as JSON")
    output.add_argument("--report", type=Path, metavar="FILE", help="write the session's report to a file")
    parser.set_defaults(run=run, answers=[])


def _add_target(parser: argparse.ArgumentParser) -> None:
    target = parser.add_argument_group("whom to call (--flow alone starts a server of its own)")
    target.add_argument("--url", help="link of an existing session, http://host:port/?cs=…")
    target.add_argument("--server", metavar="URL", help="server on which to create a session with --flow")
    target.add_argument("--key", help=f"API key, sk_test_… (default: {KEY_VARIABLE}); reads the report, too")
    target.add_argument("--flow", type=Path, metavar="FILE", help="flow, or whole create call, of a new session")
    target.add_argument("--config", type=Path, metavar="FILE", help="settings of the own server, in TOML")


def _add_sandbox(parser: argparse.ArgumentParser) -> None:
    sandbox = parser.add_argument_group("sandbox (with a test key; needs neither microphone nor models)")
    sandbox.add_argument(
        "--simulate",
        choices=("complete", "fail", "cancel"),
        help="no call: let the sandbox walk the flow by each node's good (or bad) outcome, with real events",
    )
    sandbox.add_argument(
        "--force",
        action="append",
        default=[],
        metavar="NODE=OUTCOME",
        help="decide a node in advance; with --simulate or in a call",
    )


def _add_answers(parser: argparse.ArgumentParser) -> None:
    answers = parser.add_argument_group("what to answer, in order (default: FLOW's name with .script.json)")
    answers.add_argument("--say", action=_Append, dest="answers", metavar="TEXT", help="say it with a voice of its own")
    answers.add_argument("--type", action=_Append, dest="answers", metavar="TEXT", help="type it")
    answers.add_argument(
        "--field", action=_Append, dest="answers", metavar="TEXT", help="put it into the field; {code} = the code sent"
    )
    answers.add_argument("--wav", action=_Append, dest="answers", metavar="FILE", help="play a recording")
    answers.add_argument(
        "--silence", action=_Append, dest="answers", type=float, metavar="SECONDS", help="say nothing for so long"
    )
    answers.add_argument("--script", type=Path, metavar="FILE", help="answers and expectations in JSON")
    answers.add_argument("--typed", action="store_true", help="type what the script says")


def run(arguments: argparse.Namespace) -> int:
    """Call and print."""
    try:
        start_log("warning")
        return asyncio.run(_run(arguments))
    except (*EXPECTED_ERRORS, ScriptError, CallFailed) as error:
        complain(error)
        return USAGE


async def _run(arguments: argparse.Namespace) -> int:
    script = _script(arguments)
    options = _options(arguments)
    clips = {} if arguments.simulate else await record_clips(script.answers)
    async with _targets(arguments) as new_target:

        async def one_call() -> tuple[CallResult, list[str]]:
            target = await new_target()
            if arguments.simulate:
                result = await simulated_call(target, arguments.simulate)
            else:
                result = await Caller(target, script, clips, options).call()
            return result, disappointments(result, script.expect)

        if arguments.loop is not None:
            return await _soak(arguments, one_call)
        result, problems = await one_call()
    if arguments.report is not None and result.report is not None:
        _write(arguments.report, json.dumps(result.report, indent=2, ensure_ascii=False))
    if arguments.json:
        print(json.dumps(result.to_json() | {"problems": problems}, indent=2, ensure_ascii=False))
    else:
        print(f"\n{call_text(result)}\n")
    return _verdict(problems)


async def _soak(arguments: argparse.Namespace, one_call: Callable[[], Awaitable[tuple[CallResult, list[str]]]]) -> int:
    def tell(number: int, vitals: Vitals) -> None:
        print(f"session {number}: RSS {vitals.rss_mib:.0f} MiB", file=sys.stderr, flush=True)

    found = await soak(one_call, 60 * arguments.loop, tell)
    print(json.dumps(found.to_json(), indent=2) if arguments.json else soak_text(found))
    return _verdict(found.failures)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ScriptError(f"{file} cannot be written: {error.strerror}") from error


def _verdict(problems: list[str]) -> int:
    for problem in problems:
        complain(problem)
    return 1 if problems else 0


def _script(arguments: argparse.Namespace) -> Script:
    """The answers that were given one by one, or the script file. Raises ScriptError."""
    file = arguments.script
    if arguments.answers:
        if file is not None:
            raise ScriptError("give either --script or answers one by one, not both")
        script = Script(tuple(arguments.answers))
    else:
        if file is None and arguments.flow is not None:
            beside = arguments.flow.with_suffix(".script.json")
            file = beside if beside.exists() else None
        if file is None and arguments.simulate:
            return Script((), Expectation("incomplete" if arguments.simulate == "cancel" else "complete"))
        if file is None and arguments.camera is not None:
            return Script(())  # a flow that only looks asks nothing
        if file is None:
            raise ScriptError("nothing to answer: give --say, --type, --wav or --silence, or --script FILE")
        script = read_script(file)
    return script.typed() if arguments.typed else script


def _options(arguments: argparse.Namespace) -> CallOptions:
    """Raises ScriptError for a camera file that cannot be used and for an impossible network."""
    with _as_script_error():
        profile = NetworkProfile(loss=arguments.loss / 100, delay_ms=arguments.delay, jitter_ms=arguments.jitter)
    network = Network(profile, arguments.seed) if profile != NetworkProfile() else None
    camera = None
    if arguments.camera is not None:
        FileCamera(arguments.camera).stop()  # tells now whether it can be read
        camera = lambda: FileCamera(arguments.camera)  # noqa: E731 - a definition would say no more

    def show(line: Line) -> None:
        print(line_text(line), flush=True)

    quiet = arguments.json or arguments.loop is not None
    return CallOptions(
        reaction=arguments.reaction,
        timeout=arguments.timeout,
        drop_after=arguments.drop_after,
        link=LinkOptions(network, camera),
        on_line=(lambda line: None) if quiet else show,
    )


@contextlib.contextmanager
def _as_script_error() -> Iterator[None]:
    """What the caller asked for cannot be used, and the ValueError says why."""
    try:
        yield
    except ValueError as error:
        raise ScriptError(str(error)) from error


@contextlib.asynccontextmanager
async def _targets(arguments: argparse.Namespace) -> AsyncIterator[NewTarget]:
    """A function that answers the session to call: the given one, or a new one each time."""
    key = arguments.key or os.environ.get(KEY_VARIABLE, "")
    if arguments.url is not None:
        if arguments.flow is not None or arguments.server is not None or arguments.loop is not None:
            raise ScriptError("--url names one session; it goes with neither --flow, --server nor --loop")
        with _as_script_error():
            base_url, secret = parse_link(arguments.url)

        async def existing() -> Target:
            return Target(base_url, secret, key)

        yield existing
        return
    if arguments.flow is None:
        raise ScriptError("whom to call? give --url LINK, or --flow FILE (with --server URL, or alone)")
    with _as_script_error():
        body = {"clientReferenceId": "visavis-call", **read_create_call(arguments.flow)}
        if forced := _forced(arguments.force):
            body["sandbox"] = forced
    if arguments.server is not None:
        if not key:
            raise ScriptError(f"--server needs an API key: give --key or set {KEY_VARIABLE}")
        yield lambda: _new_session(arguments.server, key, body)
        return
    async with own_server(settings_from(arguments)) as (base_url, own_key):
        yield lambda: _new_session(base_url, own_key, body)


def _forced(pairs: list[str]) -> dict[str, str]:
    """``NODE=OUTCOME`` …; raises ValueError."""
    if wrong := next((pair for pair in pairs if not all(pair.partition("="))), None):
        raise ValueError(f"--force {wrong}: must look like NODE=OUTCOME, for example live=deepfakeDetected")
    return dict(pair.split("=", 1) for pair in pairs)


async def _new_session(base_url: str, key: str, body: dict[str, Any]) -> Target:
    server = ServerCalls(base_url, key)
    try:
        answer = await server.create_session(body)
    finally:
        await server.close()
    _, secret = parse_link(answer["clientSecret"]["url"])
    return Target(base_url.rstrip("/"), secret, key)
