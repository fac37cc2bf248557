"""Who may embed the page: origins of API keys, the key of a session; and the consent that a person gave."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add three columns in place; former sessions name no key, so the server's own setting holds for them."""
    op.add_column("api_keys", sa.Column("allowed_origins", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("sessions", sa.Column("api_key_id", sa.String(64), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("consent", sa.JSON))
