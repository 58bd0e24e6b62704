"""Referrals: choosing an organisation and what it gets, the link that is shown once, and what became of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge import referrals
from hotline_bridge.console import case_page, list_names, referral_form, referral_names
from hotline_bridge.console.address import Before
from hotline_bridge.console.guard import Account, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.panels import Panel
from hotline_bridge.console.queue_views import Answering, Refreshing
from hotline_bridge.console.referral_form import Entered, Filter
from hotline_bridge.console.refusals import Field, again, said_in_the_field
from hotline_bridge.console.texts import N_
from hotline_bridge.console.wording import lists_of, wording_for
from hotline_bridge.errors import DeskError
from hotline_bridge.flow import follow_up, look, oversee, refer
from hotline_bridge.flow.look import Case
from hotline_bridge.flow.refer import Made
from hotline_bridge.flow.stations import today
from hotline_bridge.interface import referral_words
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.organisations import SERVICES, Organisation, fitting
from hotline_bridge.settings import Settings

router = APIRouter()
SHOWN_AT_FIRST = 8


async def panel(request: Request, account: Account, case: Case) -> dict[str, Any]:
    """The ticket's part: the referrals so far, and the way to a new one."""
    found = await oversee.referrals_of(stations_of(request), case.conversation.id)
    return {"referrals": found, "organisations": await _organisations(request), "referral_names": referral_names}


PANEL = Panel("ticket/_referrals.html", panel)


@router.get("/conversations/{conversation}/referrals")
async def of_conversation(request: Request, account: Refreshing, conversation: UUID) -> Response:
    """The list on the ticket's page, which refreshes itself."""
    case = await look.at_case(stations_of(request), conversation)
    if case is None:
        return Response(status_code=204)
    return page(request, "ticket/_referral_list.html", case=case, panel=await panel(request, account, case))


@router.get("/conversations/{conversation}/refer")
async def form(
    request: Request,
    account: Answering,
    conversation: UUID,
    region: Annotated[str | None, Query(max_length=10)] = None,
    language: Annotated[str | None, Query(max_length=4)] = None,
    need: Annotated[list[str] | None, Query()] = None,
    abroad: Annotated[str, Query(max_length=4)] = "",
) -> Response:
    """The form, with the organisations that fit what is known of the person."""
    case = await case_page.mine(request, account, conversation)
    wording = await wording_for(request)
    known_region, spoken = case.conversation.region or "", case.conversation.language or ""
    chosen = Filter(
        region=(region if region in wording.regions else "") if region is not None else known_region,
        language=(language if language in LANGUAGES else "") if language is not None else spoken,
        needs=tuple(name for name in SERVICES if name in (need or [])),
        abroad=abroad == "yes",
    )
    return await _form(request, case, account, Entered(needs=chosen.needs), chosen, Field())


@router.post("/conversations/{conversation}/refer")
async def make(request: Request, account: Answering, conversation: UUID) -> Response:
    """Make it, and show its link this once. Refused, everything that was entered stays."""
    case = await case_page.mine(request, account, conversation)
    given = await request.form()
    entered = referral_form.entered(given)
    organisation = (await _organisations(request)).get(entered.organisation)
    chosen = Filter(
        str(given.get("region", "")), str(given.get("language", "")), entered.needs, str(given.get("abroad", "")) == "yes"
    )
    with said_in_the_field(*referral_names.REFUSALS, names=referral_names.REFUSALS) as field:
        if organisation is None:
            raise DeskError("organisation", "there is no such organisation")
        made = await refer.make(stations_of(request), account.id, conversation, entered.draft(case, organisation))
    if field.fault:
        return await _form(request, case, account, entered, chosen, field)
    return page(request, "referral_link.html", **_link(request, made, organisation), conversation=conversation)


@router.get("/referrals")
async def everybodys(
    request: Request,
    account: Answering,
    show: Annotated[str, Query(max_length=10)] = "open",
    before: Before = None,
) -> Response:
    """All referrals: the open ones, or all."""
    only_open = show != "all"
    found = await oversee.referrals_of_everybody(stations_of(request), only_open=only_open, before=before)
    given: dict[str, Any] = {"found": found, "organisations": await _organisations(request), "referral_names": referral_names}
    return page(request, "referrals.html", **given, only_open=only_open)


@router.post("/referrals/{referral}/withdraw")
async def withdraw(request: Request, account: Answering, referral: UUID, back: Annotated[str, Form()] = "") -> Response:
    """The person does not want it any more."""
    one = await follow_up.withdraw(stations_of(request), account.id, referral)
    say = (
        N_("Withdrawn. The link is dead.")
        if one.state == "sent"
        else N_("Withdrawn. It was read before: phone them, so that they do nothing more.")
    )
    return see_other(request, _back(one.conversation, back), say=say)


@router.post("/referrals/{referral}/mark")
async def mark(
    request: Request,
    account: Answering,
    referral: UUID,
    state: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """What the organisation said on the telephone."""
    one = await follow_up.mark(stations_of(request), account.id, referral, state)
    return see_other(request, _back(one.conversation, back), say=N_("Noted."))


async def _form(
    request: Request,
    case: Case,
    account: Account,
    entered: Entered,
    chosen: Filter,
    field: Field,
) -> Response:
    stations = stations_of(request)
    day = today(stations)
    fit = fitting((await _organisations(request)).values(), chosen.wish(), day)
    if entered.organisation and all(one.id != entered.organisation for one in fit):
        fit = [one for one in (await _organisations(request)).values() if one.id == entered.organisation] + fit
    wishes = await oversee.of_conversation(stations, case.conversation.id)
    readable = [w.one for w in wishes.rows if w.one.state == "opened" and not w.over and w.one.asked_by == account.id]
    given: dict[str, Any] = {
        "case": case,
        "wording": await wording_for(request),
        "entered": entered,
        "chosen": chosen,
        "fitting": fit,
        "at_first": SHOWN_AT_FIRST,
        "today": day,
        "lines": referral_form.offered(case),
        "moment_of": referral_form.moment_of,
        "readable": readable,
        "fault": field.fault,
        "labels": field.labels,
        "words": referral_words,
        "lists": list_names,
        "referral_names": referral_names,
        "longest_note": referrals.LONGEST_NOTE,
        "hours": referrals.LASTS // timedelta(hours=1),
        "spoken": LANGUAGES,
    }
    return again(request, "refer.html", field, **given)


def _link(request: Request, made: Made, organisation: Organisation) -> dict[str, Any]:
    settings: Settings = request.app.state.settings
    public = str(settings.komek_public_url).rstrip("/") if settings.komek_public_url else None
    local = f"http://127.0.0.1:{settings.komek_port}"
    return {
        "link": f"{public or local}/r/{made.token}",
        "is_public": public is not None,
        "one": made.referral,
        "organisation": organisation,
    }


def _back(conversation: UUID | None, back: str) -> str:
    return f"/conversations/{conversation}#referrals" if conversation is not None and back == "conversation" else "/referrals"


async def _organisations(request: Request) -> Mapping[str, Organisation]:
    return (await lists_of(request)).organisations
