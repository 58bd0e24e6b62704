"""Figures as they were published"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("shown", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("releases_pkey")),
    )


def downgrade() -> None:
    op.drop_table("releases")
