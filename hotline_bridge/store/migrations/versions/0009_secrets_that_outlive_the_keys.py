"""The root secrets of vault and desk, each in a row of its own: the keys above them can be rotated"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, schema in (("secrets", "vault"), ("desk_secrets", None)):
        op.create_table(
            name,
            sa.Column("name", sa.Text(), nullable=False),
            sa.Column("wrapped", sa.LargeBinary(), nullable=False),
            sa.Column("master", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("name", name=op.f(f"{name}_pkey")),
            schema=schema,
        )


def downgrade() -> None:
    op.drop_table("secrets", schema="vault")
    op.drop_table("desk_secrets")
