"""What stands in a page's address: what it asks for, and from which moment on."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from pydantic import AfterValidator

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def query(asked: DataclassInstance, **other: Any) -> str:
    """The address' query for what is asked, or for the same with something else; what is empty or as usual is left out."""
    usual = {field.name: field.default for field in fields(asked)}
    values = {name: getattr(asked, name) for name in usual} | other
    unusual = {name: value for name, value in values.items() if value and value != usual.get(name)}
    return f"?{urlencode(unusual)}" if unusual else ""


def _aware(moment: datetime | None) -> datetime | None:
    """The database knows no moment without a zone; one written so is meant in UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


# A page of what came before that moment.
Before = Annotated[datetime | None, Query(), AfterValidator(_aware)]
