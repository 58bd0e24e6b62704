"""When somebody in danger was told that nobody has taken it: a fact of the ticket, because events keep the day alone"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Whoever heard it since the day on which the wait began is not told again.
_TOLD_BEFORE = """
UPDATE tickets AS t SET told_at = now() WHERE t.state = 'open' AND EXISTS (
    SELECT 1 FROM ticket_events AS e WHERE e.conversation_id = t.conversation_id AND e.kind = 'told_waiting'
      AND e.at >= date_trunc('day', t.waiting_since AT TIME ZONE interval '5 hours') AT TIME ZONE interval '5 hours')
"""


def upgrade() -> None:
    op.add_column("tickets", sa.Column("told_at", sa.DateTime(timezone=True)))
    op.execute(_TOLD_BEFORE)


def downgrade() -> None:
    op.drop_column("tickets", "told_at")
