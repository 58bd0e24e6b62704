"""What the statements about tickets share: which rows are meant, and what a row becomes when nobody is called for it any more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from hotline_bridge.store.tables import tickets

NOT_PAGED: dict[str, Any] = {"page_level": 0, "paged_at": None}
CALM: dict[str, Any] = {"flagged_at": None, "answer_by": None, **NOT_PAGED}


def open_of(conversation: UUID | ColumnElement[UUID]) -> ColumnElement[bool]:
    """Those of the conversation that are not closed, whoever has it."""
    return and_(tickets.c.conversation_id == conversation, tickets.c.state != "closed")


def taken_of(conversation: UUID) -> ColumnElement[bool]:
    """Those of the conversation that an operator has."""
    return and_(tickets.c.conversation_id == conversation, tickets.c.state == "taken")
