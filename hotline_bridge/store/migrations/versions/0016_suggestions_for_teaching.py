"""Misunderstood sentences that may be shown, until whoever teaches the program has them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
        sa.Column("line_id", sa.Uuid(), sa.ForeignKey("transcript.id", ondelete="CASCADE"), nullable=False, unique=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("understood", sa.Text()),
        sa.Column("meant", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="offered", nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_consent", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
    )
    op.create_index("suggestions_conversation_idx", "suggestions", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("suggestions")
