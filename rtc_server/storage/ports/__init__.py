"""What the rest of the server needs from storage; the adapters for SQLite and PostgreSQL stand beside it.

Imported from here, as one name. Times are Unix milliseconds. Every call is its own transaction. Every method raises
StorageError when the database cannot be used: locked, full, damaged, out of reach.
"""

from rtc_server.storage.ports.alerts import (
    AlertRecord,
    AlertSettingsRecord,
    AlertStore,
)
from rtc_server.storage.ports.audit import (
    AuditLog,
    AuditQuery,
    AuditReader,
)
from rtc_server.storage.ports.faces import (
    FaceRecord,
    FaceSet,
    FaceStore,
    SealedTemplate,
    Templates,
)
from rtc_server.storage.ports.facts import (
    FactCounts,
    FactStore,
    PathNode,
    Place,
    QuietSession,
    SessionFacts,
    SessionResult,
)
from rtc_server.storage.ports.flows import (
    FlowRecord,
    FlowStore,
)
from rtc_server.storage.ports.history import (
    HistoryEntry,
    HistoryQuery,
    HistoryStore,
)
from rtc_server.storage.ports.keys import (
    ApiKey,
    IdempotencyStore,
    KeyStore,
    StoredAnswer,
)
from rtc_server.storage.ports.lifecycle import (
    Ended,
    LifecycleStore,
)
from rtc_server.storage.ports.media import (
    MailboxMessage,
    MailboxStore,
    MediaRecord,
    MediaStore,
)
from rtc_server.storage.ports.owner import (
    Json,
    Owner,
    Scope,
)
from rtc_server.storage.ports.recordings import (
    AVATAR_AUDIO,
    HEAD_BYTES,
    RECORDING_KINDS,
    USER_AUDIO,
    USER_VIDEO,
    RecordingFile,
    RecordingStore,
)
from rtc_server.storage.ports.reviews import (
    ChangeReview,
    Decision,
    Judgement,
    ReviewRecord,
    ReviewState,
    ReviewStore,
)
from rtc_server.storage.ports.sessions import (
    TERMINAL,
    EventRecord,
    JournalLine,
    SessionPage,
    SessionQuery,
    SessionRecord,
    Status,
    Store,
    empty_report,
)
from rtc_server.storage.ports.staff import (
    EmailTakenError,
    LastAdminError,
    StaffRecord,
    StaffSession,
    StaffStore,
)

__all__ = [
    "AVATAR_AUDIO",
    "HEAD_BYTES",
    "RECORDING_KINDS",
    "TERMINAL",
    "USER_AUDIO",
    "USER_VIDEO",
    "AlertRecord",
    "AlertSettingsRecord",
    "AlertStore",
    "ApiKey",
    "AuditLog",
    "AuditQuery",
    "AuditReader",
    "ChangeReview",
    "Decision",
    "EmailTakenError",
    "Ended",
    "EventRecord",
    "FaceRecord",
    "FaceSet",
    "FaceStore",
    "FactCounts",
    "FactStore",
    "FlowRecord",
    "FlowStore",
    "HistoryEntry",
    "HistoryQuery",
    "HistoryStore",
    "IdempotencyStore",
    "JournalLine",
    "Json",
    "Judgement",
    "KeyStore",
    "LastAdminError",
    "LifecycleStore",
    "MailboxMessage",
    "MailboxStore",
    "MediaRecord",
    "MediaStore",
    "Owner",
    "PathNode",
    "Place",
    "QuietSession",
    "RecordingFile",
    "RecordingStore",
    "ReviewRecord",
    "ReviewState",
    "ReviewStore",
    "Scope",
    "SealedTemplate",
    "SessionFacts",
    "SessionPage",
    "SessionQuery",
    "SessionRecord",
    "SessionResult",
    "StaffRecord",
    "StaffSession",
    "StaffStore",
    "Status",
    "Store",
    "StoredAnswer",
    "Templates",
    "empty_report",
]
