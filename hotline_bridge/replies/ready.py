"""Ready replies: what an operator may put into an answer with one press, in the person's language beside their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import Reply, Voice
from hotline_bridge.replies.render import Renderer
from hotline_bridge.replies.speaker import Withheld

PREFIX = "ready_"  # how the keys of replies/ready.yml begin


@dataclass(frozen=True, slots=True)
class Ready:
    """text: as the person reads it; gloss: the same for the operator, None when they read the person's language."""

    key: str
    text: str
    gloss: str | None


def keys(knowledge: Knowledge) -> list[str]:
    """Of all ready replies, in the order of knowledge/replies/ready.yml."""
    return [key for key in knowledge.replies if key.startswith(PREFIX)]


def filled(renderer: Renderer, key: str, voice: Voice, today: date) -> str | None:
    """As a person reads it; None when a number under it may not be shown."""
    try:
        return renderer.render(Reply(key), voice, sms=False, today=today).message.text
    except Withheld:
        return None


def ready(renderer: Renderer, person: Voice, operator: Voice, today: date) -> list[Ready]:
    """All that may be said today."""
    found = []
    for key in keys(renderer.knowledge):
        if not renderer.knowledge.may_be_shown(renderer.knowledge.replies[key], today):
            continue
        said = filled(renderer, key, person, today)
        if said is None:
            continue
        gloss = None if person.language == operator.language else renderer.gloss(f"reply/{key}", operator, today=today)
        found.append(Ready(key, said, gloss))
    return found
