"""Misunderstood sentences: said on the conversation's page, reviewed on a page of their own, and taken out as a file."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge import transcript
from hotline_bridge.console import case_page, suggestion_names
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import is_fragment, page, see_other
from hotline_bridge.console.queue_views import Answering
from hotline_bridge.console.refusals import again, said_in_the_field
from hotline_bridge.console.suggestions_yaml import training
from hotline_bridge.console.texts import N_
from hotline_bridge.console.wording import wording_for
from hotline_bridge.flow import suggest
from hotline_bridge.flow.look import Case
from hotline_bridge.flow.suggest import Draft
from hotline_bridge.messages import LANGUAGES
from hotline_bridge.transcript import Line

router = APIRouter()
Supervisor = Annotated[Account, Depends(signed_in("supervisor"))]
Text = Annotated[str, Form()]
TYPED = "typed"  # the consent was given in another way than by a line of the conversation
LINES = 8  # of the person's, offered as their consent


@router.get("/conversations/{conversation}/lines/{line}/misunderstood")
async def form(request: Request, account: Answering, conversation: UUID, line: UUID) -> Response:
    """What was meant, and the consent: within the line, or without script as a page."""
    case, said = await _mine(request, account, conversation, line)
    inside = is_fragment(request)
    return page(request, "ticket/_misread_form.html" if inside else "suggest.html", **await _form(request, case, said))


@router.post("/conversations/{conversation}/lines/{line}/misunderstood")
async def make(
    request: Request,
    account: Answering,
    conversation: UUID,
    line: UUID,
    meant: Text = "",
    consent: Text = "",
    words: Text = "",
) -> Response:
    """Keep it for the review. Refused, everything that was entered stays."""
    case, said = await _mine(request, account, conversation, line)
    agreed = words if consent == TYPED else next((one.text for one in offered(case, said) if str(one.id) == consent), "")
    inside = is_fragment(request)
    with said_in_the_field("meant", "consent_to_show", "identifying") as field:
        await suggest.make(stations_of(request), account.id, conversation, Draft(line, meant, agreed))
    if field.fault:
        entered = {"meant": meant, "consent": consent, "typed": words, "fault": field.fault}
        shown = await _form(request, case, said) | entered
        return again(request, "ticket/_misread_again.html" if inside else "suggest.html", field, **shown)
    if not inside:
        return see_other(request, f"/conversations/{conversation}", say=N_("Suggested. Somebody reviews it before it is used."))
    case, said = await _mine(request, account, conversation, line)
    return page(request, "ticket/_misread.html", **await _form(request, case, said), opened=True)


@router.post("/suggestions/{suggestion}/withdraw")
async def withdraw(request: Request, account: Answering, suggestion: UUID) -> Response:
    """The person does not want it any more."""
    one = await suggest.withdraw(stations_of(request), account.id, suggestion)
    return see_other(request, f"/conversations/{one.conversation}", say=N_("Withdrawn. Nothing of it is left."))


@router.get("/suggestions")
async def everybodys(request: Request, account: Supervisor) -> Response:
    """What waits for a review, and what was accepted."""
    wording = await wording_for(request)
    return page(
        request,
        "suggestions.html",
        pile=await suggest.pile(stations_of(request)),
        meanings=suggestion_names.titles(wording),
        groups=suggestion_names.groups(wording),
        spoken=LANGUAGES,
    )


@router.post("/suggestions/{suggestion}/accept")
async def accept(
    request: Request, account: Supervisor, suggestion: UUID, text: Text = "", language: Text = "", meant: Text = ""
) -> Response:
    """As it was corrected."""
    await suggest.accept(stations_of(request), account.id, suggestion, text=text, language=language, meant=meant)
    return see_other(request, "/suggestions", say=N_("Accepted."))


@router.post("/suggestions/{suggestion}/drop")
async def drop(request: Request, account: Supervisor, suggestion: UUID) -> Response:
    """It teaches nothing, or says too much."""
    await suggest.drop(stations_of(request), account.id, suggestion)
    return see_other(request, "/suggestions", say=N_("Dropped. Nothing of it is left."))


@router.post("/suggestions/take-out")
async def take_out(request: Request, account: Supervisor) -> Response:
    """What was accepted, as a file for the linguist; it is gone here then."""
    taken = await suggest.take_out(stations_of(request), account.id)
    if not taken:
        return see_other(request, "/suggestions")
    headers = {"content-disposition": 'attachment; filename="suggestions.yml"'}
    return Response(training(taken), media_type="application/yaml", headers=headers)


def offered(case: Case, said: Line) -> list[Line]:
    """The person's lines after this one, newest first: nobody agrees before they were asked."""
    after = case.lines[[one.id for one in case.lines].index(said.id) + 1 :]
    return [one for one in reversed(after) if one.is_sentence][:LINES]


async def _form(request: Request, case: Case, said: Line) -> dict[str, Any]:
    wording = await wording_for(request)
    return {
        "case": case,
        "line": said,
        "address": f"/conversations/{case.conversation.id}",
        "mine": True,
        "groups": suggestion_names.groups(wording),
        "meanings": suggestion_names.titles(wording),
        "offered": offered(case, said),
        "inside": is_fragment(request),
        "meant": "",
        "consent": "",
        "typed": "",
        "fault": None,
    }


async def _mine(request: Request, account: Account, conversation: UUID, line: UUID) -> tuple[Case, Line]:
    case = await case_page.mine(request, account, conversation, latest=transcript.MOST)  # it stands under each that can be shown
    said = next((one for one in case.lines if one.id == line and one.is_sentence), None)
    if said is None:
        raise HTTPException(404)
    return case, said
