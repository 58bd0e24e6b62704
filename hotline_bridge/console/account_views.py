"""One's own account: languages, password, recovery codes."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console import cookies
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page, see_other
from hotline_bridge.console.sentences import sentence
from hotline_bridge.console.texts import N_
from hotline_bridge.errors import AccountRefused
from hotline_bridge.flow import own_account
from hotline_bridge.messages import LANGUAGES

router = APIRouter()
Anybody = Annotated[Account, Depends(signed_in())]
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


@router.post("/account/password")
async def password(
    request: Request, account: Anybody, old: Text = "", code: Text = "", new: Text = "", repeated: Text = ""
) -> Response:
    """Another password; sessions elsewhere end."""
    session = cookies.jar(request).get(request, cookies.SESSION) or ""
    try:
        if new != repeated:
            raise AccountRefused("differs")
        await own_account.change_password(stations_of(request), account.id, old[:200], code[:40], new, session=session)
    except AccountRefused as error:
        return await _page(request, account, password=error)
    return see_other(request, "/account", say=N_("Your password is changed. Other sessions of yours have ended."))


@router.post("/account/recovery-codes")
async def recovery_codes(request: Request, account: Anybody, old: Text = "", code: Text = "") -> Response:
    """Ten new codes, shown this once."""
    try:
        codes = await own_account.new_recovery_codes(stations_of(request), account.id, old[:200], code[:40])
    except AccountRefused as error:
        return await _page(request, account, recovery=error)
    return page(request, "recovery_codes.html", codes=codes, onward="/account", first=False)


async def _page(request: Request, account: Account, **faults: AccountRefused) -> Response:
    context: dict[str, Any] = {name: sentence(error) for name, error in faults.items()}
    left = await own_account.recovery_codes_left(stations_of(request), account.id)
    return page(
        request,
        "account.html",
        status=422 if faults else 200,
        left=left,
        answered=LANGUAGES,
        faults={"password": None, "recovery": None} | context,
    )
