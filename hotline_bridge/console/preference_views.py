"""Language and theme: for whoever looks, signed in or not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console import cookies
from hotline_bridge.console.guard import NotSignedIn, signed_in, stations_of
from hotline_bridge.console.pages import THEMES, local_path, see_other
from hotline_bridge.console.texts import LANGUAGES
from hotline_bridge.flow import own_account

router = APIRouter()


@router.post("/preferences")
async def prefer(
    request: Request,
    language: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Keep the choice in this browser, and the language with the account too."""
    made = see_other(request, local_path(next))
    jar = cookies.jar(request)
    if theme in THEMES:
        jar.put(made, cookies.THEME, theme)
    if language in LANGUAGES:
        jar.put(made, cookies.LANGUAGE, language)
        try:
            account = await signed_in()(request)
        except NotSignedIn:
            return made
        await own_account.set_interface_language(stations_of(request), account.id, language)
    return made
