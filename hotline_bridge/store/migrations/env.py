"""Alembic's entry: runs the migrations on the connection that hotline_bridge.store.migrate hands over."""

from __future__ import annotations

from alembic import context

from hotline_bridge.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    version_table="alembic_version",
    transaction_per_migration=True,
    # The queue's tables are procrastinate's: not ours to compare.
    include_name=lambda name, kind, parents: not (kind == "table" and str(name).startswith("procrastinate_")),
)
context.run_migrations()
