"""All settings of the server: one frozen tree, read once from an optional TOML file and the environment.

``VISAVIS_<NAME>`` overrides the file; nested names join with an underscore (``VISAVIS_LLM_BASE_URL``).
``docs/settings.md`` documents each one, and a test keeps it complete.
"""

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rtc_server.api.access.limits import LimitSettings
from rtc_server.api.access.origins import refuse_other_sources
from rtc_server.api.access.secrets import is_api_key
from rtc_server.console.settings import ConsoleSettings
from rtc_server.notify.settings import EmailSettings, SmsSettings
from rtc_server.outbound.settings import ExternalSettings, OutboundSettings
from rtc_server.recognition.settings import RecognitionSettings
from rtc_server.recording.settings import RecordingSettings
from rtc_server.rtc.settings import MediaSettings
from rtc_server.session.document.settings import DocumentSettings
from rtc_server.session.languages import LANGUAGES
from rtc_server.session.settings import DialogueSettings
from rtc_server.session.vision.settings import VisionSettings
from rtc_server.settings_reader import SettingsError, full_name, read_tree
from rtc_server.storage.retention import Retention
from rtc_server.webhooks.settings import WebhookSettings

RANGES: Mapping[str, tuple[float, float]] = {
    "port": (1, 65_535),
    "client_secret_seconds": (1, 31_536_000),
    "media.max_sessions": (1, 10_000),
    "speech.threads": (1, 256),
    "speech.busy_seconds": (0.01, 60),
    "llm.budget_seconds": (0.1, 60),
    "dialogue.silence_seconds": (1, 3_600),
    "dialogue.away_seconds": (1, 86_400),
    "dialogue.session_seconds": (1, 86_400),
    "sweep_seconds": (1, 86_400),
    "retention.sandbox_days": (1, 365),
    "retention.session_days": (0, 36_500),
    "retention.personal_days": (0, 36_500),
    "retention.transcript_days": (0, 36_500),
    "retention.journal_days": (0, 36_500),
    "retention.media_days": (0, 36_500),
    "retention.face_days": (0, 36_500),
    "retention.events_days": (0, 36_500),
    "limits.sandbox_per_minute": (0, 1_000_000),
    "limits.production_per_minute": (0, 1_000_000),
    "limits.page_per_minute": (0, 1_000_000),
    "limits.failures_per_minute": (0, 1_000_000),
    "external.timeout_seconds": (0.1, 30),
    "email.port": (1, 65_535),
    "email.timeout_seconds": (0.1, 60),
    "sms.timeout_seconds": (0.1, 60),
    "webhooks.timeout_seconds": (0.1, 60),
    "vision.frames_per_second": (1, 30),
    "vision.idle_frames_per_second": (0.2, 30),
    "vision.threads": (1, 64),
    "vision.check_seconds": (10, 300),
    "vision.challenge_count": (0, 6),
    "documents.threads": (1, 64),
    "documents.frames_per_second": (1, 30),
    "documents.scan_seconds": (20, 600),
    "recognition.max_faces": (0, 10_000_000),
    "recognition.wait_seconds": (0.1, 60),
    "webhooks.disable_after_days": (0, 365),
    "console.idle_seconds": (1, 86_400),
    "console.sign_in_seconds": (1, 604_800),
    "console.alert_seconds": (1, 3_600),
}
"""Least and greatest value of every number."""

LOG_LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Hearing and speaking."""

    transcriber: str = "whisper"
    """``whisper`` (built in), ``openai-whisper`` (extra ``whisper``) or ``openai`` (an OpenAI-compatible server)."""
    transcriber_model: str = ""
    """Model name or path for the transcriber; empty = the default one."""
    synthesizer: str = "hibari"
    """``hibari`` (built in), ``coqui`` (extra ``coqui``) or ``openai``."""
    synthesizer_model: str = ""
    """Model name or path for the synthesizer; empty = the default one."""
    synthesizer_config: str = ""
    """Configuration file that belongs to a Coqui model."""
    voice: str = ""
    """Voice of all avatars, by the engine's name for it; empty = each avatar's own, where the engine has it."""
    threads: int = 1
    """Threads that one transcription may use. One is best on two cores: the encoder gains what the decoder loses."""
    busy_seconds: float = 0.6
    """Transcription time of a short answer above which the smaller model takes over."""
    base_url: str = ""
    """OpenAI-compatible server for speech; empty = that of ``llm``."""
    api_key: str = field(default="", repr=False)
    """Its key; empty = that of ``llm``."""


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """A language model for judging and wording; optional."""

    base_url: str = ""
    """OpenAI-compatible base URL, such as ``http://127.0.0.1:8080/v1``; empty = no model, rules and the embedded
    evaluator only."""
    api_key: str = field(default="", repr=False)
    """Its key."""
    model: str = ""
    """Model name; required with ``base_url``."""
    budget_seconds: float = 2.5
    """Longest time a verdict may take."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole tree."""

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8080
    """TCP port to listen on."""
    public_url: str = ""
    """Where people reach this server, such as ``https://verify.example.org``; empty = as the API was called."""
    data_dir: str = "var"
    """Folder for the database and the server key."""
    database_url: str = field(default="", repr=False)
    """SQLAlchemy URL; empty = ``visavis.db`` in ``data_dir``."""
    models_dir: str = ""
    """Folder of the model weights; empty = the cache folder of this user."""
    journal_dir: str = ""
    """Folder into which the journal of each ended session is also written, for replays; empty = nowhere."""
    bootstrap_key: str = field(default="", repr=False)
    """First API key, ``sk_test_…`` or ``sk_prod_…``, so that a script can start the server and use it."""
    client_secret_seconds: float = 7200.0
    """How long the link to a session can be opened; a refresh makes a new one."""
    frame_ancestors: str = "*"
    """Origins that may frame the session page (CSP ``frame-ancestors``)."""
    company_name: str = "Visavis"
    """Whose codes they are, as messages to people say it."""
    sandbox_sends: bool = False
    """Whether sessions of the sandbox really send their messages; else they go into its mailbox."""
    languages: str = "en"
    """Ids of the languages in which this server can hold a conversation, separated by commas."""
    lenient: bool = False
    """Whether unknown fields of a create call are warnings for everybody, as they are for the vendor's SDKs."""
    geoip_database: str = ""
    """MaxMind file (GeoIP2 or GeoLite2 City, ``.mmdb``) that tells where a visitor is; empty = nobody looks."""
    trusted_proxy: bool = False
    """Whether a proxy of yours adds the caller's address to ``X-Forwarded-For``."""
    sweep_seconds: float = 60.0
    """How often sessions are looked at that expired, stalled, or were kept long enough."""
    log_level: str = "info"
    """``debug``, ``info``, ``warning`` or ``error``."""
    media: MediaSettings = field(default_factory=MediaSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    llm: LlmSettings = field(default_factory=LlmSettings)
    dialogue: DialogueSettings = field(default_factory=DialogueSettings)
    outbound: OutboundSettings = field(default_factory=OutboundSettings)
    external: ExternalSettings = field(default_factory=ExternalSettings)
    email: EmailSettings = field(default_factory=EmailSettings)
    sms: SmsSettings = field(default_factory=SmsSettings)
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    limits: LimitSettings = field(default_factory=LimitSettings)
    retention: Retention = field(default_factory=Retention)
    vision: VisionSettings = field(default_factory=VisionSettings)
    recognition: RecognitionSettings = field(default_factory=RecognitionSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    console: ConsoleSettings = field(default_factory=ConsoleSettings)

    def storage_url(self) -> str:
        """SQLAlchemy URL of the database."""
        file = (Path(self.data_dir) / "visavis.db").absolute()
        return self.database_url or f"sqlite+aiosqlite:///{file}"

    @property
    def journal_folder(self) -> Path | None:
        """Where copies of journals lie; None = nowhere."""
        return Path(self.journal_dir) if self.journal_dir else None

    def language_ids(self) -> tuple[str, ...]:
        """The languages, in the order of the setting. Raises SettingsError."""
        ids = tuple(dict.fromkeys(part.strip() for part in self.languages.split(",") if part.strip()))
        if unknown := [language for language in ids if language not in LANGUAGES]:
            raise SettingsError(f"{full_name('languages')} names '{unknown[0]}'; there are {', '.join(LANGUAGES)}")
        if not ids:
            raise SettingsError(f"{full_name('languages')} is empty; write en")
        return ids

    def udp_port_range(self) -> tuple[int, int]:
        """(first, last) UDP port, or (0, 0) for any. Raises SettingsError."""
        if not self.media.udp_ports:
            return 0, 0
        first, _, last = self.media.udp_ports.partition("-")
        try:
            low, high = int(first), int(last or first)
        except ValueError as error:
            raise SettingsError(f"{full_name('media.udp_ports')} must look like 10000-10100") from error
        if not 0 < low <= high < 65_536:
            raise SettingsError(f"{full_name('media.udp_ports')} must be a range within 1-65535")
        return low, high


def load_settings(file: Path | None = None, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the TOML file (if any), then the environment; ``overrides`` are the command line's. Raises SettingsError."""
    environment = os.environ if environment is None else environment
    data: dict[str, Any] = {}
    if file is not None:
        try:
            data = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise SettingsError(f"settings file {file} cannot be read: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SettingsError(f"settings file {file} is not valid TOML: {error}") from error
    settings = read_tree(Settings, data, environment)
    settings = dataclasses.replace(settings, **{k: v for k, v in overrides.items() if v is not None})
    _check(settings)
    return settings


def _check(settings: Settings) -> None:
    for name, (least, greatest) in RANGES.items():
        value: Any = settings
        for part in name.split("."):
            value = getattr(value, part)
        if not least <= value <= greatest:  # neither is NaN
            raise SettingsError(f"{full_name(name)} is {value}; it must be between {least} and {greatest}")
    if settings.log_level.lower() not in LOG_LEVELS:
        raise SettingsError(
            f"{full_name('log_level')} is '{settings.log_level}'; choose one of {', '.join(LOG_LEVELS)}"
        )
    if settings.bootstrap_key and not is_api_key(settings.bootstrap_key):
        raise SettingsError(
            f"{full_name('bootstrap_key')} must be sk_test_… or sk_prod_… with at least 16 characters in all, "
            "only letters, digits, '-' and '_'"
        )
    try:
        refuse_other_sources(settings.frame_ancestors)
    except ValueError as error:
        raise SettingsError(f"{full_name('frame_ancestors')} {error}") from error
    settings.udp_port_range()
    settings.language_ids()
    for section in ("email", "sms", "external", "recognition", "vision", "documents"):
        if (problem := getattr(settings, section).problem()) is not None:
            raise SettingsError(f"{full_name(f'{section}.{problem[0]}')} {problem[1]}")
    if settings.llm.base_url and not settings.llm.model:
        raise SettingsError("llm.base_url is set, so llm.model (VISAVIS_LLM_MODEL) must name a model")
