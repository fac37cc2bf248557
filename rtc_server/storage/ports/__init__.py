"""What the rest of the server needs from storage; the adapters for SQLite and PostgreSQL stand beside it.

Imported from here, as one name. Times are Unix milliseconds. Every call is its own transaction. Every method raises
StorageError when the database cannot be used: locked, full, damaged, out of reach.
"""

from rtc_server.storage.ports.faces import (
    FaceRecord,
    FaceSet,
    FaceStore,
    SealedTemplate,
    Templates,
)
from rtc_server.storage.ports.flows import (
    FlowRecord,
    FlowStore,
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

__all__ = [
    "TERMINAL",
    "ApiKey",
    "Ended",
    "EventRecord",
    "FaceRecord",
    "FaceSet",
    "FaceStore",
    "FlowRecord",
    "FlowStore",
    "IdempotencyStore",
    "JournalLine",
    "Json",
    "KeyStore",
    "LifecycleStore",
    "MailboxMessage",
    "MailboxStore",
    "MediaRecord",
    "MediaStore",
    "Owner",
    "SealedTemplate",
    "SessionPage",
    "SessionQuery",
    "SessionRecord",
    "Status",
    "Store",
    "StoredAnswer",
    "Templates",
    "empty_report",
]
