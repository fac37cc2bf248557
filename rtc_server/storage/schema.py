"""Tables. A change here needs a new revision in ``migrations/versions``; a test compares the two."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Column names are the field names of the records in ports.py. JSON, not JSONB, which would lose the order of keys:
# settings are echoed as they came.

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("status", String(16), nullable=False),
    Column("settings", JSON, nullable=False),
    Column("flow", JSON, nullable=False),
    Column("secret_generation", Integer, nullable=False),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("secret_created_at", BigInteger, nullable=False),
    Column("secret_expires_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("reason", String(64), nullable=False),
    Column("report", JSON, nullable=False),
    CheckConstraint("status IN ('created', 'inProgress', 'complete', 'incomplete')", name="status"),
    Index("ix_sessions_tenant_created_at_id", "tenant", "created_at", "id"),
)

journal = Table(
    "journal",
    metadata,
    Column("session_id", String(64), ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("now", Double, nullable=False),
    Column("event", JSON, nullable=False),
    Column("commands", JSON, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("prefix", String(32), nullable=False),
    Column("sandbox", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
)
