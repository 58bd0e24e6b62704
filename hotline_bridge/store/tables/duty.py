"""When operators are there. A shift tells nothing about anybody who writes."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    SmallInteger,
    Table,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)

from hotline_bridge.store.tables.base import metadata
from hotline_bridge.store.tables.console import accounts

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
