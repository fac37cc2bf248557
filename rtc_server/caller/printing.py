"""A call and a soak run as text for a terminal (pure)."""

import json
from collections.abc import Sequence

from rtc_server.caller.measurement import Spread
from rtc_server.caller.result import STAGES, CallResult, Line, Turn
from rtc_server.caller.soak import SoakResult

_TEXT_WIDTH = 40


def line_text(line: Line) -> str:
    """One line of the transcript."""
    how = " (typed)" if line.typed else ""
    return f"{line.speaker:>7}{how}: {line.text}"


def call_text(result: CallResult) -> str:
    """Path, outcomes, latency table when anything was said, and report; the transcript was printed while it grew."""
    parts = [f"path       {' → '.join(result.path) or '(none)'}"]
    parts += [f"outcome    {node} → {target}" for node, target in result.outcomes]
    reason = f" ({result.reason})" if result.reason else ""
    ended = f"{result.status}{reason}" if result.status else "broken off"
    reconnects = f", reconnections: {result.reconnects}" if result.reconnects else ""
    parts += [f"ended      {ended} after {result.seconds:.1f} s{reconnects}"]
    if result.turns:
        parts += ["", turns_table(result)]
    if result.report is not None:
        parts += ["", "report", json.dumps(result.report, indent=2, ensure_ascii=False)]
    return "\n".join(parts)


def turns_table(result: CallResult) -> str:
    """Milliseconds of each turn: at the caller's ear, and the server's stages where it keeps them."""
    head = ["node", "answer", "reply", *(stage.removesuffix("Ms") for stage in STAGES)]
    rows = [_turn_row(result, turn) for turn in result.turns]
    stages = result.stages()
    for name in ("p50", "p90", "p95"):
        spreads = [result.reply_times(), *(stages.get(stage) for stage in STAGES)]
        rows.append([name, "", *(_percentile(spread, name) for spread in spreads)])
    note = (
        "reply: last audible sample sent to first audible sample heard (10 ms RMS above -40 dBFS); stages: server, ms"
    )
    stops = [
        f"barge-in at {turn.node}: the avatar was silent {turn.barge_in_stop_ms:.0f} ms after the caller began"
        for turn in result.turns
        if turn.barge_in_stop_ms is not None
    ]
    return "\n".join([_table(head, rows), note, *stops])


def soak_text(soak: SoakResult) -> str:
    """What a soak run found."""
    lines = [f"sessions   {soak.sessions}, of which {soak.failed} not as expected"]
    for vitals in soak.vitals:
        counts = f"threads {vitals.threads:3d}   tasks {vitals.tasks:3d}"
        lines.append(f"{vitals.at / 60:6.1f} min  RSS {vitals.rss_mib:7.1f} MiB   {counts}")
    lines.append(f"RSS        {soak.rss_growth_mib:+.1f} MiB from the end of the warm-up to the end")
    if soak.vitals:
        first, last = soak.after_warm_up[0], soak.vitals[-1]
        lines.append(f"threads    {first.threads} → {last.threads}, tasks {first.tasks} → {last.tasks}")
    if soak.loop_lag_ms is not None:
        lag = soak.loop_lag_ms
        lines.append(f"loop lag   p50 {lag.p50:.1f} ms, p95 {lag.p95:.1f} ms, max {lag.maximum:.1f} ms")
    if soak.reply_ms is not None:
        reply = soak.reply_ms
        lines.append(
            f"reply      p50 {reply.p50:.0f} ms, p90 {reply.p90:.0f} ms, p95 {reply.p95:.0f} ms of {reply.count}"
        )
    return "\n".join(lines)


def _turn_row(result: CallResult, turn: Turn) -> list[str]:
    text = turn.text if len(turn.text) <= _TEXT_WIDTH else f"{turn.text[: _TEXT_WIDTH - 1]}…"
    reply = "-" if turn.reply_ms is None else f"{turn.reply_ms:.0f}"
    if turn.interrupted_by_avatar:
        reply = "interrupted"
    server = result.server_turn(turn) or {}
    stages = [f"{server[stage]:.0f}" if stage in server else "" for stage in STAGES]
    return [turn.node, f"{turn.kind} {text}", reply, *stages]


def _percentile(spread: Spread | None, name: str) -> str:
    return "" if spread is None else f"{getattr(spread, name):.0f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]

    def written(row: Sequence[str]) -> str:
        cells = [cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))]
        return "  ".join(cells).rstrip()

    return "\n".join([written(head), "  ".join("-" * width for width in widths), *map(written, rows)])
