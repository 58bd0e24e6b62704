"""What leaves the vault or the house: sealed values that were opened, referrals to others"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reveals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid()),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("danger", sa.Boolean(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary()),
        sa.Column("sealed_answer", sa.LargeBinary()),
        sa.Column("sealed_value", sa.LargeBinary()),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("decided_by", sa.Uuid()),
        sa.Column("decided_at", _TIME),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("opened_at", _TIME),
        sa.Column("erase_at", _TIME),
        sa.Column("shown", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("why", sa.Text()),
        *_rest("reveals"),
    )
    op.create_table(
        "referrals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid()),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("noted", sa.Text(), nullable=False),
        sa.Column("fields", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("token_hash", sa.LargeBinary()),
        sa.Column("answer_hash", sa.LargeBinary()),
        sa.Column("sealed_packet", sa.LargeBinary()),
        sa.Column("sealed_consent", sa.LargeBinary()),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("read_at", _TIME),
        sa.Column("answered_at", _TIME),
        sa.Column("answered_by", sa.Uuid()),
        sa.Column("served_at", _TIME),
        sa.Column("ended_at", _TIME),
        *_rest("referrals"),
        sa.UniqueConstraint("token_hash", name=op.f("referrals_token_hash_key")),
    )
    op.create_index("reveals_conversation_idx", "reveals", ["conversation_id", "asked_at"])
    op.create_index("reveals_asked_idx", "reveals", ["asked_at"])
    op.create_index("referrals_conversation_idx", "referrals", ["conversation_id", "made_at"])
    for name, states in (("reveals", "'asked', 'granted', 'opening', 'opened'"), ("referrals", "'sent', 'read', 'accepted'")):
        op.create_index(f"{name}_live_idx", name, ["state"], postgresql_where=sa.text(f"state IN ({states})"))


def downgrade() -> None:
    op.drop_table("referrals")
    op.drop_table("reveals")


def _rest(name: str) -> tuple[sa.Constraint, sa.Constraint]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"{name}_pkey")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f(f"{name}_conversation_id_fkey"), ondelete="SET NULL"
        ),
    )
