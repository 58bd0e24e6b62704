"""The knowledge base's words in the reader's language: titles of topics, regions, and what the bot said to somebody else."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from babel.support import NullTranslations
from starlette.requests import Request

from hotline_bridge.console.guard import stations_of
from hotline_bridge.console.texts import language_of
from hotline_bridge.flow.stations import today
from hotline_bridge.knowledge import Knowledge
from hotline_bridge.lists import Lists
from hotline_bridge.messages import Voice
from hotline_bridge.replies.ready import Ready, ready
from hotline_bridge.replies.render import Renderer


@dataclass(frozen=True)
class Wording:
    """language: the reader's, English too; own: the console's catalog of it."""

    renderer: Renderer
    language: str
    today: date
    own: NullTranslations

    def say(self, text: str, **values: object) -> str:
        """One of the console's own texts, marked by N_ where it stands. What comes back is not escaped yet."""
        said = str(self.own.gettext(text))
        return said % values if values else said

    @cached_property
    def _voice(self) -> Voice:
        return Voice.usual(self.language)

    @property
    def knowledge(self) -> Knowledge:
        """Everything in knowledge/."""
        return self.renderer.knowledge

    def topic(self, name: str) -> str:
        """The title of a topic; its bare name when it has no file any more."""
        found = self.knowledge.topics.get(name)
        if found is None:
            return name
        text = found.title
        return str(self.renderer.catalogs[self.language].upgettext(text.context, text.text))

    @cached_property
    def topics(self) -> dict[str, str]:
        """All topics by title."""
        return dict(sorted(((name, self.topic(name)) for name in self.knowledge.topics), key=lambda one: one[1]))

    def region(self, name: str) -> str:
        """What a region is called."""
        names = self.knowledge.regions.get(name, {})
        return names.get(self.language) or names.get("en") or name

    @cached_property
    def regions(self) -> dict[str, str]:
        """All regions by name."""
        return dict(sorted(((name, self.region(name)) for name in self.knowledge.regions), key=lambda one: one[1]))

    def gloss(self, key: str | None) -> str | None:
        """What the bot said with this key of the transcript."""
        return self.renderer.gloss(key, self._voice, today=self.today) if key else None

    def ready(self, person: Voice) -> list[Ready]:
        """The ready replies for somebody who is answered in this voice."""
        return ready(self.renderer, person, self._voice, self.today)

    def button(self, choice: str) -> str:
        """What stood on a button that the person pressed."""
        return self.renderer.label(choice, self._voice, today=self.today) or choice


async def wording_for(request: Request) -> Wording:
    """In the language of this page. The first call reads knowledge/ and the catalogs, apart from the other requests."""
    stations = stations_of(request)
    renderer = await asyncio.to_thread(stations.renderer)
    with_english = replace(renderer, catalogs={**renderer.catalogs, "en": NullTranslations()})
    language = language_of(request)
    own = request.app.state.templates.catalogs[language]
    return Wording(with_english, language, today(stations), own)


async def lists_of(request: Request) -> Lists:
    """What the lawyer keeps for operators to read. The first call reads knowledge/, apart from the other requests."""
    return await asyncio.to_thread(stations_of(request).lists)
