"""What was agreed, and what it allows at a moment: to say something, to ask whether it is safe, to wait. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from hotline_bridge.local_time import day_of
from hotline_bridge.safe_contact.hours import is_outside, next_part

METHODS = ("this_chat", "number", "call")
AWAITED = timedelta(days=2)  # how long a reply is held for the person's word; then what it says may be true no longer
PRESENT = timedelta(minutes=60)  # who wrote so recently holds the phone in the hand


@dataclass(frozen=True, slots=True)
class Agreement:
    """method: this_chat, number (another one, behind `placeholder`) or call. hours: parts of the day; () is any.

    words: by which to know each other, and that says "I am not alone".
    """

    method: str = "this_chat"
    hours: tuple[str, ...] = ()
    leave_message: bool = False
    placeholder: str | None = None
    words: tuple[str, str] | None = None
    confirmed_at: datetime | None = None
    asked_at: datetime | None = None
    refused_at: datetime | None = None

    @property
    def is_asked(self) -> bool:
        """Whether "is it safe now?" was asked and has no yes yet: then nothing but a yes opens the way."""
        return _later(self.asked_at, self.confirmed_at)

    @property
    def is_refused(self) -> bool:
        """Whether the last answer to that was no."""
        return _later(self.refused_at, self.confirmed_at)


@dataclass(frozen=True, slots=True)
class Decision:
    """send: now; ask: first whether it is safe; wait: until `until`, and then ask; refuse: not in this way at all.

    unasked: of what may go out now, that nothing was agreed and the phone may be in other hands by now: operators press twice.
    """

    what: Literal["send", "ask", "wait", "refuse"]
    until: datetime | None = None
    unasked: bool = False


def is_present(now: datetime, heard_at: datetime | None) -> bool:
    """Whether somebody who wrote last at `heard_at` holds the phone in the hand."""
    return heard_at is not None and now - heard_at < PRESENT


def decide(agreement: Agreement | None, now: datetime, heard_at: datetime | None) -> Decision:
    """Whether a reply may go out at `now` to somebody who wrote last at `heard_at`.

    Without an agreement, and to whoever has just written, we answer as we were asked; without one, what comes later than that is
    for the operator to think about. Else the first contact of each day begins with the question whether it is safe. Once that is
    asked, whoever writes may be somebody else with the phone in the hand: only a yes counts.
    """
    present = is_present(now, heard_at)
    if agreement is None:
        return Decision("send", unasked=not present or heard_at is None or day_of(heard_at) != day_of(now))
    if present and not agreement.is_asked:
        return Decision("send")
    if agreement.method != "this_chat":
        return Decision("refuse")
    if is_outside(agreement.hours, now):
        return Decision("wait", next_part(agreement.hours, now))
    confirmed = agreement.confirmed_at
    if confirmed is not None and day_of(confirmed) == day_of(now) and not agreement.is_asked:
        return Decision("send")
    return Decision("ask")


def may_ask(agreement: Agreement, now: datetime, heard_at: datetime | None = None) -> bool:
    """Whether the question "is it safe?" may be put now: within the hours, and once a day; again to whoever wrote after a no."""
    if is_outside(agreement.hours, now):
        return False
    if agreement.asked_at is None or day_of(agreement.asked_at) < day_of(now):
        return True
    return (
        agreement.is_refused and _later(heard_at, agreement.refused_at) and not _later(agreement.asked_at, agreement.refused_at)
    )


def _later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and (other is None or one > other)
