"""Whole sessions: who agrees is recorded, who does not is not, and what was agreed can be taken back."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from rtc_server.recording.recorder import Recordings
from rtc_server.recording.shelf import Keeping
from rtc_server.rtc.hub import AudioPacket, EncodedFrame, VideoCodec
from rtc_server.rtc.messages import Finished, Leave, Recording, StopRecording
from rtc_server.session import session as session_module
from rtc_server.session.clock import unix_ms
from rtc_server.storage.media import SqlMediaStore
from rtc_server.storage.media_files import MediaFiles
from rtc_server.storage.ports import MediaRecord, SessionRecord
from rtc_server.storage.recordings import SqlRecordingStore
from rtc_server.storage.retention import Retention
from tests.fakes.peer import FakePeer
from tests.fakes.stage import Stage, eventually, open_stage
from tests.recording.material import pictures, play, sounds
from tests.scores.flows import name_flow

CONSENT = {"version": "1", "locale": "en", "acceptedAt": 1}


class RecordingStage:
    """A stage of sessions that may be recorded."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        self.folder = folder
        self.media = SqlMediaStore(stage.stores.database, MediaFiles(folder, bytes(32)), Retention())
        self.recordings = SqlRecordingStore(self.media)
        keeping = Keeping(self.recordings, self.media, stage.store, lambda media_id: {}, unix_ms)
        stage.recordable = ("userVideo", "userAudio")
        stage.new_recorder = Recordings(keeping).recorder
        stage.registry = stage.new_registry()
        self.stage = stage

    async def created(self, *agreed: str) -> SessionRecord:
        """A session whose person has agreed to so much on the page."""
        record = await self.stage.create(name_flow())
        await self.stage.store.update_session(record.id, consent=CONSENT | {"recording": list(agreed)})
        stored = await self.stage.store.session(record.id)
        assert stored is not None
        return stored

    async def kept(self, record: SessionRecord) -> list[MediaRecord]:
        return await self.media.media_of(record.id)

    async def written(self, record: SessionRecord) -> None:
        """Wait until something was recorded."""
        async with asyncio.timeout(5):
            while not await self.kept(record):  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.02)


@pytest.fixture
async def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RecordingStage]:
    monkeypatch.setattr(session_module, "FAREWELL_SECONDS", 0.0)
    async with open_stage(tmp_path, {}) as stage:
        yield RecordingStage(stage, tmp_path / "media")


def show(peer: FakePeer, frames: Sequence[bytes], packets: Sequence[bytes]) -> None:
    """The person's camera and microphone."""
    for number, frame in enumerate(frames):
        peer.hub.video(EncodedFrame(frame, number * 3_600, VideoCodec.VP8))
    for number, packet in enumerate(packets):
        peer.hub.user_audio(AudioPacket(packet, number * 960, number))


async def test_who_agrees_is_recorded(recording: RecordingStage) -> None:
    record = await recording.created("userVideo", "userAudio")
    peer = await recording.stage.join(record)
    assert await peer.receives(Recording) == Recording("on")
    show(peer, pictures(0.8), sounds(0.8))
    await recording.written(record)
    peer.send_message(Leave())
    await peer.receives(Finished)
    await recording.stage.ended(record)
    (part,) = await recording.kept(record)
    assert part.size_bytes > 0
    content = await recording.recordings.part(part.id, 0, part.size_bytes)
    assert content is not None
    played = play(content)
    assert played.pictures
    assert played.sounds
    told = [event.data for event in await recording.stage.store.events(record.id) if event.type == "media.user_video"]
    assert [data["media"]["id"] for data in told] == [part.id]


@pytest.mark.parametrize("agreed", [(), ("avatarAudio",)])
async def test_who_does_not_agree_is_not(recording: RecordingStage, agreed: tuple[str, ...]) -> None:
    record = await recording.created(*agreed)
    peer = await recording.stage.join(record)
    assert not peer.hub.watched
    show(peer, pictures(0.4), sounds(0.4))
    peer.send_message(Leave())
    await peer.receives(Finished)
    await recording.stage.ended(record)
    assert await recording.kept(record) == []
    assert not recording.folder.exists()
    assert peer.received(Recording) == []


async def test_what_was_agreed_can_be_taken_back(recording: RecordingStage) -> None:
    record = await recording.created("userVideo", "userAudio")
    peer = await recording.stage.join(record)
    await peer.receives(Recording)
    show(peer, pictures(0.8), sounds(0.8))
    await recording.written(record)
    peer.send_message(StopRecording())
    assert await peer.receives(Recording) == Recording("erased")
    assert await recording.kept(record) == []
    assert [path for path in recording.folder.rglob("*") if path.is_file()] == []
    await eventually(lambda: not peer.hub.watched, "somebody still listens")
    again = await recording.stage.join(record, "page-2")
    assert again.received(Recording) == [], "it stays taken back"
    stored = await recording.stage.store.session(record.id)
    assert stored is not None
    assert stored.consent == CONSENT
