"""The catalogs: every text in every language, and every reply that can be named."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.catalog import Catalog

from hotline_bridge import catalog_files
from hotline_bridge.knowledge import Knowledge, Text
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.replies import catalogs
from hotline_bridge.settings import PROJECT

LOCALES = PROJECT / "locales"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalog_is_complete(loaded: Knowledge, language: str) -> None:
    own = catalogs.read(catalogs.po_path(LOCALES, language), language)
    assert catalogs.faults(catalogs.template(loaded), own) == []


def test_the_template_holds_what_knowledge_says(loaded: Knowledge) -> None:
    written = {(m.context, m.id) for m in catalogs.read(LOCALES / "replies.pot", "en") if m.id}
    assert written == {(text.context, text.text) for text in loaded.texts()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_on_a_button(loaded: Knowledge, language: str) -> None:
    own = catalog_files.translations(catalogs.read(catalogs.po_path(LOCALES, language), language), catalogs.DOMAIN)
    labels = [*loaded.labels.values(), *(topic.title for topic in loaded.topics.values())]
    long = {text.context: said for text in labels if len(said := own.upgettext(text.context, text.text)) > 28}
    assert long == {}


def _catalog(**entries: str) -> Catalog:
    made = Catalog(locale="ru")
    for context, said in entries.items():
        made.add("Call {p112}", said, context=context)
    return made


def test_missing_fuzzy_strange_and_wrong_entries_are_named() -> None:
    source = Catalog()
    for context in ("empty", "fuzzy", "wrong", "right", "absent"):
        source.add("Call {p112}", context=context)
    own = _catalog(empty="", fuzzy="{p112}", wrong="{p102}", right="звоните {p112}", old="{p112}")
    next(m for m in own if m.context == "fuzzy").flags.add("fuzzy")
    found = {fault.split()[0]: fault for fault in catalogs.faults(source, own)}
    assert sorted(found) == ["absent", "empty", "fuzzy", "old", "wrong"]
    assert "fuzzy" in found["fuzzy"]
    assert "placeholders" in found["wrong"]


def test_a_changed_english_text_keeps_its_translation_marked_fuzzy_and_unused(tmp_path: Path, loaded: Knowledge) -> None:
    catalogs.update(tmp_path, loaded)
    path = catalogs.po_path(tmp_path, "ru")
    own = catalogs.read(path, "ru")
    own.get("Hello.", "reply/chat_cleared").string = "Привет."  # type: ignore[union-attr]
    catalog_files.write(path, own)
    changed = {**loaded.replies, "chat_cleared": Text("reply/chat_cleared", "Good day.")}
    catalogs.update(tmp_path, Knowledge(**{**_fields(loaded), "replies": changed}))
    after = catalogs.read(path, "ru")
    entry = after.get("Good day.", "reply/chat_cleared")
    assert entry is not None
    assert (entry.string, entry.fuzzy) == ("Привет.", True)
    assert catalog_files.translations(after, catalogs.DOMAIN).upgettext("reply/chat_cleared", "Good day.") == "Good day."


def _fields(loaded: Knowledge) -> dict[str, Any]:
    return {name: getattr(loaded, name) for name in loaded.__slots__}


def test_bringing_catalogs_up_to_date_twice_changes_nothing(tmp_path: Path, loaded: Knowledge) -> None:
    catalogs.update(tmp_path, loaded)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.po*")}
    catalogs.update(tmp_path, loaded)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.po*")} == before


# --- reply keys ---


def domain_replies() -> list[dict[str, Any]]:
    """Every reply that a response of the dialogue names."""
    found = []
    for path in sorted((PROJECT / "bot" / "domain").glob("*.yml")):
        for variants in (yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}).values():
            found += [variant["custom"] for variant in variants]
    return found


def named_in(path: Path, function: str = "reply") -> set[str]:
    """Reply keys that code names: constants given to `function`, those of a conditional, and f-strings as patterns."""
    keys: set[str] = set()
    for call in (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == function:
            for argument in call.args[:2]:
                for node in ast.walk(argument):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        keys.add(node.value)
    return keys


def test_every_reply_that_the_dialogue_can_name_exists(loaded: Knowledge) -> None:
    told = domain_replies()
    assert len(told) > 40
    done_by_the_bridge = {"topic", "delete_now"}
    assert {r["reply"] for r in told} - done_by_the_bridge <= set(loaded.replies)
    assert {r["topic"] for r in told if r["reply"] == "topic"} == set(loaded.topics)


def test_every_reply_that_an_action_can_name_exists(loaded: Knowledge) -> None:
    known = set(loaded.replies) | {"delete_now"}
    local = {key for path in (PROJECT / "bot/components").glob("*.py") for key in named_in(path)}
    local -= {"wanted"}  # a word to the bridge, not to the person (flow/assist.py)
    server = named_in(PROJECT / "actions/tickets.py", "_reply")
    assert len(local | server) >= 9
    assert local <= known
    assert {key for key in server if not key.endswith("_")} <= known
    assert {f"ticket_status_{state}" for state in ("none", "waiting", "again", "taken")} <= known
    assert {f"check_result_{signs}" for signs in ("none", "some", "many")} <= known


def test_every_reply_that_the_bridge_itself_names_exists(loaded: Knowledge) -> None:
    from hotline_bridge.flow.listen import MEDIA

    places = [path for folder in ("flow", "replies") for path in (PROJECT / "hotline_bridge" / folder).glob("*.py")]
    named = {key for path in places for key in named_in(path, "Reply")}
    plain = {key for key in named if re.fullmatch(r"[a-z_]+", key)} - {
        "topic",
        "source",
        "operator",
        "menu",
        "yes",
        "no",
        "all",
        "code",
        "known",
        "alarm",
        "hours",
        "how",
        "when",
        "message",
        "start",
    }
    assert len(plain) > 15
    assert plain <= set(loaded.replies)
    assert set(MEDIA.values()) <= set(loaded.replies)


def test_every_choice_of_a_list_leads_somewhere(loaded: Knowledge) -> None:
    from bot.reading.answers import CHOICES
    from hotline_bridge.flow.assist import INTENT_OF

    for text in loaded.replies.values():
        for choice in text.options:
            kind, _, rest = choice.partition("/")
            if kind == "topic":
                assert rest in loaded.topics, text.context
            elif kind == "language":
                assert rest in LANGUAGES
            elif kind == "pick":
                assert rest in CHOICES, text.context
            else:
                assert kind in INTENT_OF or kind in {"clear", "more", "source"}, text.context
