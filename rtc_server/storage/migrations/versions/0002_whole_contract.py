"""Sandbox and references of sessions, search, events, webhooks, key scopes, idempotency, flows, mailbox, media."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns in place: copying a table (batch mode) would drop it, and with it what refers to it."""
    _api_keys()
    _sessions()
    _rest()
    _webhooks()
    _flows()
    _fill()


def _api_keys() -> None:
    op.add_column("api_keys", sa.Column("name", sa.String(200), nullable=False, server_default=""))
    op.add_column("api_keys", sa.Column("scopes", sa.JSON, nullable=False, server_default='["*"]'))
    op.add_column("api_keys", sa.Column("expires_at", sa.BigInteger))
    op.add_column("api_keys", sa.Column("revoked_at", sa.BigInteger))
    op.add_column("api_keys", sa.Column("last_used_at", sa.BigInteger))
    op.create_index("ix_api_keys_tenant_created_at", "api_keys", ["tenant", "created_at", "id"])


def _sessions() -> None:
    op.add_column("sessions", sa.Column("sandbox", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("sessions", sa.Column("flow_id", sa.String(64), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("flow_version", sa.Integer, nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("client_reference_id", sa.Text, nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("device", sa.JSON))
    op.add_column("sessions", sa.Column("location", sa.JSON))
    op.add_column("sessions", sa.Column("redacted_at", sa.BigInteger))
    op.add_column("sessions", sa.Column("delete_after", sa.BigInteger))
    op.drop_index("ix_sessions_tenant_created_at_id")
    op.create_index("ix_sessions_delete_after", "sessions", ["delete_after"])
    op.create_index("ix_sessions_finished_at", "sessions", ["finished_at", "id"])
    op.create_index("ix_sessions_owner_created_at", "sessions", ["tenant", "sandbox", "created_at", "id"])
    op.create_index("ix_sessions_owner_finished_at", "sessions", ["tenant", "sandbox", "finished_at", "id"])
    op.create_index("ix_sessions_owner_flow_id", "sessions", ["tenant", "sandbox", "flow_id", "created_at", "id"])
    op.create_index(
        "ix_sessions_owner_reference", "sessions", ["tenant", "sandbox", "client_reference_id", "created_at", "id"]
    )
    op.create_index("ix_sessions_owner_status", "sessions", ["tenant", "sandbox", "status", "created_at", "id"])
    op.create_index("ix_sessions_status_secret_expires_at", "sessions", ["status", "secret_expires_at"])


def _webhooks() -> None:
    op.create_table(
        "events",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("dispatched_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_dispatched_at_sequence", "events", ["dispatched_at", "sequence"])
    op.create_index("ix_events_owner_created_at", "events", ["tenant", "sandbox", "created_at", "sequence"])
    op.create_index("ix_events_session_id_sequence", "events", ["session_id", "sequence"])
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("event_types", sa.JSON, nullable=False),
        sa.Column("payload_style", sa.String(16), nullable=False),
        sa.Column("signature_style", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("disabled_reason", sa.String(64), nullable=False),
        sa.Column("secrets", sa.JSON, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("failing_since", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index("ix_webhook_endpoints_owner", "webhook_endpoints", ["tenant", "sandbox", "created_at", "id"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("event_id", sa.String(64), nullable=False),
        sa.Column("endpoint_id", sa.String(64), nullable=False),
        sa.Column("replay", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger),
        sa.Column("finished_at", sa.BigInteger),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_deliveries_endpoint_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_endpoint_created_at", "deliveries", ["endpoint_id", "created_at", "id"])
    op.create_index("ix_deliveries_status", "deliveries", ["status", "created_at"])
    op.create_index(
        "uq_deliveries_event_endpoint_replay", "deliveries", ["event_id", "endpoint_id", "replay"], unique=True
    )
    op.create_table(
        "delivery_attempts",
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("attempted_at", sa.BigInteger, nullable=False),
        sa.Column("latency_ms", sa.Double, nullable=False),
        sa.Column("status_code", sa.Integer),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("response_excerpt", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_attempts_delivery_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_delivery_attempts")),
    )


def _flows() -> None:
    op.create_table(
        "flows",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("archived_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flows")),
    )
    op.create_index("ix_flows_owner_created_at", "flows", ["tenant", "sandbox", "created_at", "id"])
    op.create_table(
        "flow_versions",
        sa.Column("flow_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("nodes", sa.JSON, nullable=False),
        sa.Column("warnings", sa.JSON, nullable=False),
        sa.Column("normalizations", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.id"], name=op.f("fk_flow_versions_flow_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("flow_id", "version", name=op.f("pk_flow_versions")),
    )


def _rest() -> None:
    op.create_table(
        "session_search",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_session_search_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_search")),
    )
    op.create_table(
        "idempotency",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "sandbox", "key", name=op.f("pk_idempotency")),
    )
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])
    op.create_table(
        "mailbox",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("recipient", sa.String(320), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_mailbox_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
    )
    op.create_index("ix_mailbox_session_id", "mailbox", ["session_id"])
    op.create_index("ix_mailbox_tenant_created_at", "mailbox", ["tenant", "created_at", "id"])
    op.create_table(
        "media",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("side", sa.Integer, nullable=False),
        sa.Column("content_type", sa.String(100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("delete_after", sa.BigInteger),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_media_session_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index("ix_media_delete_after", "media", ["delete_after"])
    op.create_index("ix_media_session_id", "media", ["session_id"])
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("erased_at", sa.BigInteger, nullable=False),
        sa.Column("cause", sa.String(32), nullable=False),
        sa.Column("report_sha256", sa.String(64), nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_owner_erased_at", "erasures", ["tenant", "sandbox", "erased_at", "id"])


def _fill() -> None:
    """What the first version kept inside JSON, or did not know."""
    connection = op.get_bind()
    sessions = sa.table(
        "sessions",
        sa.column("id", sa.String),
        sa.column("tenant", sa.String),
        sa.column("sandbox", sa.Boolean),
        sa.column("settings", sa.JSON),
        sa.column("client_reference_id", sa.Text),
    )
    keys = sa.table("api_keys", sa.column("tenant", sa.String), sa.column("sandbox", sa.Boolean))
    search = sa.table(
        "session_search",
        sa.column("session_id", sa.String),
        sa.column("tenant", sa.String),
        sa.column("sandbox", sa.Boolean),
        sa.column("text", sa.Text),
    )
    # A tenant that only ever had test keys was a sandbox.
    kinds: dict[str, set[bool]] = {}
    for tenant, sandbox in connection.execute(sa.select(keys.c.tenant, keys.c.sandbox)):
        kinds.setdefault(tenant, set()).add(bool(sandbox))
    for row in connection.execute(sa.select(sessions.c.id, sessions.c.tenant, sessions.c.settings)).all():
        settings = row.settings if isinstance(row.settings, dict) else {}
        reference = settings.get("clientReferenceId")
        reference = _storable(reference) if isinstance(reference, str) else ""
        sandbox = kinds.get(row.tenant) == {True}
        words = json.dumps(settings.get("metadata") or {}, ensure_ascii=False)
        text = _storable(f"{row.id} {reference} {words}").lower()
        connection.execute(
            sa.update(sessions).where(sessions.c.id == row.id).values(client_reference_id=reference, sandbox=sandbox)
        )
        connection.execute(sa.insert(search).values(session_id=row.id, tenant=row.tenant, sandbox=sandbox, text=text))


def _storable(text: str) -> str:
    """Without NUL and half surrogate pairs, which JSON can carry and no database takes as text."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
