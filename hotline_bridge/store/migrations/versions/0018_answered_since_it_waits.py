"""Whether a human has answered since somebody waits, until when whoever takes danger may answer, and what goes on elsewhere"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("answered_since", "answer_by"):
        op.add_column("tickets", sa.Column(name, sa.DateTime(timezone=True)))
    op.create_index("tickets_resumes_idx", "tickets", ["resumes"], postgresql_where=sa.text("resumes IS NOT NULL"))
    # Of a ticket that was opened again it is not known whether it was answered since: it counts as not answered.
    op.execute(
        "UPDATE tickets SET answered_since = answered_at "
        "WHERE state <> 'closed' AND reopened = 0 AND answered_at >= waiting_since"
    )
    op.execute(
        "UPDATE tickets SET answer_by = now() + interval '5 minutes' "
        "WHERE state = 'taken' AND answered_at IS NULL AND flagged_at IS NULL "
        "AND need IN ('danger_now', 'medical_emergency', 'suicidal_thoughts', 'child_in_danger')"
    )


def downgrade() -> None:
    op.drop_index("tickets_resumes_idx", table_name="tickets")
    for name in ("answer_by", "answered_since"):
        op.drop_column("tickets", name)
