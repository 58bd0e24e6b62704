"""Reads knowledge/ and checks that it holds together."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hotline_bridge.errors import KnowledgeError
from hotline_bridge.knowledge.texts import SHOWN, Contact, Fact, Index, Knowledge, Source, Text, Topic
from hotline_bridge.knowledge_files import form, read, valid


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
