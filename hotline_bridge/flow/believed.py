"""believed: what the assistant may answer with: keys, and values from closed lists. Pure.

Safety: values stand in texts. A stolen assistant that chose them freely would write its own words into ours, or another number
in the place of 112. Whatever has another form is no answer, and a person is called (tests/flow/test_believed.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hotline_bridge.errors import AssistantSilent
from hotline_bridge.messages import LANGUAGES, Reply
from hotline_bridge.safe_contact import METHODS, PARTS
from hotline_bridge.tickets.needs import NEEDS

MOST = 8  # replies to one message; a form that is interrupted by danger makes four
_PART = "|".join(PARTS)
# Every value that bot/ and actions/ send, by its name.
_VALUES = {
    "code": r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",  # a ticket's id; its number is told by the bridge
    "hours": rf"<1|\d{{1,4}}|any|(?:{_PART})(?: (?:{_PART})){{0,3}}",
    "indicators": r"\d{1,2}(?:,\d{1,2}){0,10}",
    "language": "|".join(LANGUAGES),
    "message": "yes|no",
    "method": "|".join(METHODS),
    "need": "|".join(NEEDS),
    "number": r"\d{1,4}",  # of a placeholder
    "report_danger": "yes|no",
    "report_where": "given",
    "told": "ticket_opened|callback_opened|operator_offer|report_done",
}
_KEY = re.compile(r"[a-z0-9_]{1,40}")
_OPTION = re.compile(r"yes|no|operator|start_self_check|topic/[a-z0-9_]{1,40}")


def believed(replies: list[Reply]) -> list[Reply]:
    """`replies`, when they are such as bot/ and actions/ give. Raises AssistantSilent."""
    if len(replies) > MOST or not all(_is_ours(reply) for reply in replies):
        raise AssistantSilent("not of a form that is ours")
    return replies


def _is_ours(reply: Reply) -> bool:
    values = all(re.fullmatch(_VALUES.get(name, "(?!)"), value) for name, value in reply.values.items())
    return values and _all(_KEY, [reply.key, *([] if reply.topic is None else [reply.topic])]) and _all(_OPTION, reply.options)


def _all(pattern: re.Pattern[str], words: Iterable[str]) -> bool:
    return all(pattern.fullmatch(word) for word in words)
