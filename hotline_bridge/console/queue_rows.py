"""The rows of the queue in the reader's words, made before the template: a hundred rows are drawn often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hotline_bridge.console import moments, names
from hotline_bridge.console.texts import N_, SPOKEN
from hotline_bridge.console.waiting import Clock, clock
from hotline_bridge.console.wording import Wording
from hotline_bridge.tickets.queue import Row

NOBODY_KNOWN = N_("Somebody")
GOES_ON = N_("Goes on from another phone")
ELSEWHERE = {"call": N_("Call agreed: %(hours)s"), "number": N_("Another number agreed: %(hours)s")}


@dataclass(frozen=True, slots=True)
class Shown:
    """One row. badges: kind and words; waiting: the same and, of who is late, the rest of the sentence; who: None is nobody."""

    conversation: UUID
    danger: bool
    needs: str
    badges: tuple[tuple[str, str], ...]
    waiting: tuple[str, str, str]
    language: str
    channel: str
    topics: str
    region: str
    who: str | None


def shown(rows: list[Row], now: datetime, whose: dict[UUID, str], wording: Wording) -> list[Shown]:
    """All rows, in their order."""
    return [
        Shown(
            row.conversation,
            row.danger,
            ", ".join(wording.say(names.NEEDS[need]) for need in row.needs),
            (*((kind, wording.say(text)) for kind, text in _badges(row)), *_elsewhere(row, wording)),
            _waiting(clock(row, now), wording),
            _language(row, wording),
            wording.say(names.CHANNELS[row.channel]),
            ", ".join(wording.topics.get(topic, topic) for topic in row.topics),
            wording.regions.get(row.region, row.region) if row.region else "",
            (whose.get(row.operator) or wording.say(NOBODY_KNOWN)) if row.operator else None,
        )
        for row in rows
    ]


def _badges(row: Row) -> list[tuple[str, str]]:
    found = []
    if row.danger:
        found.append(("danger", N_("Danger")))
    if row.flagged_at:
        found.append(("danger", N_("Flagged again")))
    if row.goes_on:
        found.append(("closed", GOES_ON))
    if row.reopened:
        found.append(("waiting", N_("Opened again")))
    if row.silence == "unsafe":
        found.append(("waiting", N_("Must not be written to")))
    elif row.silence == "stopped":
        found.append(("closed", N_("Asked us to stop")))
    elif row.unreachable:
        found.append(("closed", N_("Cannot be reached")))
    return found


def _elsewhere(row: Row, wording: Wording) -> list[tuple[str, str]]:
    """That a call or another number was agreed on, and for when."""
    if row.elsewhere is None:
        return []
    parts = [wording.say(names.PARTS_OF_DAY[part]) for part in row.elsewhere.hours] or [wording.say(N_("at any time"))]
    return [("waiting", wording.say(ELSEWHERE[row.elsewhere.method], hours=", ".join(parts)))]


def _waiting(found: Clock, wording: Wording) -> tuple[str, str, str]:
    """Kind of the badge ("" is none), its words, and what stands behind it."""
    waited, promise = minutes(found.waited, wording), minutes(found.promise, wording)
    if found.state == "unanswered":
        return "danger", wording.say(N_("taken, and not answered for %(time)s"), time=waited), ""
    if found.state == "taken":
        return "", "", wording.say(N_("for %(time)s"), time=waited)
    both = wording.say(N_("%(waited)s, promise %(promise)s"), waited=waited, promise=promise)
    if found.counts_from is not None:
        begins = moments.moment(found.counts_from, wording.language)
        both = wording.say(N_("%(waited)s, promise %(promise)s from %(time)s"), waited=waited, promise=promise, time=begins)
    if found.state == "late":
        return "danger", wording.say(N_("late by %(time)s"), time=minutes(found.late, wording)), both
    return ("waiting" if found.state == "soon" else "good"), both, ""


def minutes(count: int, wording: Wording) -> str:
    """A span of whole minutes in its two largest units."""
    if count < 60:
        return wording.say(N_("%(n)s min"), n=count)
    if count < 24 * 60:
        return wording.say(N_("%(hours)s h %(n)s min"), hours=count // 60, n=count % 60)
    return wording.say(N_("%(days)s d %(hours)s h"), days=count // (24 * 60), hours=count % (24 * 60) // 60)


def _language(row: Row, wording: Wording) -> str:
    if row.language not in SPOKEN:
        return wording.say(N_("not known yet"))
    said = wording.say(SPOKEN[row.language])
    return f"{said}, {wording.say(names.SCRIPTS[row.script])}" if row.language in ("kk", "uz") else said
