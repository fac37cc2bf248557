"""The servers that are compared: how each is started, called, and asked what it heard."""

import asyncio
import contextlib
import json
import secrets
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bench.voice_to_voice.pipecat_environment import python_of
from bench.voice_to_voice.usage import OTHERS
from rtc_server.caller.server_calls import ServerCalls, parse_link

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
START_SECONDS = 180.0
STOP_SECONDS = 12.0

PIPECAT_ROWS = {
    "pipecat-tuned-vad": ("vad", "greedy"),
    "pipecat-tuned-smart-turn": ("smart", "greedy"),
    "pipecat-context10-vad": ("vad", "context10"),
    "pipecat-context10-smart-turn": ("smart", "context10"),
}
"""Row: (end of turn, decoding); both arguments of pipecat_bot."""
DEFAULT_PIPECAT_ROWS = ("pipecat-tuned-vad", "pipecat-context10-smart-turn")


Marks = list[tuple[str, float]]
"""(stage, wall-clock second at which it ended), in order."""


@dataclass(slots=True)
class Heard:
    """What a server made of a session."""

    sentences: list[str] = field(default_factory=list)
    """The words of each turn that it answered."""
    turns: list[Marks] = field(default_factory=list)


class Target:
    """A server process of its own on a free loopback port."""

    roles: Mapping[str, tuple[str, ...]]
    """By engine: the names of its threads (usage.py)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.port = _free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._process: asyncio.subprocess.Process | None = None

    def command(self) -> list[str]:
        """How it is started."""
        raise NotImplementedError

    async def prepare(self) -> None:
        """Before each session, outside of what is timed."""

    async def answer(self, sdp: str) -> str:
        """Take the page's offer."""
        raise NotImplementedError

    async def heard(self) -> Heard:
        """What became of the session that just ended."""
        raise NotImplementedError

    async def start(self, log: Path) -> None:
        """Start it and wait until it serves. Raises RuntimeError naming the log."""
        with log.open("wb") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *self.command(), cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE, stderr=errors, limit=2**20
            )
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while self._process.returncode is None:
                    with contextlib.suppress(aiohttp.ClientError):
                        await self.usage()
                        return
                    await asyncio.sleep(0.2)
        raise RuntimeError(f"{self.name} did not start; {log} says why")

    async def stop(self) -> None:
        """End it."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def usage(self) -> dict[str, Any]:
        """See ``usage.usage``."""
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(f"{self.base_url}/bench/usage") as got:
            answer: dict[str, Any] = await got.json()
            return answer


class Visavis(Target):
    """The real server; each session is created through the API and joined as its page would."""

    roles: Mapping[str, tuple[str, ...]] = {
        "STT": (OTHERS, "model-whisper", "model-whisper-tiny"),
        "TTS": ("model-hibari",),
        "evaluator": ("model-evaluator",),
        "VAD": ("model-voice-activity", "model-turn-detector"),
    }

    def __init__(self, data_folder: Path) -> None:
        super().__init__("visavis")
        self._data_folder = data_folder
        self._key = f"sk_test_{secrets.token_hex(16)}"
        self._secret = ""
        self._session_id = ""
        self._flow = json.loads((HERE / "flow.json").read_text(encoding="utf-8"))["flow"]

    def command(self) -> list[str]:
        module = "bench.voice_to_voice.visavis_server"
        return [sys.executable, "-m", module, str(self.port), self._key, str(self._data_folder)]

    async def prepare(self) -> None:
        server = ServerCalls(self.base_url, self._key)
        try:
            created = await server.create_session(self._flow)
        finally:
            await server.close()
        self._session_id = created["session"]["id"]
        _, self._secret = parse_link(created["clientSecret"]["url"])

    async def answer(self, sdp: str) -> str:
        server = ServerCalls(self.base_url, self._secret)
        try:
            return str((await server.offer("bench", sdp))["sdp"])
        finally:
            await server.close()

    async def heard(self) -> Heard:
        server = ServerCalls(self.base_url, self._key)
        try:
            report = (await server.session(self._session_id))["report"]
        finally:
            await server.close()
        said = [phrase["text"] for phrase in report["transcript"] if not phrase["isAvatar"]]
        return Heard(said, [_marks(turn) for turn in report.get("turns", [])])


def _marks(turn: dict[str, Any]) -> Marks:
    at = turn["createdAt"] / 1000
    marks = [("end of turn, with STT", at)]
    for name, stage in (("evaluateMs", "evaluator"), ("synthesizeMs", "TTS"), ("playoutMs", "playout")):
        at += turn[name] / 1000
        marks.append((stage, at))
    return marks


class Pipecat(Target):
    """One configuration of the Pipecat bot; its events are read from its standard output."""

    roles: Mapping[str, tuple[str, ...]] = {"STT": (OTHERS, "bench-stt"), "TTS": ("bench-tts",)}

    def __init__(self, name: str, environment: Path, whisper: Path) -> None:
        super().__init__(name)
        self._python = python_of(environment)
        self._whisper = whisper
        self._events: list[dict[str, Any]] = []
        self._reader: asyncio.Task[None] | None = None

    def command(self) -> list[str]:
        turns, decoding = PIPECAT_ROWS[self.name]
        module = "bench.voice_to_voice.pipecat_bot"
        return [str(self._python), "-m", module, str(self.port), str(self._whisper), turns, decoding]

    async def start(self, log: Path) -> None:
        await super().start(log)
        self._reader = asyncio.create_task(self._read())

    async def stop(self) -> None:
        await super().stop()
        if self._reader is not None:
            await self._reader

    async def prepare(self) -> None:
        self._events.clear()

    async def answer(self, sdp: str) -> str:
        body = {"sdp": sdp, "type": "offer"}
        timeout = aiohttp.ClientTimeout(total=15)
        async with (
            aiohttp.ClientSession(timeout=timeout) as client,
            client.post(f"{self.base_url}/offer", json=body) as got,
        ):
            return str((await got.json())["sdp"])

    async def heard(self) -> Heard:
        heard, latest = Heard(), dict[str, float]()
        for event in self._events:
            latest[event["event"]] = event["at"]
            if event["event"] == "reply":
                heard.sentences.append(event["text"])
                marks = [("VAD", latest.get("hearing", 0.0)), ("STT", latest.get("heard", 0.0))]
                heard.turns.append([*marks, ("end of turn", event["at"])])
            elif event["event"] == "spoken" and heard.turns and heard.turns[-1][-1][0] != "TTS":
                heard.turns[-1].append(("TTS", event["at"]))
        return heard

    async def _read(self) -> None:
        assert self._process is not None, "started before"
        assert self._process.stdout is not None, "made with a pipe"
        async for line in self._process.stdout:
            with contextlib.suppress(ValueError):
                self._events.append(json.loads(line))


@contextlib.asynccontextmanager
async def running(targets: list[Target], logs: Path) -> AsyncIterator[None]:
    """All of them started one after the other, and stopped in the end; ``logs`` is a folder."""
    try:
        for target in targets:
            print(f"starting {target.name} …", flush=True)
            await target.start(logs / f"{target.name}.log")
        yield
    finally:
        for target in targets:
            await target.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
