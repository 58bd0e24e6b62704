"""The page behind a referral's link: GET shows a button, POST reads it once, POST with an answer ends it.

It is the one page that the internet sees. It has no script and says nothing of what this is before it is opened; programs that
look at links to show a preview open nothing; a link that is used, over, withdrawn or guessed looks the same as any other.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from hotline_bridge import metrics
from hotline_bridge.flow import take_up
from hotline_bridge.flow.stations import Stations
from hotline_bridge.interface import accepted, load_one, referral_words
from hotline_bridge.knowledge_files import read
from hotline_bridge.serve.gate import Gate
from hotline_bridge.settings import PROJECT

log = structlog.get_logger(__name__)
PATH = "/r/{token}"
MAX_BODY = 4 * 1024  # bytes
EACH, ALL = 30, 300  # requests a minute, from one address and from all together
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; font: 1.05rem/1.5 system-ui, sans-serif; color: #1a2230; background: #f4f6f8; }
main { max-width: 38rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.4rem; line-height: 1.25; } h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
dl { background: #fff; border: 1px solid #d4dae1; border-radius: .75rem; padding: 1rem; margin: 1rem 0; }
dt { color: #4a5563; font-size: .95rem; } dd { margin: 0 0 .75rem; overflow-wrap: anywhere; } dd ul, ul { margin: 0; padding-left: 1.2rem; }
.note { white-space: pre-line; } .value { font-family: ui-monospace, monospace; font-size: 1.15rem; }
.urgent { border: 1px solid #a8201a; border-left-width: .4rem; border-radius: .5rem; padding: .7rem .9rem; color: #a8201a; background: #fdeceb; font-weight: 600; }
.soft { color: #4a5563; } .answers { display: flex; flex-wrap: wrap; gap: .6rem; }
button { min-height: 2.9rem; padding: .5rem 1.1rem; font: inherit; font-weight: 600; border: 1px solid #0b5cad; border-radius: .5rem; color: #fff; background: #0b5cad; cursor: pointer; }
.second { color: #1a2230; background: #fff; border-color: #76828f; }
:focus-visible { outline: 3px solid #0b5cad; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #e7ebf0; background: #11161c; } dl { background: #1a2129; border-color: #323c48; } dt, .soft { color: #a9b5c2; }
  .urgent { color: #ffa8a0; background: #3c1c1a; border-color: #ffa8a0; }
  button { color: #0a1b2d; background: #86bdf7; border-color: #86bdf7; } .second { color: #e7ebf0; background: #1a2129; border-color: #77848f; }
  :focus-visible { outline-color: #a9d0fa; }
}
"""  # noqa: E501
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "content-security-policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def page(stations: Stations, gate: Gate | None = None) -> Callable[[Request], Any]:
    """The route's handler."""
    counted = gate or Gate(EACH, ALL)

    async def handle(http: Request) -> Response:
        token = http.path_params["token"]
        if _TOKEN.fullmatch(token) is None:
            return PlainTextResponse("", 404)  # as for every other path
        if not counted.lets_in(http.client.host if http.client else ""):
            metrics.refused.labels("/r", "too_many").inc()
            return await _shown(http, "slow", 429)
        if http.method != "POST":
            return await _shown(http, "closed")
        form = await _form(http)
        if form is None:
            return PlainTextResponse("", 413)
        try:
            return await _posted(stations, http, token, form)
        except Exception as error:
            # The link is as good as before: the step is one transaction. The error's text may quote a row.
            metrics.refused.labels("/r", "not_stored").inc()
            log.error("a referral's page failed", error=type(error).__name__)
            return await _shown(http, "slow", 503)

    return handle


async def _posted(stations: Stations, http: Request, token: str, form: dict[str, str]) -> Response:
    if "answer" in form:
        done = await take_up.answer(stations, form.get("proof", ""), accepted=form["answer"] == "yes")
        return await (_shown(http, "answered") if done else _shown(http, "unanswered", 410))
    opened = await take_up.read(stations, token)
    if opened is None:
        return await _shown(http, "gone", 410)
    language = _language(http)
    region = _regions().get(opened.packet.region, {})
    return await _shown(
        http, "opened", packet=opened.packet, proof=opened.answer, region=region.get(language) or region.get("en", "")
    )


async def _shown(http: Request, state: str, status: int = 200, **context: Any) -> HTMLResponse:
    language = _language(http)
    template = await asyncio.to_thread(_template, language)  # its first use reads a catalog: messages must not wait for that
    text = template.render(state=state, language=language, style=_style(), words=referral_words, **context)
    return HTMLResponse(text, status, headers=HEADERS)


def _language(http: Request) -> str:
    return accepted(http.headers.get("accept-language", ""))


async def _form(http: Request) -> dict[str, str] | None:
    """The form's fields; None as soon as the body is larger than any of ours."""
    collected = bytearray()
    async for chunk in http.stream():
        collected += chunk
        if len(collected) > MAX_BODY:
            return None
    return {name: values[0] for name, values in parse_qs(collected.decode("utf-8", "replace")).items()}


@functools.cache
def _template(language: str) -> Any:
    """The page in one language. Made at its first use: most processes never show one."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_translations(load_one(PROJECT / "locales", language), newstyle=True)  # type: ignore[attr-defined]
    return made.get_template("letter.html")


@functools.cache
def _style() -> Any:
    import markupsafe

    return markupsafe.Markup(STYLE)  # noqa: S704 - ours


@functools.cache
def _regions() -> dict[str, dict[str, str]]:
    return {row["id"]: row["names"] for row in read(PROJECT / "knowledge" / "regions.yml")["regions"]}
