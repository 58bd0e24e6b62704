"""A text with the choices under it: buttons in a chat, numbers by SMS. What must be remembered of it stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

from hotline_bridge import sms_text
from hotline_bridge.messages import Message, Reply
from hotline_bridge.replies.speaker import Speaker

PAGE_SEGMENTS = 3  # what a page of an answer may cost on SMS, footer included


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


def with_choices(one: Speaker, reply: Reply, sms: bool, text: str | None = None) -> Rendered:
    """The reply's text, or `text` in its place, with those of its choices on which something can be written."""
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


def with_footer(one: Speaker, text: str, wanted: list[str]) -> tuple[str, tuple[str, ...]]:
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


def _numbered(one: Speaker, text: str, choices: list[str]) -> str:
    """Text with its choices as numbers, one a line."""
    lines = [f"{n} {o.label}" for n, c in enumerate(choices, 1) if (o := one.option(c))]
    return "\n".join([text, *lines])


def _hint(one: Speaker, choice: str, number: int) -> str:
    short = {"more": "more_hint", "operator": "operator_hint"}.get(choice)
    if short:
        return one.say(one.knowledge.replies[short], {"n": str(number)})
    option = one.option(choice)
    return f"{number} {option.label if option else choice}"
