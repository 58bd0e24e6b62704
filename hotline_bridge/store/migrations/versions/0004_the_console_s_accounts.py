"""The console's accounts, sessions, invitations and the sign-in's throttle"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS console")
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text()),
        sa.Column("sealed_totp", sa.LargeBinary()),
        sa.Column("totp_step", sa.BigInteger()),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("interface_language", sa.Text(), server_default="en", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.UniqueConstraint("login", name=op.f("accounts_login_key")),
        schema="console",
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), primary_key=True),
        _account("sessions", "account_id", nullable=False, ondelete="CASCADE"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        schema="console",
    )
    op.create_index("sessions_account_idx", "sessions", ["account_id"], schema="console")
    op.create_table(
        "recovery_codes",
        _account("recovery_codes", "account_id", primary_key=True, ondelete="CASCADE"),
        sa.Column("code_hash", sa.LargeBinary(), primary_key=True),
        sa.Column("used_at", MOMENT),
        schema="console",
    )
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _account("invitations", "account_id", ondelete="CASCADE"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        _account("invitations", "invited_by", ondelete="SET NULL"),
        sa.Column("sealed_totp", sa.LargeBinary()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.UniqueConstraint("token_hash", name=op.f("invitations_token_hash_key")),
        schema="console",
    )
    op.create_table(
        "sign_in_throttle",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("free_at", MOMENT, nullable=False),
        schema="console",
    )


def downgrade() -> None:
    for table in ("sign_in_throttle", "invitations", "recovery_codes", "sessions", "accounts"):
        op.drop_table(table, schema="console")
    op.execute("DROP SCHEMA console")


def _account(table: str, column: str, *, ondelete: str, primary_key: bool = False, nullable: bool = True) -> sa.Column[Any]:
    key = sa.ForeignKey("console.accounts.id", name=f"{table}_{column}_fkey", ondelete=ondelete)
    return sa.Column(column, sa.Uuid(), key, primary_key=primary_key, nullable=nullable and not primary_key)
