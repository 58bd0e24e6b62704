"""The speaker says single texts in one voice on one day, and fills in their values; what may not be shown today is not said."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.numbers import format_decimal
from babel.support import NullTranslations

from hotline_bridge.knowledge import Knowledge, Text, Topic
from hotline_bridge.messages import Option, Voice
from hotline_bridge.replies.kept import KEPT, days
from hotline_bridge.retention import Limits
from hotline_bridge.transliteration import into_script

LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "uz": "O'zbekcha", "tg": "Тоҷикӣ"}
_FIXED_LABELS = {"more", "source", "operator", "clear", "menu", "yes", "no", "delete", "back", "call_me", "check", "agree"}
LABELS = "labels:"  # a value that is labels and no text: "labels:pick/morning,pick/evening"
_PHONE = re.compile(r"p(\d+)")
_SUM = re.compile(r"mci(\d+)")


class Withheld(Exception):
    """A value that the text needs may not be shown today."""


@dataclass(frozen=True, slots=True)
class Speaker:
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
        """What stands on a button or before a number."""
        return self.say(self.knowledge.labels[key])

    def title(self, topic: str) -> str:
        """The topic's heading."""
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
