"""Sessions to figures and a page of Markdown (pure)."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.voice_to_voice.analysis import Turn
from bench.voice_to_voice.browser import Session
from bench.voice_to_voice.clips import ONE_TURN_CLIPS, PAUSE
from bench.voice_to_voice.targets import Marks
from rtc_server.caller.measurement import spread

Json = dict[str, Any]
Roles = Mapping[str, tuple[str, ...]]

TARGET_P50_MS = 700.0
_CLIP_SECONDS_OF_DOUBT = 0.1


def is_split(session: Session) -> bool | None:
    """Whether the pause clip was answered as more than one turn, by the server's own words; None: never answered."""
    about = [s.casefold() for s in session.heard.sentences if "appointment" in s.casefold() or "friday" in s.casefold()]
    if not about:
        return None
    return not (len(about) == 1 and "appointment" in about[0] and "friday" in about[0])


def stage_times(session: Session) -> list[list[tuple[str, float]]]:
    """Milliseconds by stage for each answered one-turn clip, from the end of the clip to the ear; they add up."""
    found = []
    for turn in session.turns:
        marks = _marks_of(turn, session.heard.turns)
        if turn.clip not in ONE_TURN_CLIPS or turn.reply_ms is None or marks is None:
            continue
        at, stages = turn.ended_at, []
        for stage, ended_at in marks:
            stages.append((stage, 1000 * (ended_at - at)))
            at = ended_at
        stages.append(("to the ear", turn.reply_ms - 1000 * (at - turn.ended_at)))
        found.append(stages)
    return found


def _marks_of(turn: Turn, candidates: Iterable[Marks]) -> Marks | None:
    if turn.reply_ms is None:
        return None
    latest = turn.ended_at + turn.reply_ms / 1000 + _CLIP_SECONDS_OF_DOUBT
    return next((m for m in candidates if m and turn.ended_at - _CLIP_SECONDS_OF_DOUBT <= m[-1][1] <= latest), None)


def figures(sessions: Sequence[Session], roles: Roles) -> Json:
    """All figures of one target."""
    turns = [turn for session in sessions for turn in session.turns]
    splits = [is_split(session) for session in sessions]
    clips = {name: [t for t in turns if t.clip == name] for name in (*ONE_TURN_CLIPS, PAUSE)}
    clips["one-turn clips"] = [t for t in turns if t.clip in ONE_TURN_CLIPS]
    stages: dict[str, list[float]] = {}
    for times in (times for session in sessions for times in stage_times(session)):
        for stage, milliseconds in times:
            stages.setdefault(stage, []).append(milliseconds)
    return {
        "sessions": len(sessions),
        "voiceToVoiceMs": {name: _clip_figures(found) for name, found in clips.items()},
        "stagesP50Ms": {stage: round(statistics.median(values)) for stage, values in stages.items()},
        "pauseClip": {
            "answered": sum(split is not None for split in splits),
            "split": sum(split is True for split in splits),
        },
        "heard": [session.heard.sentences for session in sessions],
        "cpuSecondsPerSecond": round(statistics.median(s.cpu_seconds / s.seconds for s in sessions), 3),
        "cpuMsPerTurn": {
            engine: round(1000 * statistics.mean(_engine_cpu(s, names) / len(s.turns) for s in sessions))
            for engine, names in roles.items()
        },
        "rssMib": round(max(s.rss_mib for s in sessions)),
        "connectMs": round(1000 * statistics.median(s.connect_seconds for s in sessions)),
        "jitterBufferMs": round(statistics.median(s.jitter_buffer_ms for s in sessions)),
    }


def _engine_cpu(session: Session, names: Sequence[str]) -> float:
    return sum(session.cpu_by_role.get(name, 0.0) for name in names)


def _clip_figures(turns: Sequence[Turn]) -> Json:
    found = spread([turn.reply_ms for turn in turns if turn.reply_ms is not None])
    return {
        "said": len(turns),
        "early": sum(turn.early for turn in turns),
        **(found.to_json() if found is not None else {"count": 0}),
    }


def markdown(result: Json) -> str:
    """The figures as tables."""
    targets: Mapping[str, Json] = result["targets"]
    lines = [
        "# Voice to voice",
        "",
        f"{result['startedAt']}, {result['machine']}. Load before: {result['loadBefore']:.2f}.",
        f"Clips: {result['clips']}. Milliseconds, end of speech to first audible sample, both in the page.",
        "",
        "| server | clip | said | answered | p50 | p90 | p95 | max | early |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, target in targets.items():
        for clip, found in target["voiceToVoiceMs"].items():
            cells = [f"{found[key]:.0f}" if key in found else "–" for key in ("p50", "p90", "p95", "max")]
            bold = f"**{clip}**" if clip == "one-turn clips" else clip
            row = [name, bold, str(found["said"]), str(found["count"]), *cells, str(found["early"])]
            lines.append(f"| {' | '.join(row)} |")
    lines += [
        "",
        "| server | pause clip answered | split | CPU-s/s | CPU ms per turn | RSS MiB | connect ms | NetEq ms |",
    ]
    lines += ["|---|---|---|---|---|---|---|---|"]
    for name, target in targets.items():
        pause, per_turn = target["pauseClip"], target["cpuMsPerTurn"]
        engines = ", ".join(f"{engine} {milliseconds}" for engine, milliseconds in per_turn.items())
        row = [name, pause["answered"], pause["split"], target["cpuSecondsPerSecond"], engines, target["rssMib"]]
        row += [target["connectMs"], target["jitterBufferMs"]]
        lines.append(f"| {' | '.join(str(cell) for cell in row)} |")
    lines += ["", "Stages of the one-turn clips, p50 in ms:", ""]
    for name, target in targets.items():
        stages = target["stagesP50Ms"]
        lines.append(f"- {name}: {' → '.join(f'{stage} {ms}' for stage, ms in stages.items()) or 'none'}")
    failures = result["failures"]
    if failures:
        lines += ["", f"Sessions that could not be measured ({len(failures)}):", "", *(f"- {f}" for f in failures)]
    return "\n".join(lines) + "\n"


def meets_target(result: Json) -> bool:
    """p50 of ours within the target, no split, and ahead of every other row."""
    targets: Mapping[str, Json] = result["targets"]
    p50 = {
        name: target["voiceToVoiceMs"]["one-turn clips"].get("p50", float("inf")) for name, target in targets.items()
    }
    ours = p50.pop("visavis", float("inf"))
    pause = targets.get("visavis", {}).get("pauseClip", {"split": 1})
    return ours <= TARGET_P50_MS and pause["split"] == 0 and all(ours < other for other in p50.values())
