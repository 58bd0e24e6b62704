"""The audit trail: rows that are only added, a sealed count of them, and one way to remove old ones"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_FUNCTIONS = """
CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit' THEN
    IF OLD.sequence <= (SELECT max(through) FROM audit_checkpoints) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'the audit trail is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;

-- The one way to remove rows: all up to one of them, none younger than 30 days, with a sealed checkpoint in their place.
CREATE FUNCTION audit_shorten(given bigint, its_link bytea, at_moment timestamptz, its_mac bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  removed bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM audit WHERE sequence = given AND link = its_link) THEN
    RAISE EXCEPTION 'the audit trail has no such row';
  END IF;
  IF EXISTS (SELECT 1 FROM audit WHERE sequence <= given AND at > now() - interval '30 days') THEN
    RAISE EXCEPTION 'rows of the audit trail are kept for 30 days at least';
  END IF;
  INSERT INTO audit_checkpoints (through, link, sealed_at, mac) VALUES (given, its_link, at_moment, its_mac);
  DELETE FROM audit WHERE sequence <= given;
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END $$;
REVOKE EXECUTE ON FUNCTION audit_shorten(bigint, bytea, timestamptz, bytea) FROM PUBLIC;
"""
_TRIGGERS = """
CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_only_grows();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows();
"""


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.Uuid()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Uuid()),
        sa.Column("facts", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("own", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("audit_pkey")),
        sa.UniqueConstraint("id", name=op.f("audit_id_key")),
    )
    op.create_index("audit_at_idx", "audit", ["at"])
    op.create_index("audit_actor_idx", "audit", ["actor", "sequence"])
    op.create_index("audit_subject_idx", "audit", ["subject", "sequence"])
    op.create_table(
        "audit_head",
        sa.Column("one", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("audit_head_pkey")),
        sa.CheckConstraint("one", name=op.f("audit_head_one_check")),
    )
    op.create_table(
        "audit_checkpoints",
        sa.Column("through", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", _TIME, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("through", name=op.f("audit_checkpoints_pkey")),
    )
    op.execute(_FUNCTIONS)
    for table in ("audit", "audit_checkpoints"):
        op.execute(_TRIGGERS.format(table=table))


def downgrade() -> None:
    for table in ("audit_checkpoints", "audit_head", "audit"):
        op.drop_table(table)
    op.execute("DROP FUNCTION audit_shorten(bigint, bytea, timestamptz, bytea)")
    op.execute("DROP FUNCTION audit_only_grows()")
