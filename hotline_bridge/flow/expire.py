"""expire: what age alone takes away, class by class (hotline_bridge/retention.py); first of all the hours (flow/coarse.py).

Every part may be repeated without harm. Whole conversations are forgotten by flow/sweep.forget_idle.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge import audit
from hotline_bridge.accounts import throttle
from hotline_bridge.flow import trail
from hotline_bridge.flow.coarse import coarsen
from hotline_bridge.flow.stations import AtDesk, Stations
from hotline_bridge.flow.sweep import forget_idle
from hotline_bridge.retention import EXACT, Limits
from hotline_bridge.store.days import BOUND, of, period
from hotline_bridge.store.engine import transaction

log = structlog.get_logger(__name__)


def _published(moment: str, form: str) -> str:
    """The figures count these months and the years in which they lie once; before that a ticket is needed as it is."""
    return f"EXISTS (SELECT 1 FROM releases WHERE period = {period(moment, form)})"


_OPEN = "EXISTS (SELECT 1 FROM tickets AS t WHERE t.conversation_id = {0}.conversation_id AND t.state <> 'closed')"
_OLDER = "now() - make_interval(days => :days)"

# A message that was answered becomes a count, so that the reckoning of every message still adds up (reckoning.py).
_DELIVERY = (
    f"""
    WITH gone AS (
        DELETE FROM inbox AS i USING conversations AS c
        WHERE c.id = i.conversation_id AND i.status <> 'waiting' AND i.received_at < {_OLDER}
        RETURNING i.channel, i.status, c.language
    )
    INSERT INTO departures (day, channel, outcome, messages, language)
    SELECT {of("now()")}, channel, status, count(*), language FROM gone GROUP BY channel, status, language
    """,
    f"DELETE FROM outbox WHERE status NOT IN ('waiting', 'held') AND greatest(created_at, sent_at) < {_OLDER}",
    f"DELETE FROM webhook_deliveries WHERE state <> 'waiting' AND done_at < {_OLDER}",
)
_CLOSED = (
    f"DELETE FROM transcript AS x WHERE at < {_OLDER} AND NOT {_OPEN.format('x')}",
    f"DELETE FROM notes AS x WHERE at < {_OLDER} AND NOT {_OPEN.format('x')}",
    f"DELETE FROM ticket_events AS x WHERE at < {_OLDER} AND NOT {_OPEN.format('x')}",
    f"""
    UPDATE tickets SET facts = '{{}}', turn_id = NULL, code_hash = NULL, resumes = NULL, conversation_id = NULL, taken_by = NULL
    WHERE state = 'closed' AND closed_at < {_OLDER} AND (conversation_id IS NOT NULL OR taken_by IS NOT NULL)
    """,
    f"""
    UPDATE reveals SET conversation_id = NULL, sealed_reason = NULL, sealed_answer = NULL, sealed_value = NULL
    WHERE conversation_id IS NOT NULL AND asked_at < {_OLDER} AND state NOT IN ('asked', 'granted', 'opening', 'opened')
    """,
    f"""
    UPDATE referrals
    SET conversation_id = NULL, token_hash = NULL, answer_hash = NULL, sealed_packet = NULL, sealed_consent = NULL
    WHERE conversation_id IS NOT NULL AND made_at < {_OLDER} AND state NOT IN ('sent', 'read', 'accepted')
    """,
    f"""
    UPDATE tickets SET language = NULL, region = NULL, topics = '[]'
    WHERE conversation_id IS NULL AND state = 'closed' AND closed_at < {_OLDER}
      AND (language IS NOT NULL OR region IS NOT NULL OR topics <> '[]') AND {_published("opened_at", "YYYY-MM")}
    """,
    f"""
    DELETE FROM tickets WHERE conversation_id IS NULL AND state = 'closed' AND closed_at < {_OLDER}
      AND {_published("closed_at", "YYYY")}
    """,
)
_AUDITED = (
    f"DELETE FROM reveals WHERE conversation_id IS NULL AND asked_at < {_OLDER}",
    f"DELETE FROM referrals WHERE conversation_id IS NULL AND made_at < {_OLDER}",
)
_SIGN_IN = (
    f"DELETE FROM console.sessions WHERE expires_at < {_OLDER} OR ended_at < {_OLDER}",
    f"DELETE FROM console.invitations WHERE expires_at < {_OLDER} OR used_at < {_OLDER}",
)
_MOMENTARY = (
    "DELETE FROM pager_codes WHERE expires_at < now()",
    "DELETE FROM code_guesses WHERE at < now() - interval '1 day'",
    "DELETE FROM pace WHERE free_at < now() - interval '1 hour'",
    # A turn of Rasa's that ended after we stopped waiting for it may have written once more.
    "DELETE FROM dialogue.memory WHERE conversation NOT IN (SELECT id FROM conversations)",
    """
    DELETE FROM outbox USING pagers AS p
    WHERE outbox.conversation_id = p.conversation_id AND created_at < now() - CAST(:exact AS interval) AND status <> 'waiting'
    """,
)


async def by_age(stations: Stations, limits: Limits) -> None:
    """What is kept no longer, of everything. The idle first: what is left of them is shortened in the same round."""
    try:
        await forget_idle(stations, limits.idle)
    finally:  # one who cannot be forgotten must not keep everybody's hours
        await expire(stations, limits)


async def expire(stations: AtDesk, limits: Limits) -> None:
    """One round."""
    async with transaction(stations.store.engine) as connection:
        await coarsen(connection)
    async with transaction(stations.store.engine) as connection:
        await _run(connection, _DELIVERY, limits.delivery)
        await _run(connection, _CLOSED, limits.closed)
        await _run(connection, _AUDITED, limits.audit)
        await _run(connection, _SIGN_IN, limits.sign_in)
        await _run(connection, _MOMENTARY)
        await throttle.sweep(connection, stations.clock())
    await _shorten_trail(stations, limits.audit)


async def _run(connection: AsyncConnection, statements: Iterable[str], days: int | None = None) -> None:
    values: dict[str, Any] = {"exact": EXACT, **BOUND} | ({} if days is None else {"days": days})
    for statement in statements:
        await connection.execute(text(statement), values)


async def _shorten_trail(stations: AtDesk, days: int) -> None:
    """Once a day at most: the whole trail is proven before any of it goes."""
    before = stations.clock() - timedelta(days=days)
    async with transaction(stations.store.engine, durable=False) as connection:
        oldest = await audit.oldest(connection)
    if oldest is not None and oldest < before - timedelta(days=1):
        removed = await trail.shorten(stations, before)
        log.info("audit trail shortened", rows=removed)
