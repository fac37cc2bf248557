"""Facts of ended sessions, the review queue, alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add four tables; facts of sessions that have ended by now are written in the background."""
    _facts()
    _reviews()
    _alerts()


def _facts() -> None:
    op.create_table(
        "session_facts",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("finished_at", sa.BigInteger, nullable=False),
        sa.Column("result", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("flow_id", sa.String(64), nullable=False),
        sa.Column("started_at", sa.BigInteger),
        sa.Column("language", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(100), nullable=False),
        sa.Column("system", sa.String(100), nullable=False),
        sa.Column("mobile", sa.Boolean),
        sa.Column("liveness", sa.String(32), nullable=False),
        sa.Column("attacked", sa.Boolean, nullable=False),
        sa.Column("provider_failed", sa.Boolean, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("failures", sa.Text, nullable=False),
        sa.Column("node_seconds", sa.Text, nullable=False),
        sa.Column("answer_ms", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_facts")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], ondelete="CASCADE", name=op.f("fk_session_facts_session_id")
        ),
    )
    op.create_index("ix_session_facts_finished_at", "session_facts", ["finished_at", "session_id"])


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("causes", sa.JSON, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("judgements", sa.JSON, nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("decided_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_reviews")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], ondelete="CASCADE", name=op.f("fk_reviews_session_id")
        ),
        sa.CheckConstraint("state IN ('open', 'second', 'disputed', 'decided')", name=op.f("ck_reviews_state")),
    )
    op.create_index("ix_reviews_state_created_at", "reviews", ["state", "created_at", "session_id"])


def _alerts() -> None:
    op.create_table(
        "alert_settings",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
        sa.Column("sealed_secret", sa.Text, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("updated_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_alert_settings")),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("rule", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("channels", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    occurrence = ["tenant", "sandbox", "rule", "session_id", "occurrence"]
    op.create_index("uq_alerts_occurrence", "alerts", occurrence, unique=True)
    op.create_index("ix_alerts_raised_at", "alerts", ["raised_at", "id"])
