"""Figures: what was published, on a page, as bars and for a spreadsheet. Operators see the team's totals."""

from __future__ import annotations

from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Depends, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hotline_bridge.accounts.people import Role
from hotline_bridge.console.figure_names import COUNTS, MEANINGS, WEEKS, Names
from hotline_bridge.console.figure_tables import breakdowns, by_months, by_weeks, total
from hotline_bridge.console.figures_csv import sheet
from hotline_bridge.console.guard import Account, signed_in, stations_of
from hotline_bridge.console.pages import page
from hotline_bridge.console.texts import language_of, words
from hotline_bridge.console.wording import wording_for
from hotline_bridge.figures import measures
from hotline_bridge.figures.periods import Period, parse
from hotline_bridge.figures.releases import Release
from hotline_bridge.figures.suppression import LEAST
from hotline_bridge.flow import consult

router = APIRouter(prefix="/figures")
Everybody = Annotated[Account, Depends(signed_in())]
Reader = Annotated[Account, Depends(signed_in(Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR))]


@router.get("")
async def show(request: Request, account: Everybody, period: str = "") -> Response:
    """One period: the newest month, or the one asked for."""
    stations = stations_of(request)
    known = await consult.published(stations)
    wanted = _parsed(period) if period else next((one for one in known if one.kind == "month"), None)
    release = next(iter(await consult.figures(stations, wanted)), None) if wanted else None
    if period and release is None:
        raise HTTPException(404)
    names = await _names(request)
    whole = account.role != Role.OPERATOR
    return page(
        request,
        "figures.html",
        release=release,
        known=_grouped(known),
        months=[one for one in reversed(known) if one.kind == "month"],
        called=lambda one: period_name(one, language_of(request)),
        totals=[(count, total(release, count, names.say(COUNTS[count]))) for count in measures.TEAM] if release else [],
        weekly=_weekly(release, names) if release else [],
        tables=breakdowns(release, names) if release and whole else [],
        meanings=MEANINGS,
        whole=whole,
        least=LEAST,
    )


@router.get("/months")
async def show_months(request: Request, account: Everybody, first: str, last: str) -> Response:
    """Many months beside each other."""
    names = await _names(request)
    found = await _between(request, first, last)
    label = {release.period: period_name(release.period, language_of(request)) for release in found}
    counts = measures.TEAM if account.role == Role.OPERATOR else measures.COUNTS
    return page(
        request,
        "figures_months.html",
        first=first,
        last=last,
        label=label,
        releases=found,
        counts={count: COUNTS[count] for count in counts},
        charts=[by_months(found, count, names.say(COUNTS[count]), label) for count in measures.WEEKLY],
        whole=account.role != Role.OPERATOR,
    )


@router.get("/sheet.csv")
async def download(request: Request, account: Reader, period: str) -> Response:
    """One period for a spreadsheet."""
    found = await consult.figures(stations_of(request), _parsed(period))
    return await _csv(request, account, found, period)


@router.get("/months.csv")
async def download_months(request: Request, account: Reader, first: str, last: str) -> Response:
    """Many months for a spreadsheet."""
    return await _csv(request, account, await _between(request, first, last), f"{first}-{last}")


def period_name(period: Period, language: str) -> str:
    """October 2026, 4th quarter 2026, 2026."""
    form = {"month": "LLLL y", "quarter": "QQQQ y", "year": "y"}[period.kind]
    said = str(format_date(period.first, form, locale=language))
    return said[:1].upper() + said[1:]


async def _csv(request: Request, account: Account, found: list[Release], name: str) -> Response:
    if not found:
        raise HTTPException(404)
    await consult.export(stations_of(request), account.id, found)
    return Response(
        sheet(found, await _names(request)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="figures-{name}.csv"'},
    )


async def _between(request: Request, first: str, last: str) -> list[Release]:
    return await consult.months(stations_of(request), _parsed(first), _parsed(last))


def _parsed(key: str) -> Period:
    try:
        return parse(key)
    except ValueError:
        raise HTTPException(404) from None


def _grouped(known: list[Period]) -> dict[str, list[Period]]:
    return {kind: [one for one in known if one.kind == kind] for kind in ("month", "quarter", "year")}


def _weekly(release: Release, names: Names) -> list[object]:
    found = (by_weeks(release, count, names.say(WEEKS[count])) for count in measures.WEEKLY)
    return [table for table in found if table]


async def _names(request: Request) -> Names:
    wording = await wording_for(request)
    return Names(lambda text: words(request, text), wording.topic, wording.region)
