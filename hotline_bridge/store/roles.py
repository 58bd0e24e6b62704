"""Who may touch which table: one database role a process, so that a stolen process cannot read what is not its business.

The table below is the whole of it; what is not named is refused (tests/store/test_roles.py tries). The roles are made and
granted after each migration by whoever may make roles, the database's owner. Column lists leave out what is sealed or secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from psycopg import sql
from sqlalchemy import Connection, create_engine, pool, text
from sqlalchemy.engine import make_url

from hotline_bridge.errors import SettingError
from hotline_bridge.store.engine import sqlalchemy_url

READ, ADD = "SELECT", "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"
# A ticket is opened, or found open and added to; whose it is, who has it and that it is closed is the desk's and the worker's.
ASK_FOR = "SELECT, INSERT, UPDATE (facts, resumes, flagged_at)"
QUEUE_IN = {"procrastinate_jobs": ADD, "procrastinate_events": ADD}  # a job is put in and nothing else
TELLING = {"webhooks": "SELECT (id, events, stopped_at)", "webhook_deliveries": "INSERT"}  # what a changed ticket needs
QUEUE_ALL = {
    name: ALL for name in ("procrastinate_jobs", "procrastinate_events", "procrastinate_workers", "procrastinate_periodic_defers")
}

# The audit trail grows by rows and its head; a trigger refuses all else, and its end is cut by a function of the owner's.
AUDIT = {"audit": ADD, "audit_head": WRITE, "audit_checkpoints": READ}
FUNCTIONS = {"worker": ("audit_shorten(bigint, bytea, timestamptz, bytea)",)}
JOURNEY = (
    "conversations", "inbox", "outbox", "tickets", "ticket_events", "placeholders", "arrivals", "departures", "pace", "desk_keys",
    "transcript", "notes", "agreements", "code_guesses", "tallies", "vault.keys", "vault.identities", "dialogue.memory",
    "erasures", "decision_times",
)  # fmt: skip
CONSOLE = (
    "console.accounts", "console.sessions", "console.recovery_codes", "console.invitations", "console.sign_in_throttle",
)  # fmt: skip
# With the trial phones on, the console's process also receives what they write: it has both rights. The role is made everywhere,
# and has a password nowhere: only a server that trusts its own socket lets it in (docs/threat-model.md).
TRIAL, ITS_PARTS = "trial", ("web", "console")
SCHEMAS = ("public", "vault", "dialogue", "console")

GRANTS: dict[str, dict[str, str]] = {
    # The internet's listener: stores what arrives, finds or makes an identity, notes what providers report. It holds the master
    # key, so it may read nothing that was sealed before: no word, no address.
    "web": {
        "conversations": (
            "SELECT (id, channel, language, region, topics, operator_id), INSERT, UPDATE (last_seen_on, unreachable)"
        ),
        "inbox": "SELECT (id, conversation_id, position, dedup, status, received_at), INSERT, UPDATE (crowded)",
        "arrivals": ADD,
        "departures": READ,  # the reckoning of every message, for its metrics
        "outbox": "SELECT (id, conversation_id, reference_hash, status, error), UPDATE (status, error)",
        "tickets": ASK_FOR,
        "ticket_events": "INSERT",
        # One referral's page: it reads what was meant for the link's holder, and never why or with whose consent.
        "referrals": (
            "SELECT (id, conversation_id, organisation, state, token_hash, answer_hash, sealed_packet, expires_at, read_at), "
            "UPDATE (state, answer_hash, sealed_packet, read_at, answered_at)"
        ),
        "pagers": "SELECT (conversation_id)",  # a pager that cannot be reached is nobody's request
        "erasures": "SELECT (reference_hash, due_at), INSERT, UPDATE (due_at)",
        "pace": WRITE,  # how many messages came from one address
        "vault.keys": ADD,
        "vault.secrets": ADD,  # the first start makes it
        "vault.identities": "SELECT (conversation_id, channel, address_hash), INSERT, UPDATE (channel)",
        **TELLING,
        **QUEUE_IN,
    },
    # Answers and delivers: everything but the accounts' secrets.
    "worker": {
        **dict.fromkeys(JOURNEY, ALL),
        **dict.fromkeys(("vault.secrets", "desk_secrets"), WRITE),  # a rotation may be ordered from a worker's container
        **QUEUE_ALL,
        **AUDIT,
        "shifts": READ,
        "pagers": ALL,
        "pager_codes": "SELECT, DELETE",
        "releases": ADD,
        "webhooks": "SELECT, UPDATE (stopped_at)",
        "webhook_deliveries": ALL,
        **dict.fromkeys(("reveals", "referrals"), "SELECT, UPDATE, DELETE"),
        "suggestions": "SELECT, DELETE",  # those of whoever is forgotten
        "console.sessions": "SELECT (expires_at, ended_at), DELETE",  # what is over goes by age
        "console.invitations": "SELECT (expires_at, used_at), DELETE",
        "console.accounts": "SELECT (id, name, role, languages, interface_language, active)",
        "console.sign_in_throttle": ALL,  # who guesses at a pager's code is slowed down too
    },
    # The operators' listener: no vault, no word as it was typed, no value behind a placeholder.
    "console": {
        "conversations": WRITE,
        "inbox": "SELECT (id, conversation_id, channel, kind, status, received_at)",
        "outbox": "SELECT (id, conversation_id, position, channel, status, error, author, created_at, sent_at), INSERT",
        "placeholders": "SELECT (conversation_id, label, number)",
        "tickets": WRITE,
        "ticket_events": ADD,
        "desk_keys": ADD,
        "desk_secrets": ADD,
        "transcript": ADD,
        "notes": ADD,
        "agreements": WRITE,
        "decision_times": ALL,
        # It asks, decides and shows; what was opened is written by the worker alone.
        "reveals": "SELECT, INSERT, UPDATE (state, decided_by, decided_at, expires_at, sealed_answer, shown, seen_at)",
        "referrals": WRITE,
        "suggestions": "SELECT, INSERT, UPDATE (language, meant, state, sealed_text), DELETE",
        "arrivals": READ,
        "departures": READ,
        "tallies": READ,
        "releases": "SELECT (period, made_at, shown)",  # never what is withheld
        "webhooks": ALL,
        "webhook_deliveries": WRITE,
        "console.api_tokens": WRITE,
        "shifts": ALL,
        "pagers": "SELECT, DELETE",
        "pager_codes": ALL,
        **AUDIT,
        **dict.fromkeys(CONSOLE, ALL),
        **QUEUE_IN,
    },
    # The action server: opens and reads tickets.
    "actions": {
        "conversations": "SELECT (id, language, channel, region, topics, operator_id)",
        "tickets": ASK_FOR,
        "ticket_events": "INSERT",
        "shifts": READ,
        "console.accounts": "SELECT (id, languages, active, role)",  # whether somebody is on duty who speaks the language
        **TELLING,
    },
    # Rasa: its own memory.
    "rasa": {"dialogue.memory": ALL},
}

_MAY_MAKE_ROLES = text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")


def role(process: str) -> str:
    """The database's name for a process."""
    return f"komek_{process}"


def as_role(url: str, process: str) -> str:
    """`url` for the role of `process`, without a password: for a server that trusts its socket."""
    return make_url(url).set(username=role(process), password=None).render_as_string(hide_password=False)


def passwords(folder: Path | None) -> dict[str, str]:
    """What KOMEK_ROLE_PASSWORDS holds, by process. Raises SettingError for a file that is missing."""
    if folder is None:
        return {}
    try:
        return {process: (folder / f"db_{process}").read_text(encoding="utf-8").strip() for process in GRANTS}
    except OSError as error:
        name = Path(str(error.filename)).name
        raise SettingError(f"KOMEK_ROLE_PASSWORDS must hold a file {name} with that role's password") from None


def apply(url: str, passwords: Mapping[str, str] | None = None) -> bool:
    """Make the roles and grant what they may. False, and nothing is done, where `url`'s user may not make roles.

    passwords: by process; a role without one can only sign in where the server trusts it.
    """
    engine = create_engine(sqlalchemy_url(url), poolclass=pool.NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            if not connection.execute(_MAY_MAKE_ROLES).scalar():
                return False
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": 0x6B6F6D656C})
            for process, tables in GRANTS.items():
                _make(connection, process)
                _grant(connection, process, tables)
                for function in FUNCTIONS.get(process, ()):
                    connection.execute(text(f"GRANT EXECUTE ON FUNCTION {function} TO {role(process)}"))
                if passwords and process in passwords:
                    _set_password(connection, process, passwords[process])
            _make(connection, TRIAL)
            connection.execute(text(f"GRANT {', '.join(map(role, ITS_PARTS))} TO {role(TRIAL)}"))
        return True
    finally:
        engine.dispose()


def _make(connection: Connection, process: str) -> None:
    # Roles belong to the whole server: another database's migration may make the same one at this moment.
    connection.execute(
        text(
            f"""
            DO $$ BEGIN CREATE ROLE {role(process)} LOGIN;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
            """
        )
    )


def _grant(connection: Connection, process: str, tables: Mapping[str, str]) -> None:
    name = role(process)
    for schema in SCHEMAS:
        connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}"))
        connection.execute(text(f"REVOKE ALL ON SCHEMA {schema} FROM {name}"))
    for schema in sorted({_schema(table) for table in tables}):
        connection.execute(text(f"GRANT USAGE ON SCHEMA {schema} TO {name}"))
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"))
    for table, privileges in tables.items():
        connection.execute(text(f"GRANT {privileges} ON {table} TO {name}"))


def _schema(table: str) -> str:
    schema, dot, _ = table.rpartition(".")
    return schema if dot else "public"


def _set_password(connection: Connection, process: str, password: str) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role(process)), sql.Literal(password)))
