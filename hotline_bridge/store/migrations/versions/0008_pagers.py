"""The chats in which operators are called, and the codes by which a chat becomes one"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pagers",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pagers_pkey")),
        sa.ForeignKeyConstraint(["account_id"], ["console.accounts.id"], name=op.f("pagers_account_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("pagers_conversation_id_fkey"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("conversation_id", name=op.f("pagers_conversation_id_key")),
    )
    op.create_table(
        "pager_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pager_codes_pkey")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["console.accounts.id"], name=op.f("pager_codes_account_id_fkey"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("account_id", name=op.f("pager_codes_account_id_key")),
    )


def downgrade() -> None:
    op.drop_table("pager_codes")
    op.drop_table("pagers")
