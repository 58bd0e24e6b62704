"""The tables of the people who work in the console: schema `console`, apart from the journey's and the vault's.

No password, code, link or session can be read from them: passwords are argon2id hashes, tokens are kept as hashes, the secret
of the second factor is sealed under a key of its own, and a source address is a keyed hash.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from hotline_bridge.store.tables.base import metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("login", Text, nullable=False, unique=True),  # lower case
    Column("name", Text, nullable=False),  # what colleagues read; never shown to people who write
    Column("role", Text, nullable=False),  # operator supervisor administrator auditor
    Column("password_hash", Text),  # None until the invitation that renews the account is taken up
    Column("sealed_totp", LargeBinary),
    Column("totp_step", BigInteger),  # the last step that was used: each code counts once
    Column("languages", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # those the person answers in
    Column("interface_language", Text, nullable=False, server_default="en"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    schema="console",
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),  # SHA-256; the token is in the browser's cookie and nowhere else
    Column("account_id", Uuid, ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_seen_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Index("sessions_account_idx", "account_id"),
    schema="console",
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Uuid, ForeignKey(accounts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("code_hash", LargeBinary, primary_key=True),  # keyed
    Column("used_at", DateTime(timezone=True)),
    schema="console",
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("account_id", Uuid, ForeignKey(accounts.c.id, ondelete="CASCADE")),  # the account it renews; None: a new one
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("invited_by", Uuid, ForeignKey(accounts.c.id, ondelete="SET NULL")),  # None: the command line
    Column("sealed_totp", LargeBinary),  # the secret on the invitation's page; moves to the account
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),  # taken up or withdrawn
    schema="console",
)

sign_in_throttle = Table(
    "sign_in_throttle",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # keyed hash of a login, a known browser or a source address
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
    Column("free_at", DateTime(timezone=True), nullable=False),
    schema="console",
)
