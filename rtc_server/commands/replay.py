"""``visavis replay JOURNAL…``: does today's engine answer as it did then?"""

import argparse
import json
from pathlib import Path
from typing import Any

from conversation.flow.codec import CodecError
from conversation.flow.journal import OTHER_MACHINES, JournalError, read_lines, replay
from conversation.flow.schema.problems import FlowError
from rtc_server.commands.options import complain
from rtc_server.session.vision.check_journal import RecordedCheck, recorded_checks
from vision.trace import TraceError


def add_parser(subparsers: Any) -> None:
    """Register the command."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "replay",
        help="feed a session's journal to today's engine and compare",
        description="Replay journals (JSON Lines, written to VISAVIS_JOURNAL_DIR at the end of each session) and "
        "compare every answer of the engine and every verdict on the person before the camera. "
        "Exit status: 0 the same, 1 differences, 2 a journal cannot be read.",
    )
    parser.add_argument("journals", nargs="+", type=Path, metavar="JOURNAL")
    parser.add_argument("--steps", action="store_true", help="print every step")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replay each journal."""
    status = 0
    for file in arguments.journals:
        status = max(status, _replay(file, print_steps=arguments.steps))
    return status


def _replay(file: Path, *, print_steps: bool) -> int:
    try:
        header, steps = read_lines(file.read_text(encoding="utf-8").splitlines())
        machine, differences = replay(header, steps)
        checks = recorded_checks(step.event for step in steps)
    except OSError as error:
        complain(f"{file} cannot be read: {error.strerror}")
        return 2
    except (JournalError, CodecError, FlowError, TraceError, UnicodeDecodeError) as error:
        complain(f"{file}: {error}")
        return 2
    steps = [step for step in steps if step.event.get("type") not in OTHER_MACHINES]
    if print_steps:
        for step in steps:
            answers = ", ".join(command["type"] for command in step.commands) or "-"
            print(f"{step.now:9.3f}  {step.event['type']:12s} → {answers}")
    for difference in differences:
        print(f"{file}:{difference.line}: {difference.event['type']} is answered differently")
        print(f"  then  {json.dumps(difference.recorded, ensure_ascii=False)}")
        print(f"  now   {json.dumps(difference.replayed, ensure_ascii=False)}")
    agreed = [_agrees(file, check) for check in checks]
    end = f"{machine.finished.status} ({machine.finished.reason})" if machine.finished else f"at {machine.node_id}"
    print(f"{file}: {len(steps)} steps, {len(differences)} differences, {end}")
    return 1 if differences or not all(agreed) else 0


def _agrees(file: Path, check: RecordedCheck) -> bool:
    """Print what a check came to, then and now."""
    if check.verdict is None:
        print(f"{file}: check {check.request_id}: broken off")
        return True
    then, now = check.verdict, check.replayed() or {"outcome": "no verdict"}
    if then == now:
        print(f"{file}: check {check.request_id}: {then.get('outcome')}, {len(check.events)} events")
        return True
    print(f"{file}: check {check.request_id}: {then.get('outcome')} then, {now['outcome']} now")
    for name in sorted(key for key in then.keys() | now.keys() if then.get(key) != now.get(key)):
        print(f"  {name}  then  {json.dumps(then.get(name), ensure_ascii=False)}")
        print(f"  {name}  now   {json.dumps(now.get(name), ensure_ascii=False)}")
    return False
