"""Every table of ours. Words and addresses are LargeBinary and sealed; nothing else says who or what.

`public` holds the journey and the operators' side, `vault` keys and addresses, `dialogue` what Rasa remembers, `console` who
works here.
"""

from hotline_bridge.store.tables.base import metadata
from hotline_bridge.store.tables.console import accounts, invitations, recovery_codes, sessions, sign_in_throttle
from hotline_bridge.store.tables.desk import (
    agreements,
    decision_times,
    desk_keys,
    desk_secrets,
    notes,
    suggestions,
    tallies,
    ticket_events,
    tickets,
    transcript,
)
from hotline_bridge.store.tables.disclosure import referrals, reveals
from hotline_bridge.store.tables.duty import pager_codes, pagers, shifts
from hotline_bridge.store.tables.figures import releases
from hotline_bridge.store.tables.journey import (
    arrivals,
    conversations,
    departures,
    erasures,
    identities,
    inbox,
    keys,
    memory,
    outbox,
    pace,
    placeholders,
    secrets,
)
from hotline_bridge.store.tables.partners import api_tokens, webhook_deliveries, webhooks
from hotline_bridge.store.tables.reach import code_guesses
from hotline_bridge.store.tables.trail import audit, audit_checkpoints, audit_head

__all__ = [
    "accounts", "agreements", "api_tokens", "arrivals", "audit", "audit_checkpoints", "audit_head", "code_guesses",
    "conversations", "decision_times", "departures", "desk_keys", "desk_secrets", "erasures", "identities", "inbox",
    "invitations", "keys", "memory", "metadata", "notes", "outbox", "pace", "pager_codes", "pagers", "placeholders",
    "recovery_codes", "referrals", "releases", "reveals", "secrets", "sessions", "shifts", "sign_in_throttle", "suggestions",
    "tallies", "ticket_events", "tickets", "transcript", "webhook_deliveries", "webhooks",
]  # fmt: skip
