"""The queue: who waits, the most endangered first. It refreshes itself; see live.py and queue_changes.py."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console import names, queue_now
from hotline_bridge.console.board import Rows
from hotline_bridge.console.guard import Account, signed_in
from hotline_bridge.console.pages import page
from hotline_bridge.console.queue_wanted import TABS, Wanted, from_address
from hotline_bridge.console.texts import N_, SPOKEN
from hotline_bridge.console.wording import Wording, wording_for
from hotline_bridge.messages import Channel
from hotline_bridge.tickets.needs import NEEDS

router = APIRouter()
ROLES = ("operator", "supervisor")  # who answers people
Answering = Annotated[Account, Depends(signed_in(*ROLES))]
Refreshing = Annotated[Account, Depends(signed_in(*ROLES, counts=False))]


@router.get("/queue")
async def queue(request: Request, account: Answering, wanted: Annotated[Wanted, Depends(from_address)]) -> Response:
    """The page, read anew: whoever has just done something sees it done."""
    rows = await queue_now.anew(request, account, wanted)
    wording = await wording_for(request)
    fields: dict[str, Any] = {"channels": list(Channel), "needs": list(NEEDS), "wording": wording}
    fields["chosen"] = _chosen(wanted, wording)
    return page(request, "queue.html", rows=rows, **_tabs(rows, account, wanted), **fields)


@router.get("/queue/rows")
async def rows(request: Request, account: Refreshing, wanted: Annotated[Wanted, Depends(from_address)]) -> Response:
    """What changes on it by itself, whole: for a page that cannot tell what changed."""
    found = await queue_now.shared(request, account, wanted)
    return page(request, "queue/_now.html", rows=found, **_tabs(found, account, wanted))


def _chosen(wanted: Wanted, wording: Wording) -> list[str]:
    """The filter that is set, in words."""
    languages = {"all": N_("All languages"), **SPOKEN}
    found = [languages.get(wanted.language), names.CHANNELS.get(wanted.channel), names.NEEDS.get(wanted.need)]
    said = [wording.say(text) for text in found if text]
    return [
        *said,
        *([wording.topic(wanted.topic)] if wanted.topic else []),
        *([wording.region(wanted.region)] if wanted.region else []),
    ]


def _tabs(rows: Rows, account: Account, wanted: Wanted) -> dict[str, Any]:
    return {"tabs": TABS, "tab_counts": queue_now.by_tab(rows.totals, account), "wanted": wanted}
