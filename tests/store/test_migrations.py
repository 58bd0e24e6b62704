"""Migrations: up, down and twice, with data through each; the tables are those that tables.py describes."""

from __future__ import annotations

import subprocess
import sys

import psycopg
import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from hotline_bridge.settings import PROJECT
from hotline_bridge.store import migrate
from hotline_bridge.store.engine import sqlalchemy_url
from hotline_bridge.store.tables import metadata

MARK = "00000000-0000-0000-0000-0000000000c0"
# A row of every kind, as the tables hold them that each migration makes.
ROWS = {
    "0001": f"""
    INSERT INTO conversations (id, channel) VALUES ('{MARK}', 'telegram');
    INSERT INTO inbox (id, conversation_id, channel, dedup, kind, sealed_text)
        VALUES ('{MARK}', '{MARK}', 'telegram', 'd', 'text', 's');
    INSERT INTO outbox (id, conversation_id, inbox_id, channel, sealed_message)
        VALUES ('{MARK}', '{MARK}', '{MARK}', 'telegram', 's');
    INSERT INTO tickets (id, conversation_id, need, channel) VALUES ('{MARK}', '{MARK}', 'danger_now', 'telegram');
    INSERT INTO placeholders VALUES ('{MARK}', 'PHONE', 1, 'h', 's');
    INSERT INTO arrivals (channel) VALUES ('telegram');
    INSERT INTO departures (channel, outcome, messages) VALUES ('telegram', 'answered', 3);
    INSERT INTO pace VALUES ('telegram', now());
    INSERT INTO vault.keys VALUES ('{MARK}', 'w', 'm');
    INSERT INTO vault.identities VALUES ('{MARK}', 'telegram', 'h', 's');
    INSERT INTO dialogue.memory (conversation) VALUES ('{MARK}');
    """,
    "0003": f"""
    INSERT INTO desk_keys VALUES ('{MARK}', 'w', 'd');
    INSERT INTO transcript (id, conversation_id, speaker, kind, sealed_text) VALUES ('{MARK}', '{MARK}', 'person', 'text', 's');
    INSERT INTO notes (id, conversation_id, author, sealed_text) VALUES ('{MARK}', '{MARK}', '{MARK}', 's');
    INSERT INTO ticket_events (id, conversation_id, kind) VALUES ('{MARK}', '{MARK}', 'claimed');
    INSERT INTO agreements (conversation_id, method) VALUES ('{MARK}', 'this_chat');
    INSERT INTO tallies (id, kind, channel) VALUES ('{MARK}', 'contact', 'telegram');
    """,
    "0004": f"""
    INSERT INTO console.accounts (id, login, name, role) VALUES ('{MARK}', 'a', 'A', 'operator');
    INSERT INTO console.sessions VALUES ('t', '{MARK}', now(), now(), now());
    INSERT INTO console.recovery_codes VALUES ('{MARK}', 'c');
    INSERT INTO console.invitations (id, token_hash, name, role, created_at, expires_at)
        VALUES ('{MARK}', 't', 'A', 'operator', now(), now());
    INSERT INTO console.sign_in_throttle VALUES ('k', 1, now(), now());
    """,
    "0005": f"""
    INSERT INTO shifts (id, account_id, weekday, starts, ends) VALUES ('{MARK}', '{MARK}', 0, '08:00', '16:00');
    """,
    "0006": f"""
    INSERT INTO audit (sequence, id, at, action, own, link) VALUES (1, '{MARK}', now(), 'claimed', 'o', 'l');
    INSERT INTO audit_head (sequence, link, mac) VALUES (1, 'l', 'm');
    INSERT INTO audit_checkpoints VALUES (0, 'l', now(), 'm');
    """,
    "0007": """
    INSERT INTO releases (period, counts, shown) VALUES ('2026-10', '{}', '{}');
    """,
    "0008": f"""
    INSERT INTO pagers VALUES ('{MARK}', '{MARK}', now());
    INSERT INTO pager_codes VALUES ('h', '{MARK}', now());
    """,
    "0009": "INSERT INTO vault.secrets VALUES ('root', 'w', 'm'); INSERT INTO desk_secrets VALUES ('root', 'w', 'd')",
    "0010": f"""
    INSERT INTO reveals (id, conversation_id, what, state, danger, asked_by, asked_at, expires_at)
        VALUES ('{MARK}', '{MARK}', 'PHONE_1', 'asked', false, '{MARK}', now(), now());
    INSERT INTO referrals (id, conversation_id, organisation, state, noted, made_by, made_at, expires_at)
        VALUES ('{MARK}', '{MARK}', 'O-N1', 'sent', 'sent', '{MARK}', now(), now());
    """,
    "0011": f"INSERT INTO code_guesses VALUES ('{MARK}', '{MARK}');",
    "0012": f"""
    INSERT INTO console.api_tokens (id, name, prefix, token_hash, scopes, made_at, expires_at)
        VALUES ('{MARK}', 'A', 'komek_x', 'h', '{{figures:read}}', now(), now());
    INSERT INTO webhooks (id, url, events, sealed_secret) VALUES ('{MARK}', 'https://x', '{{ticket.opened}}', 's');
    INSERT INTO webhook_deliveries (id, webhook_id, event, body) VALUES ('{MARK}', '{MARK}', 'ticket.opened', '');
    """,
    "0013": f"INSERT INTO erasures (id, channel, sealed, due_at, until) VALUES ('{MARK}', 'telegram', 's', now(), now());",
    "0016": f"""
    INSERT INTO suggestions (id, conversation_id, line_id, language, meant, sealed_text, sealed_consent, made_by, made_on)
        VALUES ('{MARK}', '{MARK}', '{MARK}', 'ru', 'greet', 's', 's', '{MARK}', now());
    """,
    "0017": f"INSERT INTO decision_times (conversation_id, identified_on, noted_by) VALUES ('{MARK}', '2026-11-30', '{MARK}');",
}
TABLES = [f"{table.schema or 'public'}.{table.name}" for table in metadata.sorted_tables]


def revisions() -> list[str]:
    """From the first to the newest."""
    folder = ScriptDirectory(str(PROJECT / "hotline_bridge" / "store" / "migrations"))
    return [script.revision for script in folder.walk_revisions()][::-1]


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def fill(url: str, revision: str | None = None) -> None:
    """The rows that `revision` can hold; without one, those of all."""
    for one in [revision] if revision else revisions():
        run(url, ROWS.get(one, ""))


def counts(url: str) -> dict[str, int]:
    """Rows by table, of the tables that are there."""
    there = [table for table in TABLES if run(url, f"SELECT to_regclass('{table}')") != [(None,)]]
    return {table: int(str(run(url, f"SELECT count(*) FROM {table}")[0][0])) for table in there}


def left(url: str) -> set[str]:
    """What stands in the database besides PostgreSQL's own."""
    query = """
        SELECT nspname || '.' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE nspname NOT LIKE 'pg_%' AND nspname <> 'information_schema'
        UNION SELECT proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE nspname = 'public'
        UNION SELECT typname::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE nspname = 'public'
    """
    return {str(row[0]) for row in run(url, query)}


def test_the_migrated_database_is_the_one_that_the_tables_describe(database: str) -> None:
    engine = sqlalchemy.create_engine(sqlalchemy_url(database), poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "compare_type": True,
                "compare_server_default": True,
                "include_name": lambda name, kind, _: (
                    not (kind == "table" and str(name).startswith(("procrastinate_", "alembic_")))
                ),
            },
        )
        assert compare_metadata(context, metadata) == []


def test_every_table_has_a_row_in_these_tests(database: str) -> None:
    fill(database)
    assert {table for table, rows in counts(database).items() if rows != 1} == set()


def test_rows_survive_every_migration_up_from_the_first(empty_database: str) -> None:
    for revision in revisions():
        migrate.upgrade(empty_database, revision)
        fill(empty_database, revision)
        assert set(counts(empty_database).values()) == {1}, revision


def test_rows_survive_down_to_the_first_and_up_again(empty_database: str) -> None:
    migrate.upgrade(empty_database)
    fill(empty_database)
    for revision in revisions()[-2::-1]:
        migrate.downgrade(empty_database, revision)
        assert set(counts(empty_database).values()) == {1}, revision
    for revision in revisions()[1:]:
        migrate.upgrade(empty_database, revision)
        fill(empty_database, revision)
    assert set(counts(empty_database).values()) == {1}


def test_the_order_of_all_messages_becomes_an_order_within_each_conversation(empty_database: str) -> None:
    migrate.upgrade(empty_database, "0012")
    row = "INSERT INTO inbox (id, conversation_id, channel, dedup, kind) VALUES ('{0}', '{1}', 'telegram', '{0}', 'text')"
    one, other = (f"00000000-0000-0000-0000-00000000000{n}" for n in "ab")
    run(empty_database, "".join(f"INSERT INTO conversations (id, channel) VALUES ('{c}', 'telegram');" for c in (one, other)))
    for number, conversation in enumerate((one, other, one)):
        run(empty_database, row.format(f"00000000-0000-0000-0000-00000000000{number}", conversation))
    migrate.upgrade(empty_database)
    assert run(empty_database, "SELECT position FROM inbox ORDER BY id") == [(1,), (1,), (2,)]
    migrate.downgrade(empty_database, "0012")
    run(empty_database, row.format(MARK, one))
    assert run(empty_database, f"SELECT position FROM inbox WHERE id = '{MARK}'") == [(3,)]


def test_down_to_nothing_leaves_nothing_and_up_works_again(empty_database: str) -> None:
    before = left(empty_database)
    migrate.upgrade(empty_database)
    migrate.downgrade(empty_database, "base")
    assert left(empty_database) - before <= {
        "public.alembic_version",
        "public.alembic_version_pkc",
        "alembic_version",
        "_alembic_version",
    }
    migrate.upgrade(empty_database)
    fill(empty_database)


def test_migrating_twice_changes_nothing(empty_database: str) -> None:
    migrate.upgrade(empty_database)
    fill(empty_database)
    before = left(empty_database)
    migrate.upgrade(empty_database)
    assert left(empty_database) == before
    assert set(counts(empty_database).values()) == {1}


def test_processes_that_migrate_at_once_do_not_disturb_each_other(empty_database: str) -> None:
    step = f"from hotline_bridge.store import migrate; migrate.upgrade({empty_database!r})"
    together = [subprocess.Popen([sys.executable, "-c", step], cwd=PROJECT, stderr=subprocess.PIPE) for _ in range(3)]
    for process in together:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()
    fill(empty_database)


def test_a_migration_that_fails_leaves_the_database_as_it_was_and_no_lock(empty_database: str) -> None:
    run(empty_database, "CREATE TABLE tickets (x int)")
    with pytest.raises(sqlalchemy.exc.ProgrammingError):
        migrate.upgrade(empty_database)
    assert run(empty_database, "SELECT 1 FROM information_schema.tables WHERE table_name = 'conversations'") == []
    assert run(empty_database, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'") == []
    run(empty_database, "DROP TABLE tickets")
    migrate.upgrade(empty_database)


def test_every_migration_has_a_number_of_its_own_and_says_what_it_does() -> None:
    assert len(set(revisions())) == len(revisions())
    for revision in revisions():
        files = list((PROJECT / "hotline_bridge/store/migrations/versions").glob(f"{revision}_*.py"))
        assert len(revision) == 4
        assert revision.isdigit()
        assert len(files) == 1
        assert files[0].read_text().startswith('"""')
