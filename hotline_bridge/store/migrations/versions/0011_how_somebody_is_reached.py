"""How somebody is reached: tried numbers of requests, a no to "is it safe now?", a dialogue that begins anew"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "code_guesses",
        sa.Column("turn_id", sa.Uuid(), primary_key=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("at", _TIME, server_default=sa.text("now()"), nullable=False),
    )
    op.create_index("code_guesses_conversation_idx", "code_guesses", ["conversation_id"])
    op.create_index("code_guesses_at_idx", "code_guesses", ["at"])
    op.add_column("agreements", sa.Column("refused_at", _TIME))
    op.add_column("conversations", sa.Column("dialogue_over", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("outbox_held_idx", "outbox", ["conversation_id"], postgresql_where=sa.text("status = 'held'"))


def downgrade() -> None:
    op.drop_index("outbox_held_idx", "outbox")
    op.drop_column("conversations", "dialogue_over")
    op.drop_column("agreements", "refused_at")
    op.drop_table("code_guesses")
