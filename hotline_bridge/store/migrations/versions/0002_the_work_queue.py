"""The work queue: procrastinate's own tables and functions"""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _run(SchemaManager.get_schema())


def downgrade() -> None:
    for name in (
        "procrastinate_periodic_defers",
        "procrastinate_events",
        "procrastinate_jobs",
        "procrastinate_workers",
    ):
        op.execute(f"DROP TABLE IF EXISTS {name} CASCADE")
    _run(
        """
        DO $$ DECLARE found record; BEGIN
          FOR found IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
            EXECUTE 'DROP FUNCTION ' || found.name || ' CASCADE';
          END LOOP;
          FOR found IN SELECT typname AS name FROM pg_type WHERE typname LIKE 'procrastinate\\_%' AND typtype IN ('e', 'c') LOOP
            EXECUTE 'DROP TYPE IF EXISTS ' || found.name || ' CASCADE';
          END LOOP;
        END $$
        """
    )


def _run(script: str) -> None:
    """Run SQL as it stands: it holds percent signs and colons that are no parameters."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(script.encode())
