"""Kazakhstan's days in SQL. The server's own current_date is the day of its settings, which is another one for hours."""

from __future__ import annotations

from sqlalchemy import Date, cast, func

from hotline_bridge.local_time import OFFSET

TODAY = cast(func.timezone(OFFSET, func.now()), Date)
_LOCAL = "AT TIME ZONE CAST(:zone AS interval)"
BOUND = {"zone": OFFSET}  # whoever runs what is written below binds it


def of(moment: str) -> str:
    """The day on which `moment`, an expression, lies."""
    return f"CAST({moment} {_LOCAL} AS date)"


def beginning(moment: str) -> str:
    """The first moment of that day."""
    return f"(date_trunc('day', {moment} {_LOCAL}) {_LOCAL})"


def period(moment: str, form: str) -> str:
    """The month ("YYYY-MM") or year ("YYYY") in which `moment` lies, as releases name it."""
    return f"to_char({moment} {_LOCAL}, '{form}')"
