"""What somebody sees when a step at the desk is refused: who has the conversation, or why it cannot be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from starlette.responses import HTMLResponse, Response

from hotline_bridge.accounts import people
from hotline_bridge.console.guard import stations_of
from hotline_bridge.console.names import REFUSALS
from hotline_bridge.console.pages import is_fragment, page
from hotline_bridge.errors import CannotBeWritten, DeskError, Identifying, TakenByAnother
from hotline_bridge.store.engine import transaction

# Reasons that are about what stands in a form; all others are about what somebody else did meanwhile.
WHAT_WAS_ENTERED = frozenset({"outcome", "colleague", "why_forget", "identified", "identifying", "hours"})


@dataclass(slots=True)
class Field:
    """What is said of a field that somebody filled in: the sentence, in English, by which it was refused.

    labels: what the field's words were taken for, where they tell who somebody is (errors.Identifying).
    """

    fault: str | None = None
    labels: tuple[str, ...] = ()


@contextmanager
def said_in_the_field(*reasons: str, names: Mapping[str, str] = REFUSALS, when: bool = True) -> Iterator[Field]:
    """A step that is refused for one of these reasons is answered where it was typed; every other refusal goes on its way.

    names: the sentence of each reason. when: whether there is a field to say it in; without, every refusal goes on its way.
    """
    field = Field()
    try:
        yield field
    except DeskError as error:
        if not when or error.reason not in reasons:
            raise
        field.fault = names[error.reason]
        field.labels = error.labels if isinstance(error, Identifying) else ()


def again(request: Request, template: str, field: Field, **context: Any) -> HTMLResponse:
    """The form once more as `template`: refused it has what was entered (422), else it is as its page shows it after the step."""
    return page(request, template, status=422 if field.fault else 200, **context)


def register(app: FastAPI) -> None:
    """Answers for every DeskError that a page lets through."""
    app.add_exception_handler(DeskError, _refused)


async def _refused(request: Request, error: Any) -> Response:
    if isinstance(error, TakenByAnother):
        return _answer(request, "taken", 409, holder=await _name(request, error.holder))
    status = 422 if isinstance(error, CannotBeWritten) or error.reason in WHAT_WAS_ENTERED else 409
    return _answer(request, "refused", status, sentence=REFUSALS.get(error.reason, str(error)))


def _answer(request: Request, name: str, status: int, **context: Any) -> Response:
    fragment = "_fragment" if is_fragment(request) else ""
    context["conversation"] = request.path_params.get("conversation")
    return page(request, f"{name}{fragment}.html", status=status, **context)


async def _name(request: Request, account: UUID) -> str | None:
    async with transaction(stations_of(request).store.engine, durable=False) as connection:
        return (await people.names(connection, [account])).get(account)
