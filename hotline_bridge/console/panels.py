"""Parts of a ticket's page that other modules bring, such as reveals and referrals. See ticket_views.PANELS."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from hotline_bridge.console.guard import Account
from hotline_bridge.flow.look import Case


@dataclass(frozen=True, slots=True)
class Panel:
    """template: included in ticket/_side_extra.html with `panel` (what `load` gave), `case` and the page's own context.

    load: what the template shows; None when it has nothing to show for this case or role.
    """

    template: str
    load: Callable[[Request, Account, Case], Awaitable[dict[str, Any] | None]]


async def load(panels: tuple[Panel, ...], request: Request, account: Account, case: Case) -> list[tuple[str, dict[str, Any]]]:
    """Template and content of each panel that has something to show."""
    found = [(one.template, await one.load(request, account, case)) for one in panels]
    return [(template, shown) for template, shown in found if shown is not None]
