"""Simulated calls for the console: real sessions, journals and database; invented people, engines that cost nothing.

Each person hears a question, thinks for a moment, speaks for about a second, and is answered. When a session has ended,
the same person begins another one.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np

from bench.console.timed_peer import SimulatedPeer
from conversation.flow.policy import DialoguePolicy
from conversation.speech.ports import SAMPLE_RATE_HZ
from conversation.speech.rendering_cache import RenderingCache
from rtc_server.api.ports import Visitor
from rtc_server.rtc.messages import Statistics
from rtc_server.rtc.ports import PeerState
from rtc_server.session.ports import Engines, Services, SessionPolicy
from rtc_server.session.registry import SessionRegistry
from rtc_server.storage.ports import Json, SessionRecord
from rtc_server.storage.stores import Stores
from tests.fakes.minds import FakeEvaluator
from tests.fakes.outside import FakeCodes, FakeExternal
from tests.fakes.voices import FakeSynthesizer, FakeTranscriber, FakeTurnDetector, FakeVoiceActivity, Phrasebook
from tests.scores.flows import conversation

QUESTIONS = 30
WORD_SECONDS = 0.25
PAUSE_SECONDS = (0.5, 3.0)
"""Between a question and its answer."""
SPEECH_SECONDS = 0.8
SILENCE_SECONDS = 1.2
STATISTICS_SECONDS = 4.0
UNCLEAR = "Hm, what?"
CLEAR = "Yes, please."
UNCLEAR_SHARE = 0.1
BROWSERS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36",
)


def long_flow() -> list[Json]:
    """One question after the other."""
    names = [f"question_{number}" for number in range(1, QUESTIONS + 1)]
    asked = [
        conversation(name, f"Say: Do you agree with number {number}?", ("yes", after, "They do"), ("no", after, "Not"))
        for number, (name, after) in enumerate(zip(names, [*names[1:], "end"], strict=True), start=1)
    ]
    return [{"id": "start", "type": "start", "outcome": names[0]}, *asked, {"id": "end", "type": "end"}]


class Crowd:
    """So many people, each in a call."""

    def __init__(self, stores: Stores, people: int) -> None:
        self._stores = stores
        self._people = people
        self._book = Phrasebook()
        self._peers: dict[str, SimulatedPeer] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._flow = long_flow()
        synthesizer, transcriber = FakeSynthesizer(WORD_SECONDS), FakeTranscriber(self._book)
        evaluator = FakeEvaluator({CLEAR: "yes"})
        self._renderings = RenderingCache()
        engines = Engines(
            voice_activity=FakeVoiceActivity,
            turn_detector=FakeTurnDetector(),
            transcriber=transcriber,
            synthesizer=lambda avatar_id: synthesizer,
            evaluator=lambda session_id: evaluator,
            phraser=None,
            renderings=self._renderings,
            new_peer=lambda handlers: SimulatedPeer(handlers, self._peers),
        )
        services = Services(FakeCodes(), FakeExternal())
        policy = SessionPolicy(dialogue=DialoguePolicy(), max_sessions=people)
        self.registry = SessionRegistry(stores.sessions, engines, services, policy)

    def start(self) -> None:
        """Everybody comes within a few seconds; tell supervision of the registry first."""
        self._tasks = [asyncio.create_task(self._live(number)) for number in range(self._people)]

    async def close(self) -> None:
        """Everybody leaves."""
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        await self.registry.close()
        await self._renderings.close()

    async def _live(self, number: int) -> None:
        """One person: one call after the other."""
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0.0, 5.0))
        call = 0
        while True:
            call += 1
            record = SessionRecord(
                id=f"s{number:03}-{call}",
                tenant="default",
                created_at=1,
                status="created",
                settings={"avatarId": "ava"},
                flow=self._flow,
                secret_generation=0,
                secret_hash=f"hash-{number}-{call}",
                secret_created_at=1,
                secret_expires_at=2,
                client_reference_id=f"order-{number:03}",
            )
            await self._stores.sessions.create_session(record)
            visitor = Visitor(user_agent=chance.choice(BROWSERS))
            await self.registry.offer(record, f"page-{number}", record.id, visitor)
            peer = self._peers.pop(record.id)
            peer.connect()
            await self._talk(peer, chance)

    async def _talk(self, peer: SimulatedPeer, chance: random.Random) -> None:
        """Until the call has ended."""
        measuring = asyncio.create_task(_measure(peer, chance))
        heard = 0
        try:
            while peer.state is PeerState.CONNECTED:
                if not await _is_set(peer.listening):
                    continue
                await asyncio.sleep(chance.uniform(*PAUSE_SECONDS))
                text = UNCLEAR if chance.random() < UNCLEAR_SHARE else CLEAR
                quiet = np.zeros(round(SILENCE_SECONDS * SAMPLE_RATE_HZ), np.float32)
                for sound in (self._book.speech(text, SPEECH_SECONDS), quiet):
                    peer.handlers.audio(sound, heard)
                    heard += sound.size
                    await asyncio.sleep(sound.size / SAMPLE_RATE_HZ)
        finally:
            measuring.cancel()


async def _is_set(event: asyncio.Event) -> bool:
    """Whether it is set within a second."""
    try:
        async with asyncio.timeout(1.0):
            return await event.wait()
    except TimeoutError:
        return False


async def _measure(peer: SimulatedPeer, chance: random.Random) -> None:
    """The page's measurements, which change how good the network looks now and then."""
    while True:
        await asyncio.sleep(STATISTICS_SECONDS)
        peer.handlers.message(Statistics(chance.uniform(20, 300), chance.uniform(30, 90), 0, 0))


@asynccontextmanager
async def open_crowd(stores: Stores, people: int) -> AsyncIterator[Crowd]:
    """A crowd that has not begun yet."""
    crowd = Crowd(stores, people)
    try:
        yield crowd
    finally:
        await crowd.close()


def link_static(folder: Path) -> None:
    """Have the console in ``folder`` serve this repository's pages."""
    (folder / "static").symlink_to(Path(__file__).parents[2] / "static", target_is_directory=True)
