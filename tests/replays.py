"""Golden rule of the journal: whatever a test made a server write must replay to the same commands."""

from pathlib import Path

from conversation.flow.journal import read_lines, replay
from rtc_server.session.vision.check_journal import recorded_checks


def replay_all(folder: Path) -> int:
    """Replay every journal in a folder; the number of journals. Fails on the first difference."""
    files = sorted(folder.rglob("*.jsonl"))
    for file in files:
        header, steps = read_lines(file.read_text(encoding="utf-8").splitlines())
        assert replay(header, steps)[1] == [], f"{file.name} replays differently"
        for check in recorded_checks(step.event for step in steps):
            assert check.agrees, f"{file.name}: check {check.request_id} comes to another verdict"
    return len(files)
