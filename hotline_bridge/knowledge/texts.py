"""What may be said: facts with their sources, the texts that rest on them, numbers and sums; and until which day. Pure.

A text is shown only while every fact under it may be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SHOWN = frozenset({"confirmed", "secondary", "guidance"})


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is written. `name` is English and translatable."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of law or practice. review_by: the day after which it is withheld until somebody looked again."""

    id: str
    status: str
    source: str | None
    article: str | None
    part: str | None
    review_by: date

    def may_be_shown(self, today: date) -> bool:
        """Sourced well enough and not stale."""
        return self.status in SHOWN and today <= self.review_by


@dataclass(frozen=True, slots=True)
class Text:
    """English source of one text; `context` is its message context in the catalogs."""

    context: str
    text: str
    facts: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A rights topic: a heading, pages (the first is the answer) and its neighbours."""

    name: str
    title: Text
    pages: tuple[Text, ...]
    see_also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """A telephone number. Only those with `show` may ever be printed."""

    number: str
    show: bool
    review_by: date


@dataclass(frozen=True, slots=True)
class Index:
    """The monthly calculation index of one year, in tenge."""

    tenge: int
    review_by: date


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything in knowledge/, by key."""

    sources: dict[str, Source]
    facts: dict[str, Fact]
    topics: dict[str, Topic]
    replies: dict[str, Text]
    labels: dict[str, Text]
    contacts: dict[str, Contact]
    mci: dict[int, Index]
    regions: dict[str, dict[str, str]]  # by id: what each is called, by language

    def may_be_shown(self, text: Text, today: date) -> bool:
        """Whether every fact under `text` may be shown today."""
        return all(self.facts[f].may_be_shown(today) for f in text.facts)

    def texts(self) -> list[Text]:
        """Every text a translator sees."""
        of_topics = [t for topic in self.topics.values() for t in (topic.title, *topic.pages)]
        names = [Text(f"source/{s.key}", s.name) for s in self.sources.values()]
        return [*of_topics, *self.replies.values(), *self.labels.values(), *names]

    def stale(self, today: date) -> list[str]:
        """One sentence for each fact, number and index that nobody may be told any more."""
        used = {f for t in self.texts() for f in t.facts}
        found = [
            f"{f.id} was to be reviewed by {f.review_by}: the texts that rest on it are withheld."
            for f in self.facts.values()
            if f.id in used and f.status in SHOWN and today > f.review_by
        ]
        found += [
            f"The number {c.number} was to be tested by {c.review_by}: it is still shown, because no number at all is worse."
            for c in self.contacts.values()
            if c.show and today > c.review_by
        ]
        if today.year not in self.mci or today > self.mci[today.year].review_by:
            found.append(f"amounts.yml has no index (MCI) for {today.year}: all sums are withheld.")
        return found
