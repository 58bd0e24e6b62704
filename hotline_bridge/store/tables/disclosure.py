"""What leaves the vault or the house for somebody's sake: sealed values that were opened, and referrals to others.

The reason, the value and the consent are sealed under the conversation's desk key; a referral's packet under a key that only its
link holds. When the conversation is forgotten the rows stay without them.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Index, LargeBinary, SmallInteger, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from hotline_bridge.store.tables.base import metadata

reveals = Table(
    "reveals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("what", Text, nullable=False),  # PHONE_1 …, or "address": the person's own number or chat
    Column("state", Text, nullable=False),  # asked granted opening opened erased refused expired failed forgotten
    Column("danger", Boolean, nullable=False),  # granted at once, because a need of danger was open
    Column("sealed_reason", LargeBinary),
    Column("sealed_answer", LargeBinary),  # why it was refused
    Column("sealed_value", LargeBinary),  # for ten minutes
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", DateTime(timezone=True), nullable=False),
    Column("decided_by", Uuid),  # None: danger decided
    Column("decided_at", DateTime(timezone=True)),
    Column("expires_at", DateTime(timezone=True), nullable=False),  # asked or granted, and not used until then
    Column("opened_at", DateTime(timezone=True)),
    Column("erase_at", DateTime(timezone=True)),
    Column("shown", SmallInteger, nullable=False, server_default="0"),  # how often
    Column("seen_at", DateTime(timezone=True)),  # danger: a supervisor has seen that it was opened
    Column("why", Text),  # failed: forgotten, unknown, not_yours, not_allowed, too_many
    Index("reveals_conversation_idx", "conversation_id", "asked_at"),
    Index("reveals_asked_idx", "asked_at"),
    Index("reveals_live_idx", "state", postgresql_where=text("state IN ('asked', 'granted', 'opening', 'opened')")),
)

referrals = Table(
    "referrals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("organisation", Text, nullable=False),  # an id of knowledge/organisations.yml
    Column("state", Text, nullable=False),  # sent read accepted served refused withdrawn expired forgotten
    Column("noted", Text, nullable=False),  # the last state that stands in the audit trail
    Column("fields", JSONB, nullable=False, server_default=text("'[]'")),  # names of what was given, never what it says
    Column("token_hash", LargeBinary, unique=True),  # sha256 of the link's token
    Column("answer_hash", LargeBinary),  # sha256 of what the reader answers with
    Column("sealed_packet", LargeBinary),  # under a key derived from the token; gone when it was read
    Column("sealed_consent", LargeBinary),
    Column("made_by", Uuid, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("read_at", DateTime(timezone=True)),
    Column("answered_at", DateTime(timezone=True)),
    Column("answered_by", Uuid),  # an account; None: the reader, by the page
    Column("served_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),  # withdrawn, expired or forgotten
    Index("referrals_conversation_idx", "conversation_id", "made_at"),
    Index("referrals_live_idx", "state", postgresql_where=text("state IN ('sent', 'read', 'accepted')")),
)
