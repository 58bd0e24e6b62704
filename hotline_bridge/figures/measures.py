"""What is counted, and into which parts each count is broken down. Pure.

A number is named by its path: `contacts`, `contacts/language/kk`, `taken/class/danger`. There is no crossing of two breakdowns:
each would add numbers under ten, and ways to compute them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotline_bridge.messages import LANGUAGES
from hotline_bridge.tickets.needs import NEEDS, OUTCOMES

UNKNOWN = "unknown"  # not said, or not recognised


CLASSES = ("danger", "hour", "day")  # by the time within which somebody should have taken it


def class_of(need: str) -> str:
    """danger, hour or day."""
    found = NEEDS[need]
    return "danger" if found.danger else "hour" if found.minutes <= 60 else "day"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """name: its numbers are `name`/part and add up to `whole`, which is one of COUNTS.

    like: another breakdown with the same parts; where that one withholds a part, this one does too. Eleven messages of two people
    are no large number.
    group: of a part. What the parts of a group add up to can be read off another breakdown, or nearly.
    """

    name: str
    whole: str
    like: str | None = None
    group: Callable[[str], str] | None = None


# contacts: conversations a day in which somebody wrote; messages: what they wrote; topics: once a conversation;
# unanswered: replies that said "I do not know"; tickets: opened; taken and answered: by a human, the first time; closed.
COUNTS = ("contacts", "messages", "topics", "unanswered", "tickets", "taken", "answered", "closed")
FEW = {"messages": "contacts", "topics": "contacts", "unanswered": "contacts"}  # withheld where the number of people is
TEAM = ("contacts", "tickets", "taken", "answered", "closed")  # what operators see
BREAKDOWNS = (
    Breakdown("contacts/language", "contacts"),
    Breakdown("contacts/channel", "contacts"),
    Breakdown("contacts/region", "contacts"),
    Breakdown("messages/channel", "messages", like="contacts/channel"),
    Breakdown("topics/topic", "topics"),
    Breakdown("unanswered/language", "unanswered", like="contacts/language"),
    # Nearly all that were opened for a danger in a month were taken and answered in it: "taken/class" has their sum.
    Breakdown("tickets/need", "tickets", group=class_of),
    Breakdown("tickets/language", "tickets"),
    Breakdown("tickets/region", "tickets"),
    Breakdown("taken/class", "taken"),
    Breakdown("answered/class", "answered"),
    Breakdown("closed/outcome", "closed"),
    Breakdown("closed/taken", "closed"),
    Breakdown("closed/again", "closed"),
)
WEEKLY = ("contacts", "tickets")  # also by the weeks of a month
# How many were taken too late is no number of its own: the percentiles of a few would tell it.
TIMED = ("taken/class", "answered/class")  # with the median and the 90th percentile of the time since the opening


def parts(channels: Sequence[str], topics: Sequence[str], regions: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The parts of each breakdown, whether anybody is in them or not: a row that appears would say that somebody is."""
    languages = (*LANGUAGES, UNKNOWN)
    whence = (*regions, UNKNOWN)
    return {
        "contacts/language": languages,
        "contacts/channel": tuple(channels),
        "contacts/region": whence,
        "messages/channel": tuple(channels),
        "topics/topic": tuple(topics),
        "unanswered/language": languages,
        "tickets/need": tuple(NEEDS),
        "tickets/language": languages,
        "tickets/region": whence,
        "taken/class": CLASSES,
        "answered/class": CLASSES,
        "closed/outcome": tuple(one for one in OUTCOMES if one != "test"),
        "closed/taken": ("yes", "no"),
        "closed/again": ("yes", "no"),
    }


def in_order(numbers: Iterable[str]) -> list[str]:
    """Paths in the order in which they are read: totals, weeks, then the breakdowns; a database keeps no order of its own."""
    names = [*COUNTS, *(f"{count}/week" for count in WEEKLY), *(breakdown.name for breakdown in BREAKDOWNS)]
    place = {name: n for n, name in enumerate(names)}
    fixed = {part: n for n, part in enumerate((*CLASSES, *NEEDS, *OUTCOMES, "yes", "no"))}

    def key(path: str) -> tuple[int, int, str]:
        name, _, part = path.rpartition("/")
        return (place[path], 0, "") if path in COUNTS else (place.get(name, len(place)), fixed.get(part, len(fixed)), part)

    return sorted(numbers, key=key)


def cells(counts: Mapping[str, int], name: str) -> dict[str, int]:
    """The numbers of one breakdown."""
    return {cell: value for cell, value in counts.items() if cell.startswith(f"{name}/")}
