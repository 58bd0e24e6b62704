"""What is noticed in an operator's reply before it goes out. Pure: text and circumstances in, findings out.

`checked` and `refusal` are also asked where a reply is stored, so that what stops it here cannot be got round (flow/reply.py);
a note is `checked`, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.reading.language import Reading
from bot.reading.script import script_of
from hotline_bridge import sms_text
from hotline_bridge.errors import CannotBeWritten
from hotline_bridge.messages import Channel, Voice
from hotline_bridge.reveals import PLACEHOLDER
from hotline_bridge.safe_contact import Decision

LONGEST = 3500  # letters of a reply or a note; Telegram takes 4096
SEGMENTS, MOST_SEGMENTS = 3, 10  # of an SMS: worth a question, and what phones still put together (1,530 GSM letters)
TWO_SCRIPTS = frozenset({"kk", "uz"})
_LINK = re.compile(
    r"(?i)\bhttps?://|\bwww\.|\bt\.me/|\bwa\.me/|(?<![\w@])[\w-]+(?:\.[\w-]+)*\.(?:kz|uz|tj|kg|ru|com|org|net|info|me)\b"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """weight: stop cannot be sent; ask needs a second press; note is only said. facts: what the sentence names."""

    name: str
    weight: Literal["stop", "ask", "note"]
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as it stands in the box. read: its language; spans: start, end and label of each identifier in it."""

    text: str
    read: Reading
    spans: Sequence[tuple[int, int, str]] = ()


@dataclass(frozen=True, slots=True)
class To:
    """Whom it is for. language is None while the person's is not known; heard_at: when they wrote last, as far as it is known.

    goes_on: their request goes on from another phone (flow/resume.py). watched: by what they wrote they may not be alone.
    """

    channel: Channel
    voice: Voice
    language: str | None
    silence: str | None
    unreachable: str | None
    decision: Decision
    heard_at: datetime | None = None
    goes_on: bool = False
    watched: bool = False


def checked(text: str) -> str:
    """What was written without the blanks around it. Raises CannotBeWritten("empty") and CannotBeWritten("long")."""
    text = text.strip()
    if not text:
        raise CannotBeWritten("empty", "write something first")
    if len(text) > LONGEST:
        raise CannotBeWritten("long", f"this is longer than {LONGEST} letters; write it in parts")
    return text


def refusal(silence: str | None, unreachable: str | None, decision: Decision) -> CannotBeWritten | None:
    """Why nothing may be sent at all, or None."""
    if silence == "stopped":
        return CannotBeWritten("stopped", "this person asked us not to write any more")
    if silence == "unsafe":
        return CannotBeWritten("unsafe", "somebody may be watching this phone; wait until the person comes back")
    if unreachable is not None:
        return CannotBeWritten("unreachable", "the person has blocked this chat, or the number is not in service")
    if decision.what == "refuse":
        return CannotBeWritten("method", "the person agreed to be reached in another way, and has not just written here")
    return None


def check(draft: Draft, to: To) -> tuple[Finding, ...]:
    """Everything that is noticed, the weightiest first. An empty draft has only what would stop any other."""
    found = [*_about_person(to), *([Finding("goes_on", "ask")] if to.goes_on else [])]
    if draft.text.strip():
        found += [*_length(draft, to), *_identifiers(draft), *_voice(draft, to), *_link(draft, to)]
    order = ("stop", "ask", "note")
    return tuple(sorted(found, key=lambda one: order.index(one.weight)))


def must_be_asked(findings: Sequence[Finding]) -> tuple[str, ...]:
    """The names of what needs a second press; it counts for these and no others."""
    return tuple(sorted({one.name for one in findings if one.weight == "ask"}))


def _about_person(to: To) -> list[Finding]:
    refused = refusal(to.silence, to.unreachable, to.decision)
    if refused is not None:
        return [Finding(refused.reason, "stop")]
    return [*([Finding("watched", "ask")] if to.watched else []), *_about_contact(to)]


def _about_contact(to: To) -> list[Finding]:
    if to.decision.what == "wait":
        return [Finding("outside_hours", "ask", {"until": _until(to.decision)})]
    if to.decision.unasked:
        return [Finding("unasked", "ask", {"heard_at": to.heard_at})]
    return [Finding("held", "ask")] if to.decision.what == "ask" else []


def _until(decision: Decision) -> datetime:
    assert decision.until is not None
    return decision.until


def _length(draft: Draft, to: To) -> list[Finding]:
    if len(draft.text.strip()) > LONGEST:
        return [Finding("long", "stop")]
    if not to.channel.is_sms:
        return []
    cost = sms_text.cost(sms_text.plain(draft.text.strip()))
    facts: dict[str, object] = {"segments": cost.segments, "letters": cost.units, "room": _room(cost)}
    if cost.segments > MOST_SEGMENTS:
        return [Finding("long_sms", "stop", facts)]
    return [Finding("segments", "ask" if cost.segments > SEGMENTS else "note", facts)]


def _room(cost: sms_text.Cost) -> int:
    """How many letters these segments hold."""
    single, more = (160, 153) if cost.alphabet == "gsm7" else (70, 67)
    return single if cost.segments == 1 else more * cost.segments


def _identifiers(draft: Draft) -> list[Finding]:
    found = []
    if draft.spans:
        hidden = tuple((label, draft.text[start:end].strip()) for start, end, label in draft.spans)
        found.append(Finding("identifiers", "ask", {"hidden": hidden}))
    if written := PLACEHOLDER.search(draft.text):
        found.append(Finding("placeholder", "ask", {"written": written[0]}))
    return found


def _voice(draft: Draft, to: To) -> list[Finding]:
    """Language first: the script of another language says nothing."""
    if to.language is None:
        return []
    if draft.read.language is not None and draft.read.language != to.language:
        return [Finding("language", "ask", {"read": draft.read.language, "wanted": to.language})]
    script = script_of(draft.text)
    wanted = to.voice.script if to.language in TWO_SCRIPTS else "cyrl"
    if script is not None and script != wanted:
        return [Finding("script", "ask", {"read": script, "wanted": wanted})]
    return []


def _link(draft: Draft, to: To) -> list[Finding]:
    """A link in an SMS looks like fraud, is often not carried, and says on a lost phone where somebody has looked."""
    return [Finding("link", "ask")] if to.channel.is_sms and _LINK.search(draft.text) else []
