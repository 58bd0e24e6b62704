"""The forms that the answer on a topic takes: the whole of it in a chat, a page at a time by SMS."""

from __future__ import annotations

from dataclasses import replace

from hotline_bridge.knowledge import Topic
from hotline_bridge.messages import Message, Reply
from hotline_bridge.replies.choices import Rendered, with_choices, with_footer
from hotline_bridge.replies.speaker import Speaker


def in_chat(one: Speaker, topic: Topic) -> Rendered:
    """All pages that may be shown today, with the topic's neighbours as buttons; an operator where the first may not."""
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


def by_sms(one: Speaker, topic: Topic, reply: Reply) -> Rendered:
    """The page that `reply` asks for, or that there are no more; an operator where the first may not be shown."""
    pages = one.pages(topic)
    if not pages:
        return _withheld(one, topic, sms=True)
    page = reply.page
    if page >= len(pages):
        return replace(with_choices(one, Reply("more_end", options=("operator", "menu")), sms=True), topic=topic.name, page=page)
    check = ["check"] if topic.name == "ask_am_i_trafficked" and page == 0 else []
    more = ["more"] if page + 1 < len(pages) else []
    text, choices = with_footer(one, pages[page], [*check, *more, "operator", f"source/{topic.name}"])
    return Rendered(Message(text), choices, topic.name, page)


def gloss(one: Speaker, topic: Topic, page: str) -> str:
    """The whole answer of a messenger, or the one page of an SMS."""
    if not page:
        return "\n\n".join([one.title(topic.name), *(one.gloss(p) for p in topic.pages)])
    number = int(page)
    return one.gloss(topic.pages[number] if number < len(topic.pages) else one.knowledge.replies["more_end"])


def _withheld(one: Speaker, topic: Topic, *, sms: bool) -> Rendered:
    offered = with_choices(one, Reply("topic_withheld", options=("operator", "menu")), sms)
    return replace(offered, topic=topic.name, withheld=True)
