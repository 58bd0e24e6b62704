"""Ready replies: what an operator may put into an answer with one press, in the person's language beside their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hotline_bridge.messages import Reply, Voice
from hotline_bridge.replies.render import Renderer, Withheld

PREFIX = "ready_"


@dataclass(frozen=True, slots=True)
class Ready:
    """text: as the person reads it; gloss: the same for the operator, None when they read the person's language."""

    key: str
    text: str
    gloss: str | None


def ready(renderer: Renderer, person: Voice, operator: Voice, today: date) -> list[Ready]:
    """All that may be said today, in the order of knowledge/replies/ready.yml."""
    found = []
    for key, text in renderer.knowledge.replies.items():
        if not key.startswith(PREFIX) or not renderer.knowledge.may_be_shown(text, today):
            continue
        try:
            said = renderer.render(Reply(key), person, sms=False, today=today).message.text
        except Withheld:
            continue
        gloss = None if person.language == operator.language else renderer.gloss(f"reply/{key}", operator, today=today)
        found.append(Ready(key, said, gloss))
    return found
