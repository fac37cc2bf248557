"""Enrolled faces."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two tables."""
    op.create_table(
        "face_sets",
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("embedder", sa.String(200), nullable=False),
        sa.Column("dimensions", sa.Integer, nullable=False),
        sa.Column("last_number", sa.BigInteger, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant", "sandbox", "embedder", name=op.f("pk_face_sets")),
    )
    op.create_table(
        "faces",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("sandbox", sa.Boolean, nullable=False),
        sa.Column("embedder", sa.String(200), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("template", sa.LargeBinary, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("consent", sa.JSON, nullable=False),
        sa.Column("session_id", sa.String(64)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("delete_after", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faces")),
    )
    op.create_index("uq_faces_set_number", "faces", ["tenant", "sandbox", "embedder", "number"], unique=True)
    op.create_index("ix_faces_owner_created_at", "faces", ["tenant", "sandbox", "created_at", "id"])
    op.create_index("ix_faces_owner_reference", "faces", ["tenant", "sandbox", "reference", "created_at", "id"])
    op.create_index("ix_faces_session_id", "faces", ["session_id"])
    op.create_index("ix_faces_delete_after", "faces", ["delete_after"])
