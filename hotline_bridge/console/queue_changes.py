"""What an open queue page is sent when something changed: the rows that look different, and the counts above them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from hotline_bridge.accounts.people import Account
from hotline_bridge.console import queue_now
from hotline_bridge.console.board import Board
from hotline_bridge.console.live import Event
from hotline_bridge.console.queue_wanted import Wanted

log = structlog.get_logger(__name__)
WHOLE = Event("queue")  # the page fetches everything


@dataclass
class QueuePage:
    """One open page. mark: of the rows that it shows (board.py), as far as is known here."""

    request: Request
    account: Account
    wanted: Wanted
    mark: str

    async def instead_of(self, event: Event) -> Event:
        """For the event that the queue changed, one that brings what changed here (queue.js): without rows where none did."""
        if event != WHOLE:
            return event
        try:
            rows = await queue_now.shared(self.request, self.account, self.wanted)
        except SQLAlchemyError as error:  # the stream goes on: what comes after may be danger
            log.warning("rows cannot be read", error=type(error).__name__)
            return WHOLE
        board: Board = self.request.app.state.board
        changes = "null" if rows.mark == self.mark else board.changes(self.mark, rows)
        self.mark = rows.mark
        if changes is None:
            return WHOLE
        # Sent though nothing changed: another window of this browser may listen through this one, and show something else.
        counts = queue_now.by_tab(rows.totals, self.account)
        return Event("rows", f'{{"counts":{json.dumps(counts)},"mark":"{rows.mark}","rows":{changes}}}')
