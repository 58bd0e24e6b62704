"""The audit trail, for auditors and administrators: who did what when, and the proof that nobody has changed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.audit import Verdict, Wanted
from hotline_bridge.console import address, audit_names
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page
from hotline_bridge.flow import trail
from hotline_bridge.local_time import ZONE

router = APIRouter()
Auditor = Annotated[Account, Depends(signed_in("auditor", "administrator"))]
BRIDGE = "bridge"  # in the place of an account: the bridge itself


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page's address asks for; "" is any. actor: an account's id, or BRIDGE."""

    action: str = ""
    actor: str = ""
    day: str = ""
    subject: str = ""

    def query(self, **other: Any) -> str:
        """The address' query for this, or for the same with something else."""
        return address.query(self, **other)

    def wanted(self) -> Wanted:
        """For the trail; what cannot be is any."""
        since = _day(self.day)
        return Wanted(
            actions=(self.action,) if self.action in audit_names.SAYS else None,
            actor=_id(self.actor),
            by_bridge=self.actor == BRIDGE,
            subject=_id(self.subject),
            since=since,
            until=since + timedelta(days=1) if since else None,
        )


def from_address(
    action: Annotated[str, Query(max_length=40)] = "",
    actor: Annotated[str, Query(max_length=40)] = "",
    day: Annotated[str, Query(max_length=10)] = "",
    subject: Annotated[str, Query(max_length=40)] = "",
) -> Asked:
    """From the address."""
    return Asked(action, actor, day, subject)


@router.get("/audit")
async def show(
    request: Request,
    account: Auditor,
    asked: Annotated[Asked, Depends(from_address)],
    below: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """A page of it, newest first."""
    return await _page(request, asked, below)


@router.post("/audit/verify")
async def verify(request: Request, account: Auditor) -> Response:
    """Prove it now; that this was done stands in it too."""
    verdict = await trail.verify(stations_of(request), account.id)
    return await _page(request, Asked(), None, verdict=verdict)


async def _page(request: Request, asked: Asked, below: int | None, *, verdict: Verdict | None = None) -> Response:
    found = await trail.read(stations_of(request), asked.wanted(), below)
    given: dict[str, Any] = {
        "found": found,
        "asked": asked,
        "verdict": verdict,
        "below": below,
        "audit_names": audit_names,
        "bridge": BRIDGE,
    }
    return page(request, "audit.html", **given)


def _day(written: str) -> datetime | None:
    """The beginning of that day in Kazakhstan."""
    try:
        return datetime.combine(date.fromisoformat(written), time(), ZONE)
    except ValueError:
        return None


def _id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
