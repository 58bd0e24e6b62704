"""The queue: who waits, the most endangered first. It refreshes itself; see live.py."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console import names
from hotline_bridge.console.board import Board, Rows
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page
from hotline_bridge.console.queue_rows import shown
from hotline_bridge.console.texts import N_, SPOKEN, language_of
from hotline_bridge.console.wording import Wording, wording_for
from hotline_bridge.flow import look, operate
from hotline_bridge.messages import LANGUAGES, Channel
from hotline_bridge.tickets.needs import NEEDS
from hotline_bridge.tickets.queue import Counts, Filter

router = APIRouter()
ROLES = ("operator", "supervisor")
AtDesk = Annotated[Account, Depends(signed_in(*ROLES))]
Refreshing = Annotated[Account, Depends(signed_in(*ROLES, counts=False))]
CHANNELS = frozenset(Channel)
_NAME = re.compile(r"[A-Za-z_-]+")
TABS = {"free": N_("Free"), "mine": N_("Mine"), "all": N_("All")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page's address asks for. language: mine (the account's own), all, or one. "" is any."""

    tab: str = "free"
    language: str = "mine"
    channel: str = ""
    topic: str = ""
    region: str = ""
    need: str = ""

    def query(self, **other: str) -> str:
        """The address' query for this, or for the same with something else."""
        values = {name: getattr(self, name) for name in self.__slots__} | other
        unusual = {name: value for name, value in values.items() if value and value != Wanted.__dataclass_fields__[name].default}
        return f"?{urlencode(unusual)}" if unusual else ""

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set by hand."""
        return self != Wanted(self.tab)

    def filter(self, account: Account) -> Filter:
        """For the query; what does not exist is any."""
        spoken = account.languages if self.language == "mine" else (self.language,) if self.language in LANGUAGES else ()
        own = self.tab == "mine"  # whoever has somebody sees them in every language
        return Filter(
            whose=self.tab if self.tab in TABS else "free",
            languages=None if own or not spoken or set(spoken) == set(LANGUAGES) else tuple(spoken),
            channel=self.channel if self.channel in CHANNELS else None,
            topic=self.topic if _NAME.fullmatch(self.topic) else None,
            region=self.region if _NAME.fullmatch(self.region) else None,
            need=self.need if self.need in NEEDS else None,
        )


def from_address(
    tab: Annotated[str, Query(max_length=10)] = "free",
    language: Annotated[str, Query(max_length=10)] = "mine",
    channel: Annotated[str, Query(max_length=40)] = "",
    topic: Annotated[str, Query(max_length=60)] = "",
    region: Annotated[str, Query(max_length=40)] = "",
    need: Annotated[str, Query(max_length=40)] = "",
) -> Wanted:
    """From the address."""
    return Wanted(tab if tab in TABS else "free", language or "mine", channel, topic, region, need)


@router.get("/queue")
async def queue(request: Request, account: AtDesk, wanted: Annotated[Wanted, Depends(from_address)]) -> Response:
    """The page, read anew: whoever has just done something sees it done."""
    rows = await _rows(request, account, wanted)
    wording = await wording_for(request)
    fields: dict[str, Any] = {"channels": list(Channel), "needs": list(NEEDS), "wording": wording}
    fields["chosen"] = _chosen(wanted, wording)
    return page(request, "queue.html", rows=Markup(rows.html), **_tabs(rows, account, wanted), **fields)  # noqa: S704


@router.get("/queue/rows")
async def rows(request: Request, account: Refreshing, wanted: Annotated[Wanted, Depends(from_address)]) -> Response:
    """What changes on it by itself; rendered once for all screens that ask for the same (board.py)."""
    board: Board = request.app.state.board
    own = account.id if wanted.tab == "mine" else None
    key = (wanted, own, wanted.filter(account), language_of(request))
    found = await board.get(key, lambda: _rows(request, account, wanted))
    return page(request, "queue/_now.html", rows=Markup(found.html), **_tabs(found, account, wanted))  # noqa: S704


@router.post("/seen", status_code=204)
async def seen(request: Request, account: Refreshing) -> Response:
    """An open page is a sign of life: what its operator has stays theirs. It does not keep the session from ending."""
    await operate.seen(stations_of(request), account.id)
    return Response(status_code=204)


async def _rows(request: Request, account: Account, wanted: Wanted) -> Rows:
    """The rows as HTML, with nothing of the account that asks but what it asks for."""
    stations = stations_of(request)
    found = await look.at_queue(stations, account.id, wanted.filter(account))
    wording = await wording_for(request)
    total = _by_tab(found.totals.of(account.id))[wanted.tab]
    context = {
        "rows": shown(found.rows, stations.clock(), found.names, wording),
        # A filter must not make anybody invisible without a word.
        "hidden": max(0, total - len(found.rows)),
        "wanted": wanted,
    }
    return Rows(request.app.state.templates.render(wording.language, "queue/_rows.html", context), found.totals)


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
    return {"tabs": TABS, "tab_counts": _by_tab(rows.totals.of(account.id)), "wanted": wanted}


def _by_tab(counts: Counts) -> dict[str, int]:
    return {"free": counts.free, "mine": counts.mine, "all": counts.everything}
