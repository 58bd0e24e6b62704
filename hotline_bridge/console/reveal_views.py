"""Sealed values: asking for one on the ticket's page, deciding as a supervisor, opening it and seeing it for a minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from hotline_bridge import reveals, safe_contact
from hotline_bridge.console import reveal_names
from hotline_bridge.console.address import Before
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import is_fragment, page, see_other
from hotline_bridge.console.panels import Panel
from hotline_bridge.console.queue_views import Answering, Refreshing
from hotline_bridge.console.refusals import again, said_in_the_field
from hotline_bridge.console.texts import N_
from hotline_bridge.flow import look, oversee, reveal, see
from hotline_bridge.flow.look import Case
from hotline_bridge.store.engine import transaction

router = APIRouter()
Supervisor = Annotated[Account, Depends(signed_in("supervisor"))]
Watching = Annotated[Account, Depends(signed_in("supervisor", counts=False))]
Text = Annotated[str, Form()]
SECONDS = 60  # a value hides itself after that
MINUTES = reveals.USE_WITHIN // timedelta(minutes=1)


async def panel(request: Request, account: Account, case: Case) -> dict[str, Any]:
    """The ticket's part: what was asked for, and for whoever has the conversation the form."""
    return {
        "reveals": await oversee.of_conversation(stations_of(request), case.conversation.id),
        "choices": choices(case),
        "reveal_names": reveal_names,
        "rings": lambda what: reveals.rings(what, sms=case.conversation.channel.is_sms),
        "outside_until": outside_until(case, stations_of(request).clock()),
        "minutes": MINUTES,
        "fault": None,
        "reason": "",
        "what": "",
        "knowing": False,
    }


PANEL = Panel("ticket/_reveals.html", panel)


def outside_until(case: Case, now: datetime) -> datetime | None:
    """When the agreed hours begin again; None within them, and where none were agreed."""
    hours = case.agreement.hours if case.agreement else ()
    return safe_contact.next_part(hours, now) if safe_contact.is_outside(hours, now) else None


def choices(case: Case) -> list[str]:
    """The placeholders that can be asked for: those that stand in the conversation or the agreement."""
    said = [line.text for line in case.lines if line.speaker == "person"]
    if case.agreement is not None and case.agreement.placeholder:
        said.append(case.agreement.placeholder)
    return reveals.placeholders_in(" ".join(said))


@router.get("/conversations/{conversation}/reveals")
async def of_conversation(request: Request, account: Refreshing, conversation: UUID) -> Response:
    """The list on the ticket's page, which refreshes itself."""
    case = await look.at_case(stations_of(request), conversation)
    if case is None:
        return Response(status_code=204)
    return page(request, "ticket/_reveal_list.html", case=case, panel=await panel(request, account, case))


@router.post("/conversations/{conversation}/reveals")
async def ask(
    request: Request, account: Answering, conversation: UUID, what: Text = "", reason: Text = "", knowing: Text = ""
) -> Response:
    """Ask. In danger it is being opened when this returns. What was typed stays when it is refused."""
    inside = is_fragment(request)
    with said_in_the_field("what", "reason", "asked_already", "identifying", "hours", when=inside) as field:
        await reveal.ask(stations_of(request), account.id, conversation, what, reason, knowing=knowing == "yes")
    if not inside:
        return see_other(request, f"/conversations/{conversation}#reveals")
    case = await look.at_case(stations_of(request), conversation)
    if case is None:
        return see_other(request, "/queue")
    fault = field.fault
    kept = {"fault": fault, "reason": reason if fault else "", "what": what if fault else "", "knowing": bool(fault and knowing)}
    shown = await panel(request, account, case) | kept
    return again(request, "ticket/_reveal_form.html", field, case=case, panel=shown, with_list=not fault)


@router.post("/reveals/{wish}/open")
async def open_(request: Request, account: Answering, wish: UUID, conversation: Annotated[UUID, Form()]) -> Response:
    """The worker opens what was granted; the list says when it is there."""
    await see.open_(stations_of(request), account.id, wish)
    if is_fragment(request):
        return await of_conversation(request, account, conversation)
    return see_other(request, f"/conversations/{conversation}#reveals")


@router.post("/reveals/{wish}/show")
async def show(
    request: Request, account: Answering, wish: UUID, conversation: Annotated[UUID, Form()], knowing: Text = ""
) -> Response:
    """The value, once a press; each is audited. Without script the page leaves it by itself."""
    value = await see.show(stations_of(request), account.id, wish, knowing=knowing == "yes")
    async with transaction(stations_of(request).store.engine, durable=False) as connection:
        one = await reveals.load(connection, wish)
    fragment = is_fragment(request)
    context: dict[str, Any] = {
        "one": one,
        "value": value,
        "seconds": SECONDS,
        "conversation": conversation,
        "reveal_names": reveal_names,
    }
    made: HTMLResponse = page(request, "ticket/_reveal_value.html" if fragment else "reveal_value.html", **context)
    if not fragment:
        made.headers["refresh"] = f"{SECONDS}; url=/conversations/{conversation}"
    return made


@router.get("/reveals")
async def everybodys(request: Request, account: Supervisor, before: Before = None) -> Response:
    """What was asked, granted, opened and refused, those that wait first."""
    found = await oversee.looked_over(stations_of(request), account.id, before)
    return page(request, "reveals.html", reveals=found, reveal_names=reveal_names, first=before is None)


@router.get("/reveals/rows")
async def rows(request: Request, account: Watching) -> Response:
    """The list's rows, which refresh themselves: on a screen that nobody may look at, so nothing is seen by that."""
    found = await oversee.of_everybody(stations_of(request))
    return page(request, "reveals_rows.html", reveals=found, reveal_names=reveal_names, first=True)


@router.get("/reveals/waiting")
async def waiting(request: Request, account: Watching) -> Response:
    """The badge in the navigation."""
    number = await oversee.waiting(stations_of(request), account.id)
    return page(request, "badge.html", number=number, words=N_("%(number)s to look at"))


@router.post("/reveals/{wish}/grant")
async def grant(request: Request, account: Supervisor, wish: UUID) -> Response:
    """A second person agrees."""
    await reveal.grant(stations_of(request), account.id, wish)
    return see_other(request, "/reveals", say=N_("Agreed. Whoever asked can open it for %(n)s minutes."), n=MINUTES)


@router.post("/reveals/{wish}/refuse")
async def refuse(request: Request, account: Supervisor, wish: UUID, answer: Text = "") -> Response:
    """A second person does not agree, and says why."""
    await reveal.refuse(stations_of(request), account.id, wish, answer)
    return see_other(request, "/reveals", say=N_("Refused. Whoever asked reads why."))
