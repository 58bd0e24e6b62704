"""Nothing in the database counts people or messages one after another, but for what stands here with its reason."""

from __future__ import annotations

import psycopg
import pytest

from hotline_bridge.settings import PROJECT

# Sequences, and columns that number rows. Each has its reason here and in docs/threat-model.md.
ALLOWED = {
    "procrastinate_jobs.id": "the queue's own; a finished job is deleted, and a job says only that there is work",
    "procrastinate_events.id": "the queue's own; its rows go with their job",
    "procrastinate_periodic_defers.id": "the queue's own; nothing is deferred by it, so it stays empty",
    "procrastinate_workers.id": "the queue's own; it counts starts of processes",
    "audit.sequence": "without a gap, so that a removed entry shows; it numbers what staff and the bridge did",
    "audit_head.sequence": "the last of those",
    "audit_checkpoints.through": "the last of those that were dropped by age",
    "inbox.position": "within one conversation: it tells no more than its rows do",
    "outbox.position": "the same",
    "transcript.position": "the same",
}
_COUNTING = """
    SELECT table_schema || '.' || table_name, column_name FROM information_schema.columns
    WHERE table_schema IN ('public', 'vault', 'dialogue', 'console') AND (
        is_identity = 'YES' OR column_default LIKE 'nextval(%' OR column_name IN ('position', 'sequence', 'through', 'serial')
        OR (data_type IN ('bigint', 'integer') AND column_name IN ('id', 'number', 'ordinal')))
    UNION SELECT n.nspname || '.' || c.relname, '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))
"""
# A number that is no count of rows: which of somebody's own values is meant.
NO_COUNT = {"placeholders.number"}


@pytest.fixture(scope="module")
def counting(module_database: str) -> set[str]:
    with psycopg.connect(module_database) as connection:
        rows = connection.execute(_COUNTING.encode()).fetchall()
    return {f"{table.removeprefix('public.')}.{column}" for table, column in rows} - NO_COUNT


def test_nothing_counts_but_what_has_a_reason(counting: set[str]) -> None:
    assert counting == set(ALLOWED)


def test_each_has_its_reason_in_the_threat_model_too() -> None:
    written = (PROJECT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    assert [name for name in ALLOWED if f"`{name}`" not in written] == []
