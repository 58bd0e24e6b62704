"""Loads and checks knowledge/: facts with their sources, the texts that rest on them, numbers and sums.

Nothing here knows a language or a channel. A text is shown only while every fact under it may be.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hotline_bridge.errors import KnowledgeError
from hotline_bridge.knowledge_files import form, read, valid

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


def load(folder: Path) -> Knowledge:
    """Read and check the whole folder. Raises KnowledgeError naming file and row."""
    topic_form = form(json.loads((folder / "schema.json").read_text(encoding="utf-8")))
    topics: dict[str, Topic] = {}
    facts: dict[str, Fact] = {}
    for path in sorted((folder / "topics").glob("*.yml")):
        raw = read(path)
        valid(raw, topic_form, path)
        for row in raw["facts"]:
            if row["id"] in facts:
                raise KnowledgeError(f"{path.name}: the fact {row['id']} stands in two files")
            facts[row["id"]] = _fact(row)
        topics[raw["topic"]] = _topic(raw)
    replies = {
        key: Text(
            f"reply/{key}", row["text"], tuple(row.get("facts") or ()), tuple(row.get("options") or ()), row.get("note", "")
        )
        for path in sorted((folder / "replies").glob("*.yml"))
        for key, row in read(path).items()
    }
    loaded = Knowledge(
        sources={k: Source(k, v["name"]) for k, v in read(folder / "sources.yml").items()},
        facts=facts,
        topics=topics,
        replies=replies,
        labels=_labels(read(folder / "labels.yml")),
        contacts=_contacts(read(folder / "contacts.yml")),
        mci={int(y): Index(int(v["tenge"]), _day(v["review_by"])) for y, v in read(folder / "amounts.yml")["mci"].items()},
        regions={row["id"]: row["names"] for row in read(folder / "regions.yml")["regions"]},
    )
    _check(loaded)
    return loaded


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _fact(row: Any) -> Fact:
    return Fact(row["id"], row["status"], row.get("source"), row.get("article"), row.get("part"), _day(row["review_by"]))


def _topic(raw: Any) -> Topic:
    name = raw["topic"]
    pages = tuple(
        Text(f"topic/{name}/{n}", page["text"], tuple(page.get("facts") or ()), note=page.get("note", ""))
        for n, page in enumerate(raw["answer"])
    )
    return Topic(name, Text(f"title/{name}", raw["title"]), pages, tuple(raw["see_also"]))


def _labels(rows: Any) -> dict[str, Text]:
    """Languages are named in themselves: those labels are no text for a translator."""
    return {
        key: Text(f"label/{key}", row["text"], note=row.get("note", ""))
        for key, row in rows.items()
        if row.get("translate", True)
    }


def _contacts(rows: Any) -> dict[str, Contact]:
    """The numbers that may be printed, by the name that texts use for them (p112)."""
    return {
        row["id"]: Contact(str(row["number"]), True, _day(row["review_by"]))
        for row in rows["contacts"]
        if row["show"] and row["status"] in SHOWN
    }


def _check(loaded: Knowledge) -> None:
    """What the schema cannot say: references lead somewhere and no text rests on an unconfirmed fact."""
    for text in loaded.texts():
        for fact in text.facts:
            if fact not in loaded.facts:
                raise KnowledgeError(f"{text.context} rests on {fact}, which no file holds")
            if loaded.facts[fact].status not in SHOWN:
                raise KnowledgeError(f"{text.context} rests on {fact}, which is {loaded.facts[fact].status}")
    for topic in loaded.topics.values():
        for name in topic.see_also:
            if name not in loaded.topics:
                raise KnowledgeError(f"topics/{topic.name}.yml leads to {name}, which has no file")
    for found in loaded.facts.values():
        if found.source is not None and found.source not in loaded.sources:
            raise KnowledgeError(f"{found.id} names the source {found.source}, which sources.yml does not hold")
