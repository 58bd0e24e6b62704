"""Every table of ours. Words and addresses are LargeBinary and sealed; nothing else says who or what.

`public` holds the journey and the operators' side, `vault` keys and addresses, `dialogue` what Rasa remembers.
"""

from hotline_bridge.store.tables.base import metadata
from hotline_bridge.store.tables.desk import agreements, desk_keys, notes, tallies, ticket_events, tickets, transcript
from hotline_bridge.store.tables.journey import (
    arrivals,
    conversations,
    departures,
    identities,
    inbox,
    keys,
    memory,
    outbox,
    pace,
    placeholders,
)

__all__ = [
    "agreements", "arrivals", "conversations", "departures", "desk_keys", "identities", "inbox", "keys", "memory", "metadata",
    "notes", "outbox", "pace", "placeholders", "tallies", "ticket_events", "tickets", "transcript",
]  # fmt: skip
