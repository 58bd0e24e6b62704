"""`./run.sh check`: everything that a lawyer, a translator or a linguist must look at, a sentence each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.reading.commands import Commands, CommandsWrong
from bot.reading.danger import DangerList, DangerListWrong
from hotline_bridge import knowledge as knowledge_module
from hotline_bridge import organisations
from hotline_bridge.console import catalogs as console_catalogs
from hotline_bridge.errors import KnowledgeError
from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import LANGUAGES, Reply, Voice
from hotline_bridge.replies import catalogs
from hotline_bridge.replies.choices import PAGE_SEGMENTS
from hotline_bridge.replies.render import Renderer
from hotline_bridge.sms_text import cost

VOICES = [Voice("kk", "cyrl"), Voice("kk", "latn"), Voice("ru"), Voice("uz", "latn"), Voice("uz", "cyrl"), Voice("tg")]


def check(project: Path, today: date) -> list[str]:
    """Sentences about what is stale, missing or too long; empty when all is well."""
    try:
        loaded = knowledge_module.load(project / "knowledge")
        rows = organisations.load(project / "knowledge")
        found = [*loaded.stale(today), *organisations.stale(rows.values(), today), *_translations(project / "locales", loaded)]
        found += console_catalogs.faults(project / "locales")
        found += too_long(Renderer(loaded, catalogs.load(project / "locales")), today)
    except KnowledgeError as error:
        return [str(error)]
    return found + _lists(project / "nlu")


def too_long(renderer: Renderer, today: date) -> list[str]:
    """Pages of answers that cost more SMS segments than they may, in any language and script."""
    found = []
    for topic in renderer.knowledge.topics.values():
        for page in range(len(topic.pages)):
            for voice in VOICES:
                text = renderer.render(Reply("topic", topic=topic.name, page=page), voice, sms=True, today=today).message.text
                if (segments := cost(text).segments) > PAGE_SEGMENTS:
                    found.append(f"topic/{topic.name}/{page} in {voice.language} ({voice.script}) costs {segments} segments.")
    return found


def _translations(folder: Path, loaded: Knowledge) -> list[str]:
    source = catalogs.template(loaded)
    found = []
    for language in LANGUAGES:
        own = catalogs.read(catalogs.po_path(folder, language), language)
        found += [f"locales/{language}: {fault}." for fault in catalogs.faults(source, own)]
    return found


def _lists(folder: Path) -> list[str]:
    try:
        DangerList.load(folder / "danger")
        Commands.load(folder / "commands")
    except (DangerListWrong, CommandsWrong) as error:
        return [str(error)]
    return []
