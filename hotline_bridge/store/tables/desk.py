"""The operators' side: tickets, what was said as an operator may read it, notes, agreements, counts.

Words are sealed under the conversation's desk key, which the console holds and the vault's keys have nothing to do with: they
are anonymised before they are sealed here.
"""

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
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from hotline_bridge.store.tables.base import metadata

tickets = Table(
    "tickets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="SET NULL")),
    Column("public_id", Uuid, nullable=False, unique=True, server_default=func.gen_random_uuid()),  # for other case systems
    Column("turn_id", Uuid),
    Column("need", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),  # open taken closed
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),  # closed answers such as leave_message=no; never words
    Column("language", Text),
    Column("channel", Text, nullable=False),
    Column("region", Text),
    Column("topics", JSONB, nullable=False, server_default=text("'[]'")),
    Column("code_hash", LargeBinary, unique=True),  # keyed hash of the number that the person was told
    Column("resumes", Uuid),  # the ticket whose number was written from here
    Column("opened_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("waiting_since", DateTime(timezone=True), nullable=False, server_default=func.now()),  # see tickets/taking.py
    Column("flagged_at", DateTime(timezone=True)),  # words of danger while an operator had it, or the agreed sign
    Column("taken_by", Uuid),  # an account
    Column("taken_at", DateTime(timezone=True)),  # the first time: waiting ends here in the figures
    Column("answered_at", DateTime(timezone=True)),  # the first answer of a human was handed over to be sent
    Column("answered_since", DateTime(timezone=True)),  # the same since waiting_since: opened again, it has none
    Column("answer_by", DateTime(timezone=True)),  # claimed danger that is unheard again from then on (tickets/paging.py)
    Column("taken_after", Integer),  # seconds from its opening, once the times above are days alone (flow/expire.py)
    Column("answered_after", Integer),
    Column("closed_at", DateTime(timezone=True)),
    Column("outcome", Text),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),
    Column("page_level", SmallInteger, nullable=False, server_default="0"),  # how far up the paging has gone
    Column("paged_at", DateTime(timezone=True)),
    Column("told_at", DateTime(timezone=True)),  # the person knows that nobody has taken it
    Index("tickets_need_idx", "conversation_id", "need", unique=True, postgresql_where=text("state <> 'closed'")),
    Index("tickets_open_idx", "waiting_since", postgresql_where=text("state <> 'closed'")),
    Index("tickets_conversation_idx", "conversation_id"),
    Index("tickets_opened_idx", "opened_at"),
    Index("tickets_resumes_idx", "resumes", postgresql_where=text("resumes IS NOT NULL")),
)

desk_keys = Table(
    "desk_keys",
    metadata,
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("desk", Text, nullable=False),  # which desk secret wrapped it
)

desk_secrets = Table(
    "desk_secrets",
    metadata,
    Column("name", Text, primary_key=True),  # root: what must outlive a change of the desk's key (vault/root.py)
    Column("wrapped", LargeBinary, nullable=False),
    Column("master", Text, nullable=False),  # which key of the desk's ring wrapped it: that one is in force
)

transcript = Table(
    "transcript",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False, server_default="1"),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("speaker", Text, nullable=False),  # person bot operator
    Column("author", Uuid),  # the operator's account
    Column("kind", Text, nullable=False),  # of what the person sent (messages.Kind); "reply" for the others
    Column("key", Text),  # which reply or topic the bot said, so that it can be shown in the operator's language
    Column("outbox_id", Uuid),  # whether it has arrived stands there
    Column("danger", Boolean, nullable=False, server_default=text("false")),  # words of danger were found in it
    Column("sealed_text", LargeBinary, nullable=False),
    Index("transcript_conversation_idx", "conversation_id", "position"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("author", Uuid, nullable=False),
    Column("sealed_text", LargeBinary, nullable=False),
    Index("notes_conversation_idx", "conversation_id", "at"),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    # Safety: when what was said goes, by age or because its writer is forgotten, so does what was made of it.
    Column("line_id", Uuid, ForeignKey("transcript.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("language", Text, nullable=False),
    Column("understood", Text),  # the intent that was answered; None: none, or it is not known
    Column("meant", Text, nullable=False),  # the intent that it should have been
    Column("state", Text, nullable=False, server_default="offered"),  # offered accepted; what is taken out or dropped is gone
    Column("sealed_text", LargeBinary, nullable=False),
    Column("sealed_consent", LargeBinary, nullable=False),
    Column("made_by", Uuid, nullable=False),
    Column("made_on", Date, nullable=False),
    Index("suggestions_conversation_idx", "conversation_id"),
)

ticket_events = Table(
    "ticket_events",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("actor", Uuid),  # an account; None: the bridge itself
    Column("kind", Text, nullable=False),  # claimed handed_over given_back lost closed reopened flagged …
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),  # closed values, never words
    Index("ticket_events_conversation_idx", "conversation_id", "at"),
)

agreements = Table(
    "agreements",
    metadata,
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("method", Text, nullable=False),  # this_chat number call
    Column("placeholder", Text),  # [PHONE_n] that stands for the other number
    Column("hours", JSONB, nullable=False, server_default=text("'[]'")),  # parts of the day: morning day evening night; [] is any
    Column("leave_message", Boolean, nullable=False, server_default=text("false")),
    Column("sealed_words", LargeBinary),  # the agreed word and the word of alarm
    Column("made_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("confirmed_at", DateTime(timezone=True)),  # "it is safe now" was last answered with yes
    Column("asked_at", DateTime(timezone=True)),  # when it was last asked
    Column("refused_at", DateTime(timezone=True)),  # when it was last answered with no
)

decision_times = Table(
    "decision_times",
    metadata,
    Column("conversation_id", Uuid, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("identified_on", Date, nullable=False),  # as a victim: the time to decide is counted from here
    Column("noted_by", Uuid, nullable=False),  # an account
)

tallies = Table(
    "tallies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("day", Date, nullable=False, server_default=func.current_date()),
    Column("kind", Text, nullable=False),  # contact topic unanswered
    Column("key", Text, nullable=False, server_default=""),  # which topic
    Column("language", Text),
    Column("channel", Text, nullable=False),
    Column("region", Text),
    Column("times", Integer, nullable=False, server_default="1"),
    Index("tallies_day_idx", "day", "kind"),
)
