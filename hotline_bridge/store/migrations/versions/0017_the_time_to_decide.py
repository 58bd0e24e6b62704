"""The time to decide of whoever was identified as a victim: by conversation, because it outlives a closed ticket"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decision_times",
        sa.Column(
            "conversation_id", sa.Uuid(), sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, nullable=False
        ),
        sa.Column("identified_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
    )
    op.execute(
        "INSERT INTO decision_times (conversation_id, identified_on, noted_by) "
        "SELECT conversation_id, max(identified_on), (array_agg(taken_by))[1] FROM tickets "
        "WHERE identified_on IS NOT NULL AND conversation_id IS NOT NULL AND taken_by IS NOT NULL GROUP BY conversation_id"
    )
    op.drop_column("tickets", "identified_on")


def downgrade() -> None:
    op.add_column("tickets", sa.Column("identified_on", sa.Date()))
    op.execute(
        "UPDATE tickets SET identified_on = d.identified_on FROM decision_times AS d "
        "WHERE d.conversation_id = tickets.conversation_id AND tickets.state <> 'closed'"
    )
    op.drop_table("decision_times")
