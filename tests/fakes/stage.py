"""A stage for whole sessions: the real registry, sessions, machines and store; fakes at every port around them."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from conversation.flow.policy import DialoguePolicy
from conversation.speech.rendering_cache import RenderingCache
from conversation.turn.policy import TurnPolicy
from rtc_server.api.ports import Visitor
from rtc_server.rtc.ports import PeerHandlers
from rtc_server.session.ports import (
    DocumentEngines,
    Engines,
    ImageLoader,
    Recognition,
    RecorderFactory,
    Services,
    SessionPolicy,
    VisionEngines,
)
from rtc_server.session.registry import SessionRegistry
from rtc_server.storage.ports import TERMINAL, SessionRecord
from rtc_server.storage.stores import Stores, open_stores
from tests.fakes.minds import FakeEvaluator
from tests.fakes.outside import FakeCodes, FakeExternal
from tests.fakes.peer import PATIENCE_SECONDS, FakePeer
from tests.fakes.voices import FakeSynthesizer, FakeTranscriber, FakeTurnDetector, FakeVoiceActivity, Phrasebook
from tests.replays import replay_all

OFFER = "v=0 offer"


class Stage:
    """Everything a session touches. Change the fakes before or during a conversation."""

    def __init__(self, stores: Stores, outcomes: dict[str, str], policy: SessionPolicy) -> None:
        self.stores = stores
        self.store = stores.sessions
        self.book = Phrasebook()
        self.ears: list[FakeVoiceActivity] = []
        self.transcriber = FakeTranscriber(self.book)
        self.synthesizer = FakeSynthesizer()
        self.evaluator = FakeEvaluator(outcomes)
        self.codes = FakeCodes()
        self.external = FakeExternal()
        self.vision: VisionEngines | None = None
        """Set before a registry is made (``new_registry``): eyes for its sessions."""
        self.documents: DocumentEngines | None = None
        """Likewise: readers of documents."""
        self.images: ImageLoader | None = None
        self.recognition: Recognition | None = None
        self.recordable: tuple[str, ...] = ()
        self.new_recorder: RecorderFactory | None = None
        """Likewise: what may be recorded, and by whom."""
        self.peers: list[FakePeer] = []
        self.hold_answers = asyncio.Event()
        self.hold_answers.set()
        """Cleared: peers that are made now answer when it is set again."""
        self.renderings = RenderingCache()
        self.policy = policy
        self.registry = self.new_registry()
        self._numbers = itertools.count(1)

    def new_registry(self) -> SessionRegistry:
        """A registry on the same store, as after a restart."""
        engines = Engines(
            voice_activity=self._new_ear,
            turn_detector=FakeTurnDetector(),
            transcriber=self.transcriber,
            synthesizer=lambda avatar_id: self.synthesizer,
            evaluator=lambda session_id: self.evaluator,
            phraser=None,
            renderings=self.renderings,
            new_peer=self._new_peer,
            vision=self.vision,
            documents=self.documents,
        )
        services = Services(
            self.codes,
            self.external,
            images=self.images,
            recognition=self.recognition,
            media=self.stores.media,
            media_link=lambda media_id: {"url": f"https://verify.example/media/{media_id}", "expires": 9},
            recordable=self.recordable,
            new_recorder=self.new_recorder,
        )
        return SessionRegistry(self.store, engines, services, self.policy)

    async def create(self, flow: list[dict[str, Any]], **settings: Any) -> SessionRecord:
        """A session as the API creates it."""
        number = next(self._numbers)
        record = SessionRecord(
            id=f"s{number}",
            tenant="default",
            created_at=1,
            status="created",
            settings={"avatarId": "ava", **settings},
            flow=flow,
            secret_generation=0,
            secret_hash=f"hash-{number}",
            secret_created_at=1,
            secret_expires_at=2,
        )
        await self.store.create_session(record)
        return record

    async def dial(self, record: SessionRecord, page_id: str = "page-1") -> FakePeer:
        """A page offers; returns its peer, which is not connected yet."""
        await self.registry.offer(record, page_id, OFFER, Visitor())
        return self.peers[-1]

    async def join(self, record: SessionRecord, page_id: str = "page-1") -> FakePeer:
        """A page offers and connects."""
        peer = await self.dial(record, page_id)
        await peer.connect()
        return peer

    async def ended(self, record: SessionRecord) -> SessionRecord:
        """Wait for the end of a session and its release; return what is stored."""
        await eventually(lambda: self.registry.running == 0, "the session is still running")
        stored = await self.store.session(record.id)
        assert stored is not None
        assert stored.status in TERMINAL
        return stored

    def _new_ear(self) -> FakeVoiceActivity:
        self.ears.append(FakeVoiceActivity())
        return self.ears[-1]

    def _new_peer(self, handlers: PeerHandlers) -> FakePeer:
        self.peers.append(FakePeer(handlers))
        self.peers[-1].answering = self.hold_answers
        return self.peers[-1]


@asynccontextmanager
async def open_stage(
    folder: Path, outcomes: dict[str, str], *, max_sessions: int = 8, turn: TurnPolicy | None = None, **patience: Any
) -> AsyncIterator[Stage]:
    """A stage on a fresh store in ``folder``; ``patience`` are fields of DialoguePolicy."""
    policy = SessionPolicy(
        dialogue=DialoguePolicy(**patience),
        turn=turn or TurnPolicy(),
        max_sessions=max_sessions,
        journal_dir=folder / "journals",
    )
    stage = Stage(await open_stores(f"sqlite+aiosqlite:///{folder / 'visavis.db'}"), outcomes, policy)
    try:
        yield stage
    finally:
        await stage.registry.close()
        await stage.renderings.close()
        for peer in stage.peers:
            await peer.close()
        await stage.store.close()
    replay_all(folder / "journals")


async def eventually(condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait, boundedly, until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    assert condition(), what
