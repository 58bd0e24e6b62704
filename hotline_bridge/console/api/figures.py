"""The published figures, with the same numbers withheld as in the console."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import BaseModel, Field

from hotline_bridge.console.api.access import holder_of, stations_of
from hotline_bridge.figures.periods import Period, parse
from hotline_bridge.figures.releases import Release
from hotline_bridge.flow import consult
from hotline_bridge.partners.tokens import Token

router = APIRouter(prefix="/figures", tags=["figures"])
Reader = Annotated[Token, Depends(holder_of("figures:read"))]


class Published(BaseModel):
    """A period that has figures."""

    period: str = Field(examples=["2026-10", "2026-Q4", "2026"])
    kind: Literal["month", "quarter", "year"]


class Periods(BaseModel):
    """All of them, the newest first."""

    items: list[Published]


class Number(BaseModel):
    """One number. A withheld one is under ten (zero included), or would tell one that is."""

    name: str = Field(examples=["contacts", "contacts/language/kk", "taken/class/danger"])
    value: int | None = Field(ge=10, description="null: withheld.")
    at_least: int | None = Field(ge=10, description="What is shown of a withheld number's months, if anything.")
    median_seconds: int | None = Field(ge=0, description="Of times, where the number itself is shown.")
    p90_seconds: int | None = Field(ge=0)


class Figures(BaseModel):
    """What was published for a period. It does not change afterwards."""

    period: str
    kind: Literal["month", "quarter", "year"]
    numbers: list[Number]


@router.get("", response_model=Periods, summary="Periods with figures")
async def periods(request: Request, token: Reader) -> dict[str, Any]:
    """A month is published on the second day after its end."""
    known = await consult.published(stations_of(request))
    return {"items": [{"period": one.key, "kind": one.kind} for one in known]}


@router.get("/{period}", response_model=Figures, summary="The figures of a period")
async def one(
    request: Request, token: Reader, period: Annotated[str, Path(examples=["2026-10"], max_length=20)]
) -> dict[str, Any]:
    """Every number, in the order of the console's page."""
    found = await consult.figures(stations_of(request), _parsed(period))
    if not found:
        raise HTTPException(404, "nothing was published for this period")
    return _document(found[0])


def _parsed(key: str) -> Period:
    try:
        return parse(key)
    except ValueError as error:
        raise HTTPException(422, str(error)) from None


def _document(release: Release) -> dict[str, Any]:
    numbers = []
    for name, value in release.numbers.items():
        median, p90 = release.times.get(name, (None, None))
        least = release.at_least.get(name) if value is None else None
        numbers.append({"name": name, "value": value, "at_least": least, "median_seconds": median, "p90_seconds": p90})
    return {"period": release.period.key, "kind": release.period.kind, "numbers": numbers}
