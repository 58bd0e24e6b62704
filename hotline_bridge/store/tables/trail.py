"""The audit trail. A trigger refuses to change or remove its rows; by age they go through audit_shorten() alone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hotline_bridge.store.tables.base import metadata

audit = Table(
    "audit",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("id", Uuid, nullable=False, unique=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("actor", Uuid),  # an account; None: the bridge itself
    Column("action", Text, nullable=False),
    Column("subject", Uuid),  # a conversation or an account
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),  # closed values, never words
    Column("own", LargeBinary, nullable=False),  # over what this row says
    Column("link", LargeBinary, nullable=False),  # over its place and all rows before it
    Index("audit_at_idx", "at"),
    Index("audit_actor_idx", "actor", "sequence"),
    Index("audit_subject_idx", "subject", "sequence"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("sequence", BigInteger, nullable=False),  # of the last row
    Column("link", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
)

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("through", BigInteger, primary_key=True, autoincrement=False),  # the last row that was removed by age
    Column("link", LargeBinary, nullable=False),
    Column("sealed_at", DateTime(timezone=True), nullable=False),
    Column("mac", LargeBinary, nullable=False),
)
