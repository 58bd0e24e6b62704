"""A Reply becomes the words of one message. Pure: the same knowledge, catalogs, day and voice give the same text."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from babel.numbers import format_decimal
from babel.support import NullTranslations

from hotline_bridge import sms_text
from hotline_bridge.knowledge import Knowledge, Text, Topic
from hotline_bridge.messages import Message, Option, Reply, Voice
from hotline_bridge.replies.kept import KEPT, days
from hotline_bridge.retention import Limits
from hotline_bridge.transliteration import into_script

LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "uz": "O'zbekcha", "tg": "Тоҷикӣ"}
SOURCE_FOOTER = "\n" + 2 * 22 * "_"  # room for two labels below
PAGE_SEGMENTS = 3  # what a page of an answer may cost on SMS, footer included
_FIXED_LABELS = {"more", "source", "operator", "clear", "menu", "yes", "no", "delete", "back", "call_me", "check", "agree"}
LABELS = "labels:"  # a value that is labels and no text: "labels:pick/morning,pick/evening"
_PHONE = re.compile(r"p(\d+)")
_SUM = re.compile(r"mci(\d+)")


class Withheld(Exception):
    """A value that the text needs may not be shown today."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message and what must be remembered of it: the choices behind its numbers, its topic and page.

    withheld: the knowledge it needed was stale, so that an operator was offered instead.
    """

    message: Message
    offered: tuple[str, ...] = ()
    topic: str | None = None
    page: int = 0
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Renderer:
    """Knowledge and catalogs, loaded once. duty: unknown, yes or no (must whoever runs this tell the police?).
    limits: how long what is kept, as people are told.

    A language without a catalog is English: the source, for operators who read it.
    """

    knowledge: Knowledge
    catalogs: Mapping[str, NullTranslations]
    duty: str = "unknown"
    limits: Limits = field(default_factory=Limits)

    def render(self, reply: Reply, voice: Voice, *, sms: bool, today: date) -> Rendered:
        """What to send for `reply`."""
        one = self._speaker(voice, today)
        if reply.key == "topic" and reply.topic in self.knowledge.topics:
            topic = self.knowledge.topics[reply.topic]
            if topic.name == "ask_confidentiality":
                topic = self._with_settings(topic)
            return _topic_by_sms(one, topic, reply) if sms else _topic_in_chat(one, topic)
        if reply.key == "topic":
            # An old button may name a topic that is gone since: somebody answers all the same.
            return replace(_fixed(one, Reply("topic_withheld"), sms), withheld=True)
        if reply.key == "source":
            return _fixed(one, reply, sms, text=_sources(one, reply.topic, sms))
        return _fixed(one, reply, sms)

    def gloss(self, key: str, voice: Voice, *, today: date) -> str | None:
        """What a line of the transcript with this `key` says, for a reader of another language; None for a key of old.

        Values that only the person was told are shown as an ellipsis.
        """
        one = self._speaker(voice, today)
        kind, _, rest = key.partition("/")
        name, _, page = rest.partition("/")
        if kind == "topic" and (topic := self.knowledge.topics.get(name)):
            return _gloss_of_topic(one, self._with_settings(topic) if name == "ask_confidentiality" else topic, page)
        if kind == "source":
            return _sources(one, name, sms=False)
        text = self.knowledge.replies.get(name) if kind == "reply" else None
        return one.gloss(text) if text else None

    def label(self, choice: str, voice: Voice, *, today: date) -> str | None:
        """What stood on the button of `choice`, for a reader of another language."""
        found = self._speaker(voice, today).option(choice)
        return found.label if found else None

    def _speaker(self, voice: Voice, today: date) -> _Speaker:
        catalog = self.catalogs.get(voice.language) or NullTranslations()
        return _Speaker(self.knowledge, catalog, voice, today, self.limits)

    def _with_settings(self, topic: Topic) -> Topic:
        """What depends on whoever runs this is said first of all pages behind: telling the police, and how long what is kept."""
        said = [self.knowledge.replies[key] for key in (f"duty_{self.duty}", "kept_words", "kept_records")]
        return replace(topic, pages=(topic.pages[0], *said, *topic.pages[1:]))


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says single texts in one voice on one day."""

    knowledge: Knowledge
    catalog: NullTranslations
    voice: Voice
    today: date
    limits: Limits

    def say(self, text: Text, values: Mapping[str, str] | None = None) -> str:
        """The translated text, filled in. Raises Withheld when a number or sum it needs may not be shown."""
        found = self.catalog.upgettext(text.context, text.text)
        found = into_script(found, self.voice.language, self.voice.script)
        names = [name for _, name, _, _ in string.Formatter().parse(found) if name]
        filled = {name: self._value(name, values or {}) for name in names}
        return found.format(**filled)

    def gloss(self, text: Text) -> str:
        """The text, with an ellipsis for each value that stands nowhere any more."""
        names = [name for _, name, _, _ in string.Formatter().parse(text.text) if name]
        gone = {
            name: "…"
            for name in names
            if not _PHONE.fullmatch(name) and not _SUM.fullmatch(name) and name not in ("mci", "year", *KEPT)
        }
        try:
            return self.say(text, gone)
        except Withheld:
            return self.say(text, dict.fromkeys(names, "…"))

    def _value(self, name: str, values: Mapping[str, str]) -> str:
        if name in values:
            return self._labels(values[name]) if values[name].startswith(LABELS) else values[name]
        if name in KEPT:
            number = getattr(self.limits, KEPT[name])
            return self.say(self.knowledge.replies[days(number, self.voice.language)], {"n": str(number)})
        if _PHONE.fullmatch(name):
            if name not in self.knowledge.contacts:
                raise Withheld(name)
            return self.knowledge.contacts[name].number
        index = self.knowledge.mci.get(self.today.year)
        if index is None or self.today > index.review_by:
            raise Withheld(name)
        if name == "year":
            return str(self.today.year)
        times = _SUM.fullmatch(name)
        amount = index.tenge * (int(times[1]) if times else 1)
        if name != "mci" and not times:
            raise Withheld(name)
        return format_decimal(amount, locale="ru").replace("\u202f", " ").replace("\u00a0", " ")

    def _labels(self, value: str) -> str:
        """Labels inside a sentence, in small letters."""
        said = [self.label(key) for key in value.removeprefix(LABELS).split(",")]
        return "; ".join(label[:1].lower() + label[1:] for label in said)

    def label(self, key: str) -> str:
        return self.say(self.knowledge.labels[key])

    def title(self, topic: str) -> str:
        return self.say(self.knowledge.topics[topic].title)

    def pages(self, topic: Topic) -> list[str]:
        """The pages that may be shown today. Empty when the first one may not: a torso misleads."""
        said: list[str] = []
        for number, page in enumerate(topic.pages):
            try:
                if not self.knowledge.may_be_shown(page, self.today):
                    raise Withheld(page.context)
                said.append(self.say(page))
            except Withheld:
                if number == 0:
                    return []
        return said

    def option(self, choice: str) -> Option | None:
        """The button for a choice, or None when nothing can be written on it."""
        kind, _, rest = choice.partition("/")
        if kind == "topic" and rest in self.knowledge.topics:
            return Option(self.title(rest), choice)
        if kind == "topic":
            label = {"delete_my_data": "delete", "ask_help": "menu"}.get(rest, f"intent/{rest}")
            return Option(self.label(label), choice) if label in self.knowledge.labels else None
        if kind == "language":
            return Option(LANGUAGE_NAMES[rest], choice)
        if kind == "pick":
            return Option(self.label(choice), choice) if choice in self.knowledge.labels else None
        return Option(self.label(kind), choice) if kind in _FIXED_LABELS else None


def _gloss_of_topic(one: _Speaker, topic: Topic, page: str) -> str:
    """The whole answer of a messenger, or the one page of an SMS."""
    if not page:
        return "\n\n".join([one.title(topic.name), *(one.gloss(p) for p in topic.pages)])
    number = int(page)
    return one.gloss(topic.pages[number] if number < len(topic.pages) else one.knowledge.replies["more_end"])


def _topic_in_chat(one: _Speaker, topic: Topic) -> Rendered:
    pages = one.pages(topic)
    if not pages:
        return _withheld(one, topic, sms=False)
    text = "\n\n".join([one.title(topic.name), *pages])
    choices = [f"topic/{name}" for name in topic.see_also]
    if topic.name == "ask_am_i_trafficked":
        choices.insert(0, "check")
    choices += ["operator", f"source/{topic.name}", "clear"]
    options = [o for c in choices if (o := one.option(c))]
    return Rendered(Message(text, tuple(options)), tuple(choices), topic.name)


def _topic_by_sms(one: _Speaker, topic: Topic, reply: Reply) -> Rendered:
    pages = one.pages(topic)
    if not pages:
        return _withheld(one, topic, sms=True)
    page = reply.page
    if page >= len(pages):
        return replace(_fixed(one, Reply("more_end", options=("operator", "menu")), sms=True), topic=topic.name, page=page)
    check = ["check"] if topic.name == "ask_am_i_trafficked" and page == 0 else []
    more = ["more"] if page + 1 < len(pages) else []
    text, choices = _footed(one, pages[page], [*check, *more, "operator", f"source/{topic.name}"])
    return Rendered(Message(text), choices, topic.name, page)


def _footed(one: _Speaker, text: str, wanted: list[str]) -> tuple[str, tuple[str, ...]]:
    """A page with its choices in one line below, as many as its budget of segments holds."""
    said = sms_text.plain(text)
    chosen: tuple[str, ...] = ()
    footer = ""
    for choice in wanted:
        longer = f"{footer}  {_hint(one, choice, len(chosen) + 1)}".strip()
        if sms_text.cost(f"{said}\n{sms_text.plain(longer)}").segments > PAGE_SEGMENTS:
            break
        footer, chosen = longer, (*chosen, choice)
    return (f"{said}\n{sms_text.plain(footer)}" if footer else said), chosen


def _hint(one: _Speaker, choice: str, number: int) -> str:
    short = {"more": "more_hint", "operator": "operator_hint"}.get(choice)
    if short:
        return one.say(one.knowledge.replies[short], {"n": str(number)})
    option = one.option(choice)
    return f"{number} {option.label if option else choice}"


def _withheld(one: _Speaker, topic: Topic, *, sms: bool) -> Rendered:
    offered = _fixed(one, Reply("topic_withheld", options=("operator", "menu")), sms)
    return replace(offered, topic=topic.name, withheld=True)


def _fixed(one: _Speaker, reply: Reply, sms: bool, text: str | None = None) -> Rendered:
    source = one.knowledge.replies.get(reply.key)
    if text is None:
        assert source is not None, f"no reply {reply.key} in knowledge/replies"
        text = one.say(source, reply.values)
    wanted = reply.options or (source.options if source else ())
    pairs = [(c, o) for c in wanted if (o := one.option(c))]
    choices = tuple(c for c, _ in pairs)
    if sms:
        return Rendered(Message(sms_text.plain(_numbered(one, text, list(choices)))), choices, reply.topic, reply.page)
    return Rendered(Message(text, tuple(o for _, o in pairs)), choices, reply.topic, reply.page)


def _numbered(one: _Speaker, text: str, choices: list[str]) -> str:
    """Text with its choices as numbers, one a line."""
    lines = [f"{n} {o.label}" for n, c in enumerate(choices, 1) if (o := one.option(c))]
    return "\n".join([text, *lines])


def _sources(one: _Speaker, topic: str | None, sms: bool) -> str:
    """Which law or page the topic's answers rest on, each named once; by SMS as many as its budget holds, the first first."""
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
    if not lines:
        return one.say(replies["source_none"])
    said = [one.say(replies["source_header"]), *lines]
    while sms and len(said) > 2 and sms_text.cost(sms_text.plain("\n".join(said)) + SOURCE_FOOTER).segments > PAGE_SEGMENTS:
        said.pop()
    return "\n".join(said)
