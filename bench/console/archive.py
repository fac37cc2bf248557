"""An invented day for pictures of the console: sessions that ended, reviews, alerts, staff, audit. No real people."""

import asyncio
from dataclasses import replace
from pathlib import Path

from bench.console.fleet import HOURS, fill
from bench.console.invented import IDENTITY, talk
from rtc_server.audit.chain import Actor
from rtc_server.session.latency import TurnLatency
from rtc_server.session.report import build_report
from rtc_server.staff.roles import Role
from rtc_server.storage.ports import AlertRecord, Json, MediaRecord, Owner
from tests.fakes.console_edge import ConsoleEdge
from tests.fakes.webm import webm
from tests.scores.looks import judge_liveness
from tests.scores.score import Score
from tests.storage.records import START_MS, session_record

NOW_MS = START_MS + HOURS * 3_600_000
SESSIONS = 1_200
REPORTED = 99_001
"""Number of the session whose report is shown."""
OWNER = Owner("acme", sandbox=False)
PORTRAIT = Path(__file__).parents[2] / "static" / "session" / "avatar" / "portraits" / "leo.webp"

CUES = (
    {"name": "pad_texture", "state": "supports", "value": 0.91, "reason": "median 0.91 over 38 frames"},
    {"name": "pad_challenge", "state": "supports", "value": 2.0, "reason": "2 of 2 passed"},
    {"name": "injection_timing", "state": "against", "value": 0.8, "reason": "frames come at even times"},
    {"name": "pad_flash", "state": "not_checked", "value": None, "reason": "the person declined"},
)
STAFF = (
    ("mara@northbank.example", "Mara Okafor", (Role.AGENT,)),
    ("ilse@northbank.example", "Ilse Brandt", (Role.AGENT, Role.REVIEWER)),
    ("tomas@northbank.example", "Tomás Ferreira", (Role.SUPERVISOR,)),
    ("audit@northbank.example", "Wen Li", (Role.AUDITOR,)),
)


async def fill_archive(edge: ConsoleEdge) -> str:
    """Put everything into the database; id of the session with a full report."""
    await fill(edge.stores, SESSIONS)
    session_id = await _report(edge)
    for email, name, roles in STAFF:
        await edge.person(*roles, email=email, name=name)
    await edge.room.accounts.invite("new@northbank.example", "Jun Park", (Role.VIEWER,), ("northbank",))
    await _audit(edge, session_id)
    await _alerts(edge)
    return session_id


async def _report(edge: ConsoleEdge) -> str:
    """A whole session, whose check came to no answer."""
    score = Score(IDENTITY)
    talk(score)
    evidence = {"verdict": "inconclusive", "score": 0.57, "reasons": ["injection_timing"], "cues": list(CUES)}
    challenges = [{"kind": "turn_left", "passed": True, "seconds": 1.8, "value": 24.0}]
    judge_liveness(score, "inconclusive", "no_agreement", evidence=evidence | {"challenges": challenges})
    score.spoken()
    header = replace(score.header, started_utc_ms=NOW_MS - 1_800_000)
    turns = [TurnLatency(at, "silence", 210.0, 330.0, 12.0, 5.0, 8.0) for at in (3.0, 7.0)]
    report = build_report(score.machine, header, turns)
    created = session_record(
        REPORTED,
        created_at=header.started_utc_ms - 20_000,
        flow=IDENTITY,
        flow_id="flw_northbank_identity",
        client_reference_id="account-20417",
    )
    sessions = edge.stores.sessions
    await sessions.create_session(created)
    device = {"browser": "Safari", "os": "iOS 19", "isMobile": True, "isTablet": False}
    consent = {"version": "2026-11-23", "acceptedAt": header.started_utc_ms, "recording": ["userVideo", "avatarAudio"]}
    await sessions.update_session(
        created.id, status="inProgress", started_at=header.started_utc_ms, device=device, consent=consent
    )
    content = PORTRAIT.read_bytes()
    for number, kind in enumerate(("userPhoto", "screenshot")):
        media = MediaRecord(f"m_{number}", created.id, kind, 0, "image/webp", len(content), NOW_MS - 1_750_000)
        await edge.stores.media.put(media, content)
    for number, (kind, seconds) in enumerate((("userVideo", 64), ("avatarAudio", 61))):
        film = webm(seconds, picture=kind == "userVideo")
        form = "video/webm" if kind == "userVideo" else "audio/webm"
        part = MediaRecord(f"m_part{number}", created.id, kind, 0, form, 0, header.started_utc_ms)
        file = await edge.stores.recordings.begin(part)
        await asyncio.to_thread(file.write, film)
        await edge.stores.recordings.finish(part.id, await asyncio.to_thread(file.finish))
    await sessions.finish_session(
        created.id, [], status="complete", reason="end", report=report, finished_at=NOW_MS - 1_740_000
    )
    return created.id


async def _audit(edge: ConsoleEdge, session_id: str) -> None:
    mara = Actor.staff("stf_mara", "Mara Okafor")
    for action in ("watched", "media_joined", "whispered", "taken_over", "handed_back", "left"):
        edge.pass_seconds(7)
        await edge.stores.audit.write(mara, f"session.{action}", OWNER, session_id, {"nodeId": "live"})
    reason = {"media": "m_0", "kind": "userPhoto", "reason": "compare with the complaint of the customer"}
    await edge.stores.audit.write(Actor.staff("stf_ilse", "Ilse Brandt"), "media.opened", OWNER, session_id, reason)


async def _alerts(edge: ConsoleEdge) -> None:
    told: tuple[tuple[str, str, Json, int, Json], ...] = (
        ("stuck_session", "A session has not moved for 11 minutes.", {"minutes": 11}, 140, {"email": "sent"}),
        (
            "attack_burst",
            "5 sessions met an attack in the last 10 minutes, of 31.",
            {"attacks": 5, "sessions": 31, "minutes": 10},
            65,
            {"email": "sent", "webhook": "sent"},
        ),
        (
            "failure_jump",
            "44 % of 25 sessions failed in the last hour; the day before it was 17 %.",
            {"share": 0.44, "before": 0.17, "sessions": 25},
            20,
            {"email": "sent", "webhook": "timeout"},
        ),
    )
    for number, (rule, text, figures, minutes_ago, channels) in enumerate(told):
        raised = NOW_MS - minutes_ago * 60_000
        alert = AlertRecord(f"alr_{number}", "acme", False, rule, "", text, figures, raised)
        await edge.stores.alerts.raise_alert(alert, 0)
        await edge.stores.alerts.alert_sent(alert.id, channels, raised + 2_000)
