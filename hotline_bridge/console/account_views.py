"""One's own account: languages, pager, password, recovery codes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge import pagers
from hotline_bridge.accounts import second_factor
from hotline_bridge.console import cookies, names
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.sentences import sentence
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import AccountRefused
from hotline_bridge.flow import own_account, pager
from hotline_bridge.flow.pager import Offered
from hotline_bridge.messages import LANGUAGES

router = APIRouter()
Anybody = Annotated[Account, Depends(signed_in())]
PAGED = pagers.ROLES
Paged = Annotated[Account, Depends(signed_in(*PAGED))]
Text = Annotated[str, Form()]


@router.get("/account")
async def show(request: Request, account: Anybody) -> Response:
    """What there is, and the forms to change it."""
    return await _page(request, account)


@router.post("/account/languages")
async def languages(request: Request, account: Anybody, chosen: Annotated[list[str] | None, Form()] = None) -> Response:
    """The languages somebody answers people in."""
    await own_account.set_languages(stations_of(request), account.id, [one for one in LANGUAGES if one in (chosen or [])])
    return see_other(request, "/account", say=N_("Your languages are saved."))


@router.post("/account/pager")
async def offer_pager(request: Request, account: Paged) -> Response:
    """A code by which a chat becomes this account's pager, shown this once."""
    offered = await pager.offer(stations_of(request), account.id)
    name = request.app.state.settings.telegram_bot_name
    link = f"https://t.me/{name.removeprefix('@')}?start={offered.code}" if name else None
    picture = Markup(second_factor.drawn(link)) if link else None  # noqa: S704 - drawn here
    return await _page(request, account, offered=offered, link=link, picture=picture)


@router.post("/account/pager/remove")
async def remove_pager(request: Request, account: Paged) -> Response:
    """Nobody is called in that chat any more."""
    stations = stations_of(request)
    await pager.remove(stations, stations.renderer(), account.id)
    return see_other(request, "/account", say=N_("Your pager is removed. The chat was told."))


@router.post("/account/password")
async def password(
    request: Request, account: Anybody, old: Text = "", code: Text = "", new: Text = "", repeated: Text = ""
) -> Response:
    """Another password; sessions elsewhere end."""
    try:
        if new != repeated:
            raise AccountRefused("differs")
        session = await own_account.change_password(stations_of(request), account.id, old[:200], code[:40], new)
    except AccountRefused as error:
        return await _page(request, account, faults={"password": sentence(error)})
    made = see_other(request, "/account", say=N_("Your password is changed. Other sessions of yours have ended."))
    cookies.jar(request).put(made, cookies.SESSION, session)
    return made


@router.post("/account/recovery-codes")
async def recovery_codes(request: Request, account: Anybody, old: Text = "", code: Text = "") -> Response:
    """Ten new codes, shown this once."""
    try:
        done = await own_account.new_recovery_codes(
            stations_of(request), account.id, old[:200], code[:40], session=_session(request)
        )
    except AccountRefused as error:
        return await _page(request, account, faults={"recovery": sentence(error)})
    request.state.renewed = done.session  # this page's forms are the new session's already
    made = page(request, "recovery_codes.html", codes=done.codes, onward="/account", first=False)
    cookies.jar(request).put(made, cookies.SESSION, done.session)
    return made


@router.post("/account/sessions")
async def end_others(request: Request, account: Anybody, old: Text = "", code: Text = "") -> Response:
    """Sign out everywhere else."""
    try:
        session = await own_account.end_other_sessions(stations_of(request), account.id, old[:200], code[:40])
    except AccountRefused as error:
        return await _page(request, account, faults={"sessions": sentence(error)})
    made = see_other(request, "/account", say=N_("Your other sessions have ended."))
    cookies.jar(request).put(made, cookies.SESSION, session)
    return made


def _session(request: Request) -> str:
    return cookies.jar(request).get(request, cookies.SESSION) or ""


async def _page(
    request: Request,
    account: Account,
    *,
    faults: dict[str, Any] | None = None,
    offered: Offered | None = None,
    link: str | None = None,
    picture: Markup | None = None,
) -> Response:
    stations = stations_of(request)
    found = await own_account.overview(stations, account.id, session=_session(request))
    return page(
        request,
        "account.html",
        status=422 if faults else 200,
        left=found.codes,
        sessions=found.sessions,
        answered=LANGUAGES,
        faults={"password": None, "recovery": None, "sessions": None} | (faults or {}),
        paged=account.role in PAGED,
        pager=await pager.of(stations, account.id),
        offered=offered,
        link=link,
        picture=picture,
        channels=names.CHANNELS,
    )
