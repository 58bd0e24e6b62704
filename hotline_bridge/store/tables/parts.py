"""Which tables belong to which copy (custody/backup.py). What is named nowhere else is words."""

from __future__ import annotations

from hotline_bridge.store.tables.base import metadata

# What opens the rest: copied apart, kept briefly, and never together with the words.
KEYS = ("vault.secrets", "vault.keys", "vault.identities", "desk_secrets", "desk_keys")
# What is of the moment: the line to a provider, the dialogue's state, links that work for minutes. A restored installation
# begins without them.
NOT_COPIED = (
    "pace", "dialogue.memory", "pager_codes", "console.sessions", "console.invitations", "console.sign_in_throttle",
)  # fmt: skip


def words() -> list[str]:
    """The tables of the copy of the words, as schema.table."""
    named = [f"{table.schema or 'public'}.{table.name}" for table in metadata.sorted_tables]
    apart = {name if "." in name else f"public.{name}" for name in (*KEYS, *NOT_COPIED)}
    return [name for name in named if name not in apart]
