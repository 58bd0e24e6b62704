"""The operators' guide as a page, made to be printed: docs/operators/, one sheet of A4 (tests/console/test_guide.py)."""

from __future__ import annotations

import asyncio
import functools
from typing import Annotated

from fastapi import APIRouter, Depends
from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.console.guard import Account, signed_in
from hotline_bridge.console.pages import page
from hotline_bridge.console.texts import language_of
from hotline_bridge.settings import PROJECT

router = APIRouter()
FOLDER = PROJECT / "docs" / "operators"
WRITTEN_IN = ("en", "ru")
OTHERWISE = "ru"  # what operators of this country read besides their own


@router.get("/guide")
async def guide(request: Request, account: Annotated[Account, Depends(signed_in("operator", "supervisor"))]) -> Response:
    """In the language of the page where it is written in it, otherwise in Russian, and the page says so."""
    own = language_of(request)
    written = own if own in WRITTEN_IN else OTHERWISE
    return page(request, "guide.html", written=written, own=own == written, words=await asyncio.to_thread(_drawn, written))


@functools.cache
def _drawn(language: str) -> Markup:
    """Read once: the file changes with the program. It is our own, and HTML in it is shown as text."""
    text = (FOLDER / f"guide.{language}.md").read_text(encoding="utf-8")
    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))  # noqa: S704 - ours
