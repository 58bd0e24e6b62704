"""PostgreSQL: engine, tables, migrations and the work queue in the same database."""
