"""The lists that operators work from, to be read: ready replies, organisations, contacts, and facts going stale.

What stands in them is changed in knowledge/ and locales/, by the lawyer and the translator.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge import sms_text
from hotline_bridge.console import list_names
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page
from hotline_bridge.console.wording import Wording, lists_of, wording_for
from hotline_bridge.flow.stations import today
from hotline_bridge.knowledge import Knowledge
from hotline_bridge.messages import LANGUAGES, Voice
from hotline_bridge.replies import ready

router = APIRouter()
Anybody = Annotated[Account, Depends(signed_in())]
SHOWN = ("going_stale", "all")


@dataclass(frozen=True, slots=True)
class Said:
    """A ready reply in one language. translated: False when the English shows; segments: what it costs by SMS."""

    language: str
    text: str
    translated: bool
    segments: int


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A ready reply side by side. withheld: a fact or number under it may not be shown today."""

    key: str
    english: str
    said: tuple[Said, ...]
    withheld: bool


@router.get("/ready-replies")
async def ready_replies(request: Request, account: Anybody) -> Response:
    """What operators may send with one press, in all languages."""
    wording = await wording_for(request)
    rows = [_ready(wording, key) for key in ready.keys(wording.knowledge)]
    return page(request, "list_ready.html", rows=rows, languages=LANGUAGES)


@router.get("/organisations")
async def show_organisations(request: Request, account: Anybody, region: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Who else helps; in one region, if one is chosen."""
    wording, lists = await wording_for(request), await lists_of(request)
    known = region if region in wording.regions else ""
    rows = [one for one in lists.organisations.values() if not known or one.works_in(known)]
    stale = sum(one.is_stale(wording.today) for one in rows)
    return page(
        request,
        "list_organisations.html",
        rows=rows,
        region=known,
        wording=wording,
        today=wording.today,
        stale=stale,
        words=list_names,
    )


@router.get("/contacts")
async def contacts(request: Request, account: Anybody) -> Response:
    """The telephone numbers, with their last test call."""
    return page(
        request, "list_contacts.html", rows=(await lists_of(request)).numbers, today=today(stations_of(request)), words=list_names
    )


@router.get("/facts")
async def facts(
    request: Request,
    account: Anybody,
    show: Annotated[str, Query(max_length=20)] = "",
    topic: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """What somebody must look at again: overdue, within 60 days, or everything."""
    wording, lists = await wording_for(request), await lists_of(request)
    rows = [(one, one.look.state(wording.today)) for one in lists.facts]
    wanted = show if show in SHOWN else SHOWN[0]
    known = topic if topic in wording.topics and wanted == "all" else ""
    counts = {state: sum(found == state for _, found in rows) for state in list_names.LOOKS}
    return page(
        request,
        "list_facts.html",
        rows=[(one, state) for one, state in rows if (wanted == "all" or state != "later") and (not known or one.topic == known)],
        topic=known,
        counts=counts,
        show=wanted,
        wording=wording,
        resting=_resting(wording.knowledge),
        sources=wording.knowledge.sources,
        index=wording.knowledge.mci.get(wording.today.year),
        year=wording.today.year,
        today=wording.today,
        words=list_names,
    )


def _ready(wording: Wording, key: str) -> ReadyRow:
    text = wording.knowledge.replies[key]
    withheld = not wording.knowledge.may_be_shown(text, wording.today)
    said = []
    for language in LANGUAGES:
        own = str(wording.renderer.catalogs[language].upgettext(text.context, text.text))
        shown = ready.filled(wording.renderer, key, Voice.usual(language), wording.today)
        withheld = withheld or shown is None
        words = shown if shown is not None else own
        said.append(Said(language, words, own != text.text, sms_text.cost(sms_text.plain(words)).segments))
    english = ready.filled(wording.renderer, key, Voice.usual("en"), wording.today)
    return ReadyRow(key, english if english is not None else text.text, tuple(said), withheld)


def _resting(knowledge: Knowledge) -> dict[str, int]:
    """How many texts rest on each fact."""
    found: dict[str, int] = defaultdict(int)
    for text in knowledge.texts():
        for fact in set(text.facts):
            found[fact] += 1
    return found
