"""The journey of a message, the vault, and what Rasa remembers. The queue's tables are procrastinate's."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hotline_bridge.store.tables.base import metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("language", Text),  # None until the first message tells
    Column("script", Text, nullable=False, server_default="cyrl"),
    Column("language_chosen", Boolean, nullable=False, server_default=text("false")),  # asked for: sticky
    Column("offered", JSONB, nullable=False, server_default=text("'[]'")),  # choices behind the numbers of the last SMS
    Column("topic", Text),  # what "more" and "source" refer to
    Column("page", SmallInteger, nullable=False, server_default="0"),
    Column("silence", Text),  # None, stopped or unsafe
    Column("return_code", Text),  # what ends an unsafe silence
    Column("confirming", Text),  # a safety intent that was asked about in the turn before
    Column("operator_id", Uuid),  # who has taken over: the bot is silent
    Column("operator_seen_at", DateTime(timezone=True)),  # the operator's last sign of life
    Column("dialogue_over", Boolean, nullable=False, server_default=text("false")),  # an operator came: it begins anew after
    Column("unreachable", Text),  # the code with which a provider said that this person cannot be written to
    Column("topics", JSONB, nullable=False, server_default=text("'[]'")),  # what was asked about, for the ticket and the count
    Column("region", Text),
    Column("counted_on", Date),  # the last day on which this conversation was counted as a contact
    Column("opened_on", Date, nullable=False, server_default=func.current_date()),
    Column("last_seen_on", Date, nullable=False, server_default=func.current_date()),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Uuid, primary_key=True),  # the turn
    Column("position", BigInteger, nullable=False, server_default="1"),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("dedup", LargeBinary, nullable=False, unique=True),  # keyed hash of the provider's id
    Column("kind", Text, nullable=False),
    Column("sealed_text", LargeBinary),
    Column("sealed_reference", LargeBinary),
    Column("status", Text, nullable=False, server_default="waiting"),  # waiting answered ticketed refused
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("done_at", DateTime(timezone=True)),
    Column("crowded", Boolean, nullable=False, server_default=text("false")),  # its writer sent too many (crowding.py)
    Index("inbox_waiting_idx", "conversation_id", "position", postgresql_where=text("status = 'waiting'")),
    Index("inbox_conversation_idx", "conversation_id", "position"),
    Index("inbox_received_idx", "received_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False, server_default="1"),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("inbox_id", Uuid),
    Column("ordinal", SmallInteger, nullable=False, server_default="0"),
    Column("channel", Text, nullable=False),
    Column("sealed_message", LargeBinary),
    Column("urgent", Boolean, nullable=False, server_default=text("false")),
    Column("sealed_by", Text, nullable=False, server_default="conversation"),  # conversation or desk: whose key opens it
    Column("author", Uuid),  # the operator who wrote it; None: the bot
    Column("status", Text, nullable=False, server_default="waiting"),  # waiting held sent delivered failed
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("not_before", DateTime(timezone=True)),
    Column("reference_hash", LargeBinary),  # keyed hash of the provider's id, to find it again by a status callback
    Column("sealed_reference", LargeBinary),
    Column("error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("sent_at", DateTime(timezone=True)),
    UniqueConstraint("inbox_id", "ordinal"),
    Index("outbox_waiting_idx", "conversation_id", "position", postgresql_where=text("status = 'waiting'")),
    Index("outbox_held_idx", "conversation_id", postgresql_where=text("status = 'held'")),
    Index("outbox_conversation_idx", "conversation_id", "position"),
    Index("outbox_reference_idx", "reference_hash"),
)

placeholders = Table(
    "placeholders",
    metadata,
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("label", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("value_hash", LargeBinary, nullable=False),  # keyed by the conversation's key: the same value, the same number
    Column("sealed_value", LargeBinary, nullable=False),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("day", Date, nullable=False, server_default=func.current_date()),
    Column("channel", Text, nullable=False),
)

departures = Table(
    "departures",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    Column("day", Date, nullable=False, server_default=func.current_date()),
    Column("channel", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # the inbox status the message had when its row went
    Column("messages", Integer, nullable=False),
    Column("language", Text),
)

# What a provider, or the trial phones, is to erase. Nothing here leads to a conversation; a row goes when it is done.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("reference_hash", LargeBinary, unique=True),  # keyed hash of the provider's id, where a later status makes it due
    Column("sealed", LargeBinary, nullable=False),  # address and references, under a key of the vault's own
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),  # after it nothing can be erased any more, or it is given up
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Index("erasures_due_idx", "due_at"),
)

pace = Table(
    "pace",
    metadata,
    Column("key", Text, primary_key=True),  # a channel, or a conversation's id
    Column("free_at", DateTime(timezone=True), nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("conversation_id", Uuid, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("master", Text, nullable=False),  # which master key wrapped it
    schema="vault",
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),  # root: what must outlive a change of the master key (vault/root.py)
    Column("wrapped", LargeBinary, nullable=False),
    Column("master", Text, nullable=False),  # which master key wrapped it: that one is in force
    schema="vault",
)

identities = Table(
    "identities",
    metadata,
    Column("conversation_id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address_hash", LargeBinary, nullable=False, unique=True),
    Column("sealed_address", LargeBinary, nullable=False),
    schema="vault",
)

memory = Table(
    "memory",
    metadata,
    Column("conversation", Uuid, primary_key=True),
    Column("turn", Text),
    Column("state", JSONB),
    Column("previous", JSONB),
    Column("updated_on", Date, server_default=func.current_date()),
    schema="dialogue",
)
