"""When operators are there"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.SmallInteger()),
        sa.Column("day", sa.Date()),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("away", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("shifts_pkey")),
        sa.ForeignKeyConstraint(["account_id"], ["console.accounts.id"], name=op.f("shifts_account_id_fkey"), ondelete="CASCADE"),
        sa.CheckConstraint("num_nonnulls(weekday, day) = 1 AND weekday BETWEEN 0 AND 6", name=op.f("shifts_when_check")),
        sa.UniqueConstraint(
            "account_id",
            "weekday",
            "day",
            "starts",
            "ends",
            "away",
            name=op.f("shifts_once_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade() -> None:
    op.drop_table("shifts")
