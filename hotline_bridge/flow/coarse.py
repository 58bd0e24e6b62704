"""coarse: days instead of moments. What providers call a message goes with its hour, by which both were needed.

To the second, when somebody wrote can be laid beside a telephone company's list; the queue needs it only while they wait. The
day that stays is the one in Kazakhstan, whichever table it stands in.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline_bridge.retention import EXACT, REMOVABLE, REPEATED
from hotline_bridge.store.days import BOUND, beginning

_OLD = "now() - CAST(:exact AS interval)"


def _in_order(table: str, moment: str, of: str, order: str, old: str, more: str = "") -> str:
    """Microseconds behind midnight keep the order of a day within each `of`, and two rows apart."""
    return f"""
    UPDATE {table} AS x SET {moment} = own.day + own.place * interval '1 microsecond'{more}
    FROM (
        SELECT id, {beginning(moment)} AS day,
            row_number() OVER (PARTITION BY {of}, {beginning(moment)} ORDER BY {order}) AS place
        FROM {table} WHERE {old}
    ) AS own
    WHERE own.id = x.id AND x.{moment} - own.day >= interval '1 second'
    """


def _of_conversation(table: str, order: str) -> str:
    return _in_order(table, "at", "conversation_id", order, f"at < {_OLD}")


def _agreement(*columns: str) -> str:
    """A yes or a no is the moment of a message. Which of them came later must stay."""
    days = []
    for one in columns:
        before = " + ".join(f"coalesce({other} < {one}, false)::int" for other in columns)
        day = f"{beginning(one)} + ({before}) * interval '1 microsecond'"
        days.append(f"{one} = CASE WHEN {one} < {_OLD} THEN {day} ELSE {one} END")
    exact = " OR ".join(f"{one} < {_OLD} AND {one} - {beginning(one)} >= interval '1 second'" for one in columns)
    return f"UPDATE agreements SET {', '.join(days)} WHERE {exact}"


_REFERENCES = (
    """
    UPDATE inbox SET dedup = uuid_send(gen_random_uuid())
    WHERE received_at < now() - CAST(:repeated AS interval) AND octet_length(dedup) > 16
    """,
    """
    UPDATE inbox SET sealed_reference = NULL
    WHERE received_at < now() - CAST(:removable AS interval) AND sealed_reference IS NOT NULL
    """,
    """
    UPDATE outbox SET sealed_reference = NULL, reference_hash = NULL
    WHERE greatest(created_at, sent_at) < now() - CAST(:removable AS interval) AND status NOT IN ('waiting', 'held')
      AND (reference_hash IS NOT NULL OR sealed_reference IS NOT NULL)
    """,
)
_MESSAGES = (
    f"""
    UPDATE inbox SET received_at = {beginning("received_at")}, done_at = {beginning("done_at")}
    WHERE received_at < {_OLD} AND status <> 'waiting' AND received_at <> {beginning("received_at")}
    """,
    f"""
    UPDATE outbox SET created_at = {beginning("created_at")}, sent_at = {beginning("sent_at")}
    WHERE greatest(created_at, sent_at) < {_OLD} AND status NOT IN ('waiting', 'held') AND created_at <> {beginning("created_at")}
    """,
)
# What another system took is not sent again: its words say the hour, too.
_TOLD = f""", done_at = {beginning("done_at")}, not_before = {beginning("not_before")},
        body = CASE WHEN state = 'sent' THEN '' ELSE body END"""
# How long somebody waited stays for the figures, in seconds from a day that has no hour any more.
_CASES = (
    _of_conversation("transcript", "position"),
    _of_conversation("notes", "at, id"),
    _of_conversation("ticket_events", "at, id"),
    _agreement("made_at", "confirmed_at", "asked_at", "refused_at"),
    _in_order("webhook_deliveries", "made_at", "webhook_id", "made_at, id", f"state <> 'waiting' AND done_at < {_OLD}", _TOLD),
    f"""
    UPDATE tickets SET taken_after = coalesce(taken_after, round(extract(epoch FROM taken_at - opened_at))),
        answered_after = coalesce(answered_after, round(extract(epoch FROM answered_at - opened_at))),
        opened_at = {beginning("opened_at")}, waiting_since = {beginning("waiting_since")}, taken_at = {beginning("taken_at")},
        answered_at = {beginning("answered_at")}, closed_at = {beginning("closed_at")}, paged_at = NULL, flagged_at = NULL,
        told_at = NULL, answered_since = NULL, answer_by = NULL
    WHERE state = 'closed' AND closed_at < {_OLD}
      AND (closed_at <> {beginning("closed_at")} OR opened_at <> {beginning("opened_at")})
    """,
)


async def coarsen(connection: AsyncConnection) -> None:
    """One round. What waits keeps its moment, and so does what is not older than retention.EXACT."""
    ages = {"exact": EXACT, "removable": REMOVABLE, "repeated": REPEATED}
    for statement in (*_REFERENCES, *_MESSAGES, *_CASES):
        await connection.execute(text(statement), ages | BOUND)
