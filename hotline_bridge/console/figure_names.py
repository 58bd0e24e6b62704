"""What the figures are called. English; translated where they are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hotline_bridge.console.names import ANSWERS, CHANNELS, NEEDS, OUTCOMES
from hotline_bridge.console.texts import N_, SPOKEN
from hotline_bridge.figures.measures import UNKNOWN

COUNTS = {
    "contacts": N_("Contacts"),
    "messages": N_("Messages"),
    "topics": N_("Questions by topic"),
    "unanswered": N_("Without an answer"),
    "tickets": N_("Requests for a human"),
    "taken": N_("Taken"),
    "answered": N_("Answered by a human"),
    "closed": N_("Closed"),
}
MEANINGS = {
    "contacts": N_("Conversations in which somebody wrote, each counted once a day."),
    "messages": N_("Everything that people wrote."),
    "topics": N_("Topics that people asked about, each counted once a conversation."),
    "unanswered": N_("Times the assistant had to say that it does not know, or an answer was out of date."),
    "tickets": N_("Tickets opened in this time."),
    "taken": N_("Tickets that an operator took for the first time."),
    "answered": N_("Tickets in which a human wrote for the first time."),
    "closed": N_("Tickets closed in this time."),
}
BREAKDOWNS = {
    "contacts/language": N_("Contacts by language"),
    "contacts/channel": N_("Contacts by channel"),
    "contacts/region": N_("Contacts by region"),
    "messages/channel": N_("Messages by channel"),
    "topics/topic": N_("Topics"),
    "unanswered/language": N_("Without an answer, by language"),
    "tickets/need": N_("Requests by need"),
    "tickets/language": N_("Requests by language"),
    "tickets/region": N_("Requests by region"),
    "taken/class": N_("Time until taken"),
    "answered/class": N_("Time until a human answered"),
    "closed/outcome": N_("How it ended"),
    "closed/taken": N_("Closed tickets that somebody had taken"),
    "closed/again": N_("Closed tickets that had been reopened"),
}
CLASSES = {
    "danger": N_("Danger (to be taken within 2 minutes)"),
    "hour": N_("To be taken within the hour"),
    "day": N_("To be taken within the day"),
}
WEEKS = {"contacts": N_("Contacts by weeks of the month"), "tickets": N_("Requests by weeks of the month")}
UNKNOWNS = {
    "language": N_("Not recognised"),
    "region": N_("Not said"),
    "topic": N_("Earlier topics"),
    "channel": N_("Earlier channels"),
}


@dataclass(frozen=True, slots=True)
class Names:
    """say: translates; topic, region: what the knowledge base calls them in the reader's language."""

    say: Callable[[str], str]
    topic: Callable[[str], str]
    region: Callable[[str], str]

    def part(self, by: str, part: str) -> str:
        """What a part of a breakdown by `by` is called."""
        if part == UNKNOWN:
            return self.say(UNKNOWNS.get(by, N_("Other")))
        if by in ("topic", "region"):
            return self.topic(part) if by == "topic" else self.region(part)
        return self.say(_FIXED[by].get(part, part))


_FIXED = {
    "language": SPOKEN,
    "channel": CHANNELS,
    "need": NEEDS,
    "outcome": OUTCOMES,
    "class": CLASSES,
    "taken": ANSWERS,
    "again": ANSWERS,
}
