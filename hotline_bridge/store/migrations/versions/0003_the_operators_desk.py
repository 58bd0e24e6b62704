"""The operators' desk: tickets that are taken and closed, what was said as operators may read it, agreements, counts"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")
_TIME = sa.DateTime(timezone=True)
_MADE = ("transcript", "notes", "ticket_events", "agreements", "desk_keys", "tallies")


def _new() -> dict[str, list[sa.Column[Any]]]:
    """Columns that stood in no table before, made anew for each use."""
    return {
        "conversations": [
            sa.Column("operator_id", sa.Uuid()),
            sa.Column("operator_seen_at", _TIME),
            sa.Column("unreachable", sa.Text()),
            sa.Column("topics", JSONB(), server_default=sa.text("'[]'"), nullable=False),
            sa.Column("region", sa.Text()),
            sa.Column("counted_on", sa.Date()),
        ],
        "outbox": [
            sa.Column("sealed_by", sa.Text(), server_default="conversation", nullable=False),
            sa.Column("author", sa.Uuid()),
        ],
        "tickets": [
            sa.Column("region", sa.Text()),
            sa.Column("topics", JSONB(), server_default=sa.text("'[]'"), nullable=False),
            sa.Column("code_hash", sa.LargeBinary()),
            sa.Column("resumes", sa.Uuid()),
            sa.Column("waiting_since", _TIME, server_default=_NOW, nullable=False),
            sa.Column("flagged_at", _TIME),
            sa.Column("taken_by", sa.Uuid()),
            sa.Column("taken_at", _TIME),
            sa.Column("answered_at", _TIME),
            sa.Column("closed_at", _TIME),
            sa.Column("outcome", sa.Text()),
            sa.Column("reopened", sa.SmallInteger(), server_default="0", nullable=False),
            sa.Column("page_level", sa.SmallInteger(), server_default="0", nullable=False),
            sa.Column("paged_at", _TIME),
            sa.Column("identified_on", sa.Date()),
        ],
    }


def upgrade() -> None:
    for table, columns in _new().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE tickets SET waiting_since = opened_at")
    op.create_unique_constraint(op.f("tickets_code_hash_key"), "tickets", ["code_hash"])
    for name, keyed, where in (
        ("tickets_open_idx", ["waiting_since"], "state <> 'closed'"),
        ("tickets_conversation_idx", ["conversation_id"], None),
        ("tickets_opened_idx", ["opened_at"], None),
    ):
        op.create_index(name, "tickets", keyed, postgresql_where=sa.text(where) if where else None)
    _of_conversation(
        "desk_keys",
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
    )
    _of_conversation(
        "agreements",
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("placeholder", sa.Text()),
        sa.Column("hours", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("leave_message", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary()),
        sa.Column("made_at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("confirmed_at", _TIME),
        sa.Column("asked_at", _TIME),
    )
    _within_conversation(
        "transcript",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("author", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("outbox_id", sa.Uuid()),
        sa.Column("danger", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
    )
    _within_conversation(
        "notes",
        sa.Column("at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("author", sa.Uuid(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
    )
    _within_conversation(
        "ticket_events",
        sa.Column("at", _TIME, server_default=_NOW, nullable=False),
        sa.Column("actor", sa.Uuid()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("facts", JSONB(), server_default=sa.text("'{}'"), nullable=False),
    )
    op.create_index("transcript_conversation_idx", "transcript", ["conversation_id", "position"])
    op.create_index("notes_conversation_idx", "notes", ["conversation_id", "at"])
    op.create_index("ticket_events_conversation_idx", "ticket_events", ["conversation_id", "at"])
    op.create_table(
        "tallies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), server_default=sa.text("CURRENT_DATE"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.Text()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("region", sa.Text()),
        sa.Column("times", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("tallies_pkey")),
    )
    op.create_index("tallies_day_idx", "tallies", ["day", "kind"])


def downgrade() -> None:
    for table in _MADE:
        op.drop_table(table)
    for table, columns in _new().items():
        for column in columns:
            op.drop_column(table, column.name)
    op.drop_index("tickets_open_idx", "tickets", if_exists=True)
    op.drop_index("tickets_conversation_idx", "tickets")
    op.drop_index("tickets_opened_idx", "tickets")


def _of_conversation(name: str, *columns: sa.Column[Any]) -> None:
    """A table with one row a conversation, which goes with it."""
    op.create_table(
        name,
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("conversation_id", name=op.f(f"{name}_pkey")),
        _goes_with_conversation(name),
    )


def _within_conversation(name: str, *columns: sa.Column[Any]) -> None:
    """A table with many rows a conversation, which go with it."""
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"{name}_pkey")),
        _goes_with_conversation(name),
    )


def _goes_with_conversation(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["conversation_id"], ["conversations.id"], name=op.f(f"{name}_conversation_id_fkey"), ondelete="CASCADE"
    )
