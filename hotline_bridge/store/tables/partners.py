"""Other case systems: who may ask, whom we tell, and what is still to be told. Nothing here says who wrote or what."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from hotline_bridge.store.tables.base import metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),  # the system that uses it, as colleagues call it
    Column("prefix", Text, nullable=False),  # the token's beginning, by which it is known again
    Column("token_hash", LargeBinary, nullable=False, unique=True),  # SHA-256: the token is random, 256 bits
    Column("scopes", ARRAY(Text), nullable=False),
    Column("made_by", Uuid, ForeignKey("console.accounts.id", ondelete="SET NULL")),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("last_used_on", Date),
    Column("withdrawn_at", DateTime(timezone=True)),
    schema="console",
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", ARRAY(Text), nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),  # under a key of the desk's
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("stopped_at", DateTime(timezone=True)),  # the receiver said that it is gone
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),  # the same at every attempt: by it a receiver knows a repetition
    Column("webhook_id", Uuid, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event", Text, nullable=False),
    Column("body", Text, nullable=False),  # exactly what is signed and sent
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("state", Text, nullable=False, server_default="waiting"),  # waiting sent failed
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("not_before", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("answer", Text),  # what the last attempt met: a status, or a short name of a fault
    Column("done_at", DateTime(timezone=True)),
    Index("webhook_deliveries_waiting_idx", "not_before", postgresql_where=text("state = 'waiting'")),
    Index("webhook_deliveries_webhook_idx", "webhook_id", "made_at"),
)
