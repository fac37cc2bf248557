"""Sessions that have ended, in the ways that matter to those who look at many."""

from typing import Any

from rtc_server.storage.ports import JournalLine, SessionRecord
from rtc_server.storage.stores import Stores
from tests.storage.records import START_MS, session_record

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DEVICE = {"browser": "Safari", "os": "iOS 17", "isMobile": True, "isTablet": False}


def node(node_id: str, kind: str, outcome: str, seconds: float, **evidence: Any) -> dict[str, Any]:
    """A node report, ``seconds`` after the start of the session."""
    at = START_MS + round(1000 * seconds)
    return {"type": kind, "nodeId": node_id, "createdAt": at, "outcome": outcome, "evidence": evidence}


def report(*nodes: dict[str, Any], verified: bool = False, **members: Any) -> dict[str, Any]:
    """A report with these nodes."""
    return {"lang": "en", "transcript": [], "nodeReports": list(nodes), "isVerified": verified, **members}


def ended_record(number: int = 0, **fields: Any) -> SessionRecord:
    """A complete session of a minute, ``number`` seconds after the first one."""
    usual: dict[str, Any] = {
        "status": "complete",
        "reason": "end",
        "started_at": START_MS,
        "finished_at": START_MS + MINUTE_MS,
        "device": DEVICE,
        "report": report(verified=True),
    }
    return session_record(number, **usual | fields)


async def end_session(stores: Stores, number: int = 0, *, entered: tuple[str, str] | None = None, **fields: Any) -> str:
    """Run a session to its end in a database, as a server does; its id."""
    wanted = ended_record(number, **fields)
    begun = wanted.with_(status="created", reason="", report={}, finished_at=None)
    await stores.sessions.create_session(begun.with_(started_at=None, device=None))
    if wanted.started_at is not None:
        await stores.sessions.update_session(
            begun.id, status="inProgress", started_at=wanted.started_at, device=wanted.device
        )
    lines = []
    if entered is not None:
        command = {"type": "Enter", "node_id": entered[0], "node_type": entered[1], "ahead": []}
        lines = [JournalLine(0, 0.0, {"type": "header"}, []), JournalLine(1, 1.0, {"type": "Joined"}, [command])]
    await stores.sessions.finish_session(
        begun.id,
        lines,
        status=wanted.status,
        reason=wanted.reason,
        report=wanted.report,
        finished_at=wanted.finished_at or 0,
    )
    return begun.id
