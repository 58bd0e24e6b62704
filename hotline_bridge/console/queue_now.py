"""What a queue's page shows at this moment, for the page itself and for what refreshes it."""

from __future__ import annotations

from starlette.requests import Request

from hotline_bridge.accounts.people import Account
from hotline_bridge.console.board import Board, Rows
from hotline_bridge.console.guard import stations_of
from hotline_bridge.console.queue_drawing import Drawing
from hotline_bridge.console.queue_rows import shown
from hotline_bridge.console.queue_wanted import Wanted
from hotline_bridge.console.texts import language_of
from hotline_bridge.console.waiting import in_order
from hotline_bridge.console.wording import wording_for
from hotline_bridge.flow import look
from hotline_bridge.tickets.queue import Totals


async def shared(request: Request, account: Account, wanted: Wanted) -> Rows:
    """What the page shows now, read and drawn once for all screens that ask for the same (board.py)."""
    board: Board = request.app.state.board
    own = account.id if wanted.tab == "mine" else None
    key = (wanted, own, wanted.filter(account), language_of(request))
    return await board.get(key, lambda: anew(request, account, wanted))


async def anew(request: Request, account: Account, wanted: Wanted) -> Rows:
    """The same, read and drawn for this one: whoever has just done something sees it done."""
    stations = stations_of(request)
    found = await look.at_queue(stations, account.id, wanted.filter(account))
    wording = await wording_for(request)
    total = by_tab(found.totals, account)[wanted.tab]
    drawing: Drawing = request.app.state.drawing
    now = stations.clock()
    rows = drawing.rows(wording.language, shown(in_order(found.rows, now), now, found.names, wording))
    # A filter must not make anybody invisible without a word.
    below = drawing.below(wording.language, hidden=max(0, total - len(found.rows)), wanted=wanted)
    return Rows(rows, below, found.totals)


def by_tab(totals: Totals, account: Account) -> dict[str, int]:
    """How many people each tab has for this account."""
    found = totals.of(account.id)
    return {"free": found.free, "mine": found.mine, "all": found.everything}
