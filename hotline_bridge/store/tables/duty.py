"""When operators are there, and the chats in which they are called. Nothing here tells about anybody who asks for help."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    LargeBinary,
    SmallInteger,
    Table,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)

from hotline_bridge.store.tables.base import metadata
from hotline_bridge.store.tables.console import accounts
from hotline_bridge.store.tables.journey import conversations

shifts = Table(
    "shifts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False),
    Column("weekday", SmallInteger),  # 0 is Monday; each week
    Column("day", Date),  # instead of a weekday: this once
    Column("starts", Time, nullable=False),  # in Kazakhstan
    Column("ends", Time, nullable=False),  # not after `starts`: on the next day
    Column("away", Boolean, nullable=False, server_default=text("false")),  # is not there, whatever else is said
    CheckConstraint("num_nonnulls(weekday, day) = 1 AND weekday BETWEEN 0 AND 6", name="shifts_when_check"),
    UniqueConstraint(
        "account_id",
        "weekday",
        "day",
        "starts",
        "ends",
        "away",
        name="shifts_once_key",
        postgresql_nulls_not_distinct=True,
    ),
)

pagers = Table(
    "pagers",
    metadata,
    Column("account_id", Uuid, ForeignKey(accounts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", Uuid, ForeignKey(conversations.c.id, ondelete="CASCADE"), nullable=False, unique=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
)

pager_codes = Table(
    "pager_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),  # keyed
    Column("account_id", Uuid, ForeignKey(accounts.c.id, ondelete="CASCADE"), nullable=False, unique=True),
    Column("expires_at", DateTime(timezone=True), nullable=False),
)
