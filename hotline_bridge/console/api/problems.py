"""Every refusal is a problem document (RFC 9457): a status, its name, and a sentence for whoever must act on it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from hotline_bridge.errors import PartnerRefused

log = structlog.get_logger(__name__)
MEDIA = "application/problem+json"


class Problem(BaseModel):
    """Why there is no answer."""

    type: str = Field("about:blank", description="Always `about:blank`: the status says what kind of problem it is.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(
        description="What to do about it, in a sentence.",
        examples=["there is no ticket with this id, or its person was forgotten"],
    )


DOCUMENTED: dict[str, Any] = {
    "description": "A problem",
    "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def register(app: FastAPI) -> None:
    """Answers for everything that is raised."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(PartnerRefused, _refused)
    for error in (OperationalError, InterfaceError, PoolTimeout):
        app.add_exception_handler(error, _no_database)
    app.add_exception_handler(Exception, _broken)
    _describe(app)


def _describe(app: FastAPI) -> None:
    """The description also names the form of a problem; FastAPI's own form of a refusal is not ours."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        found = plain()
        schemas = found["components"]["schemas"]
        schemas["Problem"] = Problem.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path in found["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
        return found

    app.openapi = openapi  # type: ignore[method-assign]


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The document."""
    title = HTTPStatus(status).phrase
    return JSONResponse(Problem(title=title, status=status, detail=detail).model_dump(), status, headers, MEDIA)


# What the framework says in its own words.
_SENTENCES = {
    400: "the body cannot be read; send JSON in UTF-8",
    404: "there is no such address here; openapi.json names them",
    405: "this address takes other methods",
}


async def _http(request: Request, error: Any) -> Response:
    ours = error.detail[:1].islower()
    return problem(error.status_code, error.detail if ours else _SENTENCES.get(error.status_code, error.detail), error.headers)


async def _refused(request: Request, error: Any) -> Response:
    return problem(error.status, str(error))


async def _unreadable(request: Request, error: Any) -> Response:
    """Names the field, and never repeats what was given."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    return problem(422, f"{where}: {first['msg'].lower()}" if first["type"] != "json_invalid" else "the body is no JSON")


async def _no_database(request: Request, error: Any) -> Response:
    return problem(503, "the database is out of reach; ask again in a moment", {"retry-after": "5"})


async def _broken(request: Request, error: Exception) -> Response:
    log.error("an answer of the API failed", error=type(error).__name__, route=getattr(request.scope.get("route"), "path", ""))
    return problem(500, "something went wrong on our side; ask again in a moment")
