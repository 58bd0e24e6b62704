"""What the answers on a topic rest on, as whoever asks for it is told."""

from __future__ import annotations

from hotline_bridge import sms_text
from hotline_bridge.knowledge import Text
from hotline_bridge.replies.choices import PAGE_SEGMENTS
from hotline_bridge.replies.speaker import Speaker

SOURCE_FOOTER = "\n" + 2 * 22 * "_"  # room for two labels below


def listed(one: Speaker, topic: str | None, sms: bool) -> str:
    """Which law or page the topic's answers rest on, each named once; by SMS as many as its budget holds, the first first."""
    lines = _lines(one, topic)
    if not lines:
        return one.say(one.knowledge.replies["source_none"])
    said = [one.say(one.knowledge.replies["source_header"]), *lines]
    while sms and len(said) > 2 and sms_text.cost(sms_text.plain("\n".join(said)) + SOURCE_FOOTER).segments > PAGE_SEGMENTS:
        said.pop()
    return "\n".join(said)


def _lines(one: Speaker, topic: str | None) -> list[str]:
    found = one.knowledge.topics.get(topic or "")
    replies = one.knowledge.replies
    lines: dict[str, None] = {}
    for page in found.pages if found else ():
        for name in page.facts:
            fact = one.knowledge.facts[name]
            source = one.knowledge.sources.get(fact.source or "")
            if source is None or not fact.may_be_shown(one.today):
                continue
            called = one.say(Text(f"source/{source.key}", source.name))
            if fact.article:
                lines[one.say(replies["source_item"], {"source": called, "article": fact.article})] = None
            else:
                lines[one.say(replies["source_item_plain"], {"source": called})] = None
    return list(lines)
