"""What a session is given to work with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from conversation.evaluate.ports import Evaluator, Phraser, Summarizer
from conversation.flow.policy import DialoguePolicy
from conversation.speech.ports import Synthesizer, Transcriber, TurnDetector, VoiceActivity
from conversation.speech.rendering_cache import RenderingCache
from conversation.turn.policy import TurnPolicy
from rtc_server.notify.ports import SentCode
from rtc_server.outbound.ports import ExternalAnswer
from rtc_server.recognition.ports import Enrolled, Enrolment, Identification
from rtc_server.rtc.hub import MediaHub
from rtc_server.rtc.ports import PeerFactory
from rtc_server.session.document.settings import DocumentSettings
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.storage.ports import Json, MediaStore, Owner, SessionRecord
from vision.ports import AttributeEstimator, FaceEmbedder, FaceTracker, Floats, RgbImage, RunOnThread, TextureModel
from vision.reading.ports import DocumentMeter, DocumentReader


@dataclass(frozen=True, slots=True)
class VisionEngines:
    """The eyes of a process, shared by its sessions. A model that is None makes its cue "not checked"."""

    new_tracker: Callable[[], FaceTracker]
    """A fresh one for each session, because it follows faces from frame to frame."""
    run: RunOnThread
    """Where trackers and models run."""
    texture: TextureModel | None
    embedder: FaceEmbedder | None
    attributes: AttributeEstimator | None
    settings: VisionSettings = field(default_factory=VisionSettings)


@dataclass(frozen=True, slots=True)
class DocumentEngines:
    """What documents are read with in this process, shared by its sessions."""

    new_meter: Callable[[], DocumentMeter]
    """A fresh one for each scan, because it compares frame with frame."""
    measure: RunOnThread
    """Where frames are measured; never behind a reading, which takes long."""
    reader: DocumentReader
    read: RunOnThread
    """Where pictures are read."""
    settings: DocumentSettings = field(default_factory=DocumentSettings)


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines of a process, shared by its sessions."""

    voice_activity: Callable[[], VoiceActivity]
    """A fresh one for each session, because it keeps state."""
    turn_detector: TurnDetector | None
    """None where there is none: turns then end by silence alone."""
    transcriber: Transcriber
    synthesizer: Callable[[str], Synthesizer]
    """By avatar id."""
    evaluator: Callable[[str], Evaluator]
    """By session id, because what one person says must not move another's verdict."""
    phraser: Phraser | None
    """None: goal prompts are worded by the rules."""
    renderings: RenderingCache
    new_peer: PeerFactory
    summarizer: Summarizer | None = None
    """None: the summary of the analysis is written by rules alone."""
    vision: VisionEngines | None = None
    """None: nobody looks at the camera, and every node that would is "not checked"."""
    documents: DocumentEngines | None = None
    """None: nobody reads documents, and a document scan is "not checked"."""


class CodeService(Protocol):
    """One-time codes: drawn, sent, and compared, without ever being stored."""

    async def send(
        self,
        session: SessionRecord,
        request_id: str,
        *,
        channel: Literal["email", "sms"],
        contact: str,
        code_length: int,
        valid_seconds: float,
        template: str,
        user_name: str,
        language: str,
    ) -> SentCode:
        """Draw a code and send it (into the mailbox for a sandbox session). Never raises; bounded in time."""

    def matches(self, session_id: str, sent_request_id: str, digest: str, candidate: str) -> bool:
        """Whether the candidate is the code with that digest; constant time."""


class ExternalCaller(Protocol):
    """Calls of a flow to the integrator's server."""

    async def call(
        self,
        session_id: str,
        url: str,
        *,
        method: Literal["GET", "POST"],
        variables: Mapping[str, str | int | float | bool | None],
        tries: int,
    ) -> ExternalAnswer:
        """One answer, after at most ``tries`` attempts. Never raises; bounded in time and size."""


@dataclass(frozen=True, slots=True)
class LoadedImage:
    """A reference picture, or why there is none."""

    image: RgbImage | None
    error: str
    """``reference_missing``, ``reference_unreachable``, ``reference_refused`` (an address that may not be called),
    ``reference_too_large``, ``reference_unreadable``; empty = fine."""


class ImageLoader(Protocol):
    """Reference pictures that customers name."""

    async def load(self, session: SessionRecord, source: str) -> LoadedImage:
        """From a data URL, an https URL or the id of a stored picture (``m_…``) of the same owner.

        Never raises; bounded in time, bytes and pixels.
        """


class Recognition(Protocol):
    """Identification (1:N) among the faces that an owner has enrolled."""

    async def identify(self, owner: Owner, embedder: str, template: Floats) -> Identification:
        """The enrolled face that this template belongs to, if it is close enough and clear of the runner-up.

        Raises StorageError.
        """

    async def enrol(self, owner: Owner, embedder: str, template: Floats, enrolment: Enrolment) -> Enrolled:
        """Keep a template, encrypted. A face that is enrolled already is reported instead. Raises StorageError."""


class Recorder(Protocol):
    """Records one session. Made when it begins to; belongs to the event loop."""

    async def stop(self) -> None:
        """Finish what is being recorded. Never raises; bounded in time; may be called again."""

    async def erase(self) -> None:
        """Stop, and leave nothing that was ever recorded of this session. Never raises; bounded in time."""


class RecorderFactory(Protocol):
    """Begins to record what passes a hub."""

    def __call__(
        self, hub: MediaHub, session: SessionRecord, tracks: Sequence[str], on_failed: Callable[[], None]
    ) -> Recorder:
        """``on_failed`` is told once when recording has ended before ``stop``, as with a full disk.

        Each part that is finished is told to the integrator as ``media.user_video``.
        """


@dataclass(frozen=True, slots=True)
class Services:
    """What sessions reach the outside through."""

    codes: CodeService
    external: ExternalCaller
    locate: Callable[[str], Json | None] = field(default=lambda address: None)
    """IP address to a place (contract §4.6); by default nobody looks."""
    images: ImageLoader | None = None
    recognition: Recognition | None = None
    """None: there is nobody to be recognised; such nodes are "not checked"."""
    media: MediaStore | None = None
    """Where pictures are kept when ``vision.keep_images`` and ``documents.keep_images`` say so."""
    media_link: Callable[[str], Json] = field(default=lambda media_id: {})
    """Where a kept picture can be fetched for a while, by its id: ``url`` and ``expires``; empty = nobody can say."""
    recordable: tuple[str, ...] = ()
    """Tracks that may be recorded of people who agree."""
    new_recorder: RecorderFactory | None = None


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """Limits and network settings of the sessions of a process."""

    dialogue: DialoguePolicy = field(default_factory=DialoguePolicy)
    turn: TurnPolicy = field(default_factory=TurnPolicy)
    languages: tuple[str, ...] = ("en",)
    """What a conversation can be held in."""
    max_sessions: int = 8
    """Sessions with a page connected at once; one more is told to come back later."""
    heartbeat_ms: int = 1000
    """How often a page says that it is there."""
    journal_dir: Path | None = None
    """Folder into which ended sessions' journals are also written as files."""
    evaluate_budget: float = 2.5
    """Seconds that an evaluator may take."""
