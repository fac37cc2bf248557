"""Tables. A change here needs a new revision in ``migrations/versions``; a test compares the two."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
)

from rtc_server.storage.columns import Name, Number, Prose, RowNumber

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Column names are the field names of the records in ``ports``. JSON, not JSONB, which would lose the order of keys:
# settings are echoed as they came.

sessions = Table(
    "sessions",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("status", Name(16), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("flow", JSON, nullable=False),
    Column("flow_id", Name(64), nullable=False),
    Column("flow_version", Integer, nullable=False),
    Column("client_reference_id", Prose, nullable=False),
    Column("secret_generation", Integer, nullable=False),
    Column("secret_hash", Name(64), nullable=False, unique=True),
    Column("secret_created_at", Number, nullable=False),
    Column("secret_expires_at", Number, nullable=False),
    Column("started_at", Number),
    Column("finished_at", Number),
    Column("reason", Name(64), nullable=False),
    Column("report", JSON, nullable=False),
    Column("device", JSON),
    Column("location", JSON),
    Column("redacted_at", Number),
    Column("delete_after", Number),
    Column("api_key_id", Name(64), nullable=False),
    Column("consent", JSON),
    CheckConstraint("status IN ('created', 'inProgress', 'complete', 'incomplete')", name="status"),
    Index("ix_sessions_owner_created_at", "tenant", "sandbox", "created_at", "id"),
    Index("ix_sessions_owner_status", "tenant", "sandbox", "status", "created_at", "id"),
    Index("ix_sessions_owner_finished_at", "tenant", "sandbox", "finished_at", "id"),
    Index("ix_sessions_owner_reference", "tenant", "sandbox", "client_reference_id", "created_at", "id"),
    Index("ix_sessions_owner_flow_id", "tenant", "sandbox", "flow_id", "created_at", "id"),
    Index("ix_sessions_status_secret_expires_at", "status", "secret_expires_at"),
    Index("ix_sessions_delete_after", "delete_after"),
    Index("ix_sessions_finished_at", "finished_at", "id"),
)

session_search = Table(
    # Narrow, so that looking through all of an owner's sessions stays quick.
    "session_search",
    metadata,
    Column("session_id", Name(64), ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("text", Prose, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("session_id", Name(64), ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("now", Double, nullable=False),
    Column("event", JSON, nullable=False),
    Column("commands", JSON, nullable=False),
)

events = Table(
    # The outbox: written in the transaction of the change that it tells about.
    "events",
    metadata,
    Column("sequence", RowNumber, primary_key=True, autoincrement=True),
    Column("id", Name(64), nullable=False, unique=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("session_id", Name(64), nullable=False),
    Column("type", Name(64), nullable=False),
    Column("created_at", Number, nullable=False),
    Column("data", JSON, nullable=False),
    Column("dispatched_at", Number),
    Index("ix_events_session_id_sequence", "session_id", "sequence"),
    Index("ix_events_owner_created_at", "tenant", "sandbox", "created_at", "sequence"),
    Index("ix_events_dispatched_at_sequence", "dispatched_at", "sequence"),
    sqlite_autoincrement=True,  # else numbers of removed events would be given again
)

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("url", Prose, nullable=False),
    Column("description", Prose, nullable=False),
    Column("event_types", JSON, nullable=False),
    Column("payload_style", Name(16), nullable=False),
    Column("signature_style", Name(16), nullable=False),
    Column("status", Name(16), nullable=False),
    Column("disabled_reason", Name(64), nullable=False),
    Column("secrets", JSON, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("failing_since", Number),
    Index("ix_webhook_endpoints_owner", "tenant", "sandbox", "created_at", "id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("event_id", Name(64), nullable=False),
    Column("endpoint_id", Name(64), ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("replay", Integer, nullable=False),
    Column("status", Name(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("next_attempt_at", Number),
    Column("finished_at", Number),
    Index("uq_deliveries_event_endpoint_replay", "event_id", "endpoint_id", "replay", unique=True),
    Index("ix_deliveries_endpoint_created_at", "endpoint_id", "created_at", "id"),
    Index("ix_deliveries_status", "status", "created_at"),
)

delivery_attempts = Table(
    "delivery_attempts",
    metadata,
    Column("delivery_id", Name(64), ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("attempted_at", Number, nullable=False),
    Column("latency_ms", Double, nullable=False),
    Column("status_code", Integer),
    Column("error", Name(200), nullable=False),
    Column("response_excerpt", Prose, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("hash", Name(64), nullable=False, unique=True),
    Column("prefix", Name(32), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("name", Name(200), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("expires_at", Number),
    Column("revoked_at", Number),
    Column("last_used_at", Number),
    Column("allowed_origins", JSON, nullable=False),
    Index("ix_api_keys_tenant_created_at", "tenant", "created_at", "id"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("tenant", Name(64), primary_key=True),
    Column("sandbox", Boolean, primary_key=True),
    Column("key", Name(255), primary_key=True),
    Column("fingerprint", Name(64), nullable=False),
    Column("created_at", Number, nullable=False),
    Column("status", Integer),
    Column("body", Prose, nullable=False),
    Index("ix_idempotency_created_at", "created_at"),
)

flows = Table(
    "flows",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("name", Name(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("updated_at", Number, nullable=False),
    Column("archived_at", Number),
    Index("ix_flows_owner_created_at", "tenant", "sandbox", "created_at", "id"),
)

flow_versions = Table(
    "flow_versions",
    metadata,
    Column("flow_id", Name(64), ForeignKey("flows.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("created_at", Number, nullable=False),
    Column("nodes", JSON, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("normalizations", JSON, nullable=False),
)

mailbox = Table(
    # What the sandbox would have sent.
    "mailbox",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("session_id", Name(64), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Name(16), nullable=False),
    Column("recipient", Name(320), nullable=False),
    Column("subject", Prose, nullable=False),
    Column("text", Prose, nullable=False),
    Column("html", Prose, nullable=False),
    Column("created_at", Number, nullable=False),
    Index("ix_mailbox_tenant_created_at", "tenant", "created_at", "id"),
    Index("ix_mailbox_session_id", "session_id"),
)

media = Table(
    # What was kept of a session; the bytes lie encrypted in files.
    "media",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("session_id", Name(64), ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Name(32), nullable=False),
    Column("side", Integer, nullable=False),
    Column("content_type", Name(100), nullable=False),
    Column("size_bytes", Number, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("delete_after", Number),
    Index("ix_media_session_id", "session_id"),
    Index("ix_media_delete_after", "delete_after"),
)

face_sets = Table(
    # Counts, so that a process sees at a glance whether what it holds in memory is still what there is.
    "face_sets",
    metadata,
    Column("tenant", Name(64), primary_key=True),
    Column("sandbox", Boolean, primary_key=True),
    Column("embedder", Name(200), primary_key=True),
    Column("dimensions", Integer, nullable=False),
    Column("last_number", Number, nullable=False),
    Column("size", Number, nullable=False),
)

faces = Table(
    # Enrolled faces; template and fields are sealed. They outlive the session in which they were enrolled.
    "faces",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("embedder", Name(200), nullable=False),
    Column("number", Number, nullable=False),
    Column("reference", Prose, nullable=False),
    Column("template", LargeBinary, nullable=False),
    Column("fields", Prose, nullable=False),
    Column("consent", JSON, nullable=False),
    Column("session_id", Name(64)),
    Column("created_at", Number, nullable=False),
    Column("updated_at", Number, nullable=False),
    Column("delete_after", Number),
    Index("uq_faces_set_number", "tenant", "sandbox", "embedder", "number", unique=True),
    Index("ix_faces_owner_created_at", "tenant", "sandbox", "created_at", "id"),
    Index("ix_faces_owner_reference", "tenant", "sandbox", "reference", "created_at", "id"),
    Index("ix_faces_session_id", "session_id"),
    Index("ix_faces_delete_after", "delete_after"),
)

erasures = Table(
    # The proof that something was erased: no personal data, only hashes and counts.
    "erasures",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("session_id", Name(64), nullable=False),
    Column("erased_at", Number, nullable=False),
    Column("cause", Name(32), nullable=False),
    Column("report_sha256", Name(64), nullable=False),
    Column("counts", JSON, nullable=False),
    Column("proof", JSON),
    Index("ix_erasures_owner_erased_at", "tenant", "sandbox", "erased_at", "id"),
    Index("ix_erasures_session_id", "session_id"),
)

session_facts = Table(
    # What is counted of a session that has ended. The rest of it is read by nobody who counts.
    "session_facts",
    metadata,
    Column("session_id", Name(64), ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("finished_at", Number, nullable=False),
    Column("result", Name(16), nullable=False),
    Column("reason", Name(64), nullable=False),
    Column("flow_id", Name(64), nullable=False),
    Column("started_at", Number),
    Column("language", Name(64), nullable=False),
    Column("browser", Name(100), nullable=False),
    Column("system", Name(100), nullable=False),
    Column("mobile", Boolean),
    Column("liveness", Name(32), nullable=False),
    Column("attacked", Boolean, nullable=False),
    Column("provider_failed", Boolean, nullable=False),
    # JSON as text: most sessions of a flow have the same, which is then read once.
    Column("path", Prose, nullable=False),
    Column("failures", Prose, nullable=False),
    Column("node_seconds", Prose, nullable=False),
    Column("answer_ms", Prose, nullable=False),
    Index("ix_session_facts_finished_at", "finished_at", "session_id"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("session_id", Name(64), ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("causes", JSON, nullable=False),
    Column("state", Name(16), nullable=False),
    Column("judgements", JSON, nullable=False),
    Column("decision", Name(16), nullable=False),
    Column("decided_at", Number),
    CheckConstraint("state IN ('open', 'second', 'disputed', 'decided')", name="state"),
    Index("ix_reviews_state_created_at", "state", "created_at", "session_id"),
)

alert_settings = Table(
    "alert_settings",
    metadata,
    Column("tenant", Name(64), primary_key=True),
    Column("body", JSON, nullable=False),
    Column("sealed_secret", Prose, nullable=False),
    Column("updated_at", Number, nullable=False),
    Column("updated_by", Name(64), nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("rule", Name(32), nullable=False),
    Column("session_id", Name(64), nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("text", Prose, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("raised_at", Number, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", Number),
    Column("channels", JSON, nullable=False),
    # Of two processes that raise the same alert, one succeeds.
    Index("uq_alerts_occurrence", "tenant", "sandbox", "rule", "session_id", "occurrence", unique=True),
    Index("ix_alerts_raised_at", "raised_at", "id"),
)

staff_accounts = Table(
    "staff_accounts",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("email", Name(320), nullable=False, unique=True),
    Column("name", Name(200), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("tenants", JSON, nullable=False),
    Column("sandbox_only", Boolean, nullable=False),
    Column("created_at", Number, nullable=False),
    Column("disabled_at", Number),
    Column("password_hash", Prose, nullable=False),
    Column("totp_secret", Prose, nullable=False),
    Column("totp_step", Number, nullable=False),
    Column("setup_hash", Name(64), unique=True),
    Column("setup_expires_at", Number, nullable=False),
    Column("setup_totp", Prose, nullable=False),
)

staff_recovery_codes = Table(
    # A row is a code that has not been used.
    "staff_recovery_codes",
    metadata,
    Column("staff_id", Name(64), ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True),
    Column("code_hash", Name(64), primary_key=True),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", Name(64), primary_key=True),
    Column("token_hash", Name(64), nullable=False, unique=True),
    Column("staff_id", Name(64), ForeignKey("staff_accounts.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Number, nullable=False),
    Column("seen_at", Number, nullable=False),
    Column("expires_at", Number, nullable=False),
    Column("address", Name(64), nullable=False),
    Column("user_agent", Name(200), nullable=False),
    Index("ix_staff_sessions_staff_id", "staff_id", "created_at"),
    Index("ix_staff_sessions_seen_at", "seen_at"),
)

audit_entries = Table(
    # The database itself refuses to change or remove rows: see the triggers in revision 0006.
    "audit_entries",
    metadata,
    Column("sequence", RowNumber, primary_key=True, autoincrement=False),
    Column("at", Number, nullable=False),
    Column("actor", Name(64), nullable=False),
    Column("actor_name", Name(200), nullable=False),
    Column("action", Name(64), nullable=False),
    Column("tenant", Name(64), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("session_id", Name(64), nullable=False),
    Column("details", Prose, nullable=False),  # canonical JSON, byte for byte as it was hashed
    Column("previous", Name(64), nullable=False),
    Column("hash", Name(64), nullable=False),
    Column("signature", Name(128), nullable=False),
    Index("ix_audit_entries_session_id", "session_id", "sequence"),
    Index("ix_audit_entries_actor", "actor", "sequence"),
    Index("ix_audit_entries_action", "action", "sequence"),
)

audit_head = Table(
    # One row, which whoever adds an entry locks.
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Number, nullable=False),
    Column("hash", Name(64), nullable=False),
    Column("at", Number, nullable=False),
)
