"""The queue as operators see it: one row a person who waits or is being helped, the most endangered first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.tickets.danger import IS_DANGER
from hotline_bridge.tickets.needs import DANGERS, NEEDS

# Only what is open is read (tickets_open_idx), however many tickets were ever closed. A filter chooses people, not tickets:
# whoever is shown is shown with all their needs, so that danger does not vanish behind another one (tests/console/desk). Whoever
# cries or is not answered while somebody has them stands among those whom nobody has: colleagues are called for them, too.
_UNHEARD = "t.flagged_at IS NOT NULL OR coalesce(t.answer_by <= now(), false)"
# An agreed sign whose time to answer is over is danger again, whatever its ticket is for (tests/flow/test_operate.py).
_PRESSES = f"bool_or({IS_DANGER} OR {_UNHEARD})"
_QUEUE = text(
    f"""
    SELECT c.id, c.language, c.script, c.channel, c.region, c.topics, c.silence, c.unreachable, c.operator_id,
           array_agg(t.need ORDER BY n.rank) AS needs,
           {_PRESSES} AS danger,
           max(t.flagged_at) AS flagged_at,
           min(t.answer_by) AS answer_by,
           bool_or(EXISTS (SELECT 1 FROM tickets o WHERE o.resumes = t.id AND o.conversation_id <> c.id)) AS goes_on,
           min(t.waiting_since) AS waiting_since,
           min(t.waiting_since + make_interval(mins => n.minutes)) AS due_at,
           sum(t.reopened) AS reopened
    FROM tickets t
    JOIN conversations c ON c.id = t.conversation_id
    JOIN unnest(cast(:names AS text[]), cast(:minutes AS integer[]), cast(:ranks AS integer[])) AS n(name, minutes, rank)
         ON n.name = t.need
    WHERE t.state <> 'closed'
      AND (cast(:whose AS text) = 'all'
           OR :whose = 'free'
           OR (:whose = 'mine' AND c.operator_id = cast(:account AS uuid)))
    GROUP BY c.id
    HAVING (:whose <> 'free' OR c.operator_id IS NULL OR bool_or({_UNHEARD}))
      AND ({_PRESSES}
        OR ((cast(:languages AS text[]) IS NULL OR c.language = ANY(:languages) OR c.language IS NULL)
            AND (cast(:channel AS text) IS NULL OR c.channel = :channel)
            AND (cast(:topic AS text) IS NULL OR c.topics ? :topic)
            AND (cast(:region AS text) IS NULL OR c.region = :region)
            AND (cast(:need AS text) IS NULL OR bool_or(t.need = :need))))
    ORDER BY danger DESC, c.operator_id IS NOT NULL AND NOT bool_or({_UNHEARD}), due_at
    LIMIT :most
    """
)
_ELSEWHERE = text(
    """
    SELECT a.conversation_id, a.method, a.hours, max(i.received_at) AS heard_at
    FROM agreements a LEFT JOIN inbox i ON i.conversation_id = a.conversation_id
    WHERE a.method <> 'this_chat' AND a.conversation_id = ANY(cast(:conversations AS uuid[]))
    GROUP BY a.conversation_id
    """
)
_TOTALS = text(
    f"""
    SELECT taken_by, count(DISTINCT conversation_id) AS people,
           count(DISTINCT conversation_id) FILTER (WHERE {_UNHEARD}) AS unheard
    FROM tickets t WHERE state <> 'closed' AND conversation_id IS NOT NULL GROUP BY taken_by
    """
)


@dataclass(frozen=True, slots=True)
class Filter:
    """whose: free (nobody has them, or they are unheard), mine or all. The others: None is any.

    Danger is shown whatever else is asked for.
    """

    whose: str = "free"
    languages: tuple[str, ...] | None = None
    channel: str | None = None
    topic: str | None = None
    region: str | None = None
    need: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """That somebody agreed to a call or another number, and in which parts of the day. heard_at: when they wrote last here."""

    method: str
    hours: tuple[str, ...]
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One person who waits or is being helped. due_at: when the promise for the most pressing need runs out.

    answer_by: of danger that somebody has taken and not answered, until when they may.
    goes_on: from another phone, whose ticket this one's number was written for.
    """

    conversation: UUID
    needs: tuple[str, ...]
    danger: bool
    flagged_at: datetime | None
    waiting_since: datetime
    due_at: datetime
    reopened: int
    language: str | None
    script: str
    channel: str
    region: str | None
    topics: tuple[str, ...]
    silence: str | None
    unreachable: str | None
    operator: UUID | None
    elsewhere: Elsewhere | None = None
    answer_by: datetime | None = None
    goes_on: bool = False

    def is_unheard(self, now: datetime) -> bool:
        """Whether somebody has them and has not reacted to their danger."""
        lapsed = self.answer_by is not None and now >= self.answer_by
        return self.operator is not None and (self.flagged_at is not None or lapsed)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people wait or are unheard, are mine, and are open in all."""

    free: int
    mine: int
    everything: int


@dataclass(frozen=True, slots=True)
class Totals:
    """How many people nobody has, and how many each account; unheard: how many of these last."""

    free: int
    by_account: dict[UUID, int]
    unheard: int = 0

    def of(self, account: UUID) -> Counts:
        """As this account sees it."""
        everything = self.free + sum(self.by_account.values())
        return Counts(self.free + self.unheard, self.by_account.get(account, 0), everything)


async def read(connection: AsyncConnection, account: UUID, wanted: Filter, *, most: int = 100) -> list[Row]:
    """The first `most` rows."""
    needs = list(NEEDS.values())
    values: dict[str, Any] = {
        "names": [n.name for n in needs],
        "dangers": list(DANGERS),
        "minutes": [n.minutes for n in needs],
        "ranks": [n.rank for n in needs],
        "whose": wanted.whose,
        "account": account,
        "languages": list(wanted.languages) if wanted.languages else None,
        "channel": wanted.channel,
        "topic": wanted.topic,
        "region": wanted.region,
        "need": wanted.need,
        "most": most,
    }
    found = (await connection.execute(_QUEUE, values)).all()
    ways = await connection.execute(_ELSEWHERE, {"conversations": [row.id for row in found]})
    elsewhere = {one.conversation_id: Elsewhere(one.method, tuple(one.hours), one.heard_at) for one in ways}
    return [_row(row, elsewhere.get(row.id)) for row in found]


async def totals(connection: AsyncConnection) -> Totals:
    """For the tabs above the queue, of everybody."""
    rows = (await connection.execute(_TOTALS)).all()
    held = [row for row in rows if row.taken_by is not None]
    free = next((row.people for row in rows if row.taken_by is None), 0)
    return Totals(free, {row.taken_by: row.people for row in held}, sum(row.unheard for row in held))


def _row(row: Any, elsewhere: Elsewhere | None) -> Row:
    return Row(
        row.id,
        tuple(row.needs),
        row.danger,
        row.flagged_at,
        row.waiting_since,
        row.due_at,
        row.reopened,
        row.language,
        row.script,
        row.channel,
        row.region,
        tuple(row.topics),
        row.silence,
        row.unreachable,
        row.operator_id,
        elsewhere,
        row.answer_by,
        row.goes_on,
    )
