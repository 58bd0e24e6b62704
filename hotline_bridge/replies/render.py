"""A Reply becomes the words of one message. Pure: the same knowledge, catalogs, day and voice give the same text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from babel.support import NullTranslations

from hotline_bridge.knowledge import Knowledge, Topic
from hotline_bridge.messages import Reply, Voice
from hotline_bridge.replies import sources, topics
from hotline_bridge.replies.choices import Rendered, with_choices
from hotline_bridge.replies.speaker import Speaker
from hotline_bridge.retention import Limits


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
            return topics.by_sms(one, topic, reply) if sms else topics.in_chat(one, topic)
        if reply.key == "topic":
            # An old button may name a topic that is gone since: somebody answers all the same.
            return replace(with_choices(one, Reply("topic_withheld"), sms), withheld=True)
        if reply.key == "source":
            return with_choices(one, reply, sms, text=sources.listed(one, reply.topic, sms))
        return with_choices(one, reply, sms)

    def gloss(self, key: str, voice: Voice, *, today: date) -> str | None:
        """What a line of the transcript with this `key` says, for a reader of another language; None for a key of old.

        Values that only the person was told are shown as an ellipsis.
        """
        one = self._speaker(voice, today)
        kind, _, rest = key.partition("/")
        name, _, page = rest.partition("/")
        if kind == "topic" and (topic := self.knowledge.topics.get(name)):
            return topics.gloss(one, self._with_settings(topic) if name == "ask_confidentiality" else topic, page)
        if kind == "source":
            return sources.listed(one, name, sms=False)
        text = self.knowledge.replies.get(name) if kind == "reply" else None
        return one.gloss(text) if text else None

    def label(self, choice: str, voice: Voice, *, today: date) -> str | None:
        """What stood on the button of `choice`, for a reader of another language."""
        found = self._speaker(voice, today).option(choice)
        return found.label if found else None

    def _speaker(self, voice: Voice, today: date) -> Speaker:
        catalog = self.catalogs.get(voice.language) or NullTranslations()
        return Speaker(self.knowledge, catalog, voice, today, self.limits)

    def _with_settings(self, topic: Topic) -> Topic:
        """What depends on whoever runs this is said first of all pages behind: telling the police, and how long what is kept."""
        said = [self.knowledge.replies[key] for key in (f"duty_{self.duty}", "kept_words", "kept_records")]
        return replace(topic, pages=(topic.pages[0], *said, *topic.pages[1:]))
