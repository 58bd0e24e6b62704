"""What stands in a page's address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from hotline_bridge.console.address import Before
from hotline_bridge.console.audit_views import Asked
from hotline_bridge.console.queue_wanted import Wanted


def test_what_is_empty_or_as_usual_is_left_out() -> None:
    assert Wanted().query() == ""
    assert Wanted(tab="mine", topic="visas").query(language="mine") == "?tab=mine&topic=visas"
    assert Wanted(tab="mine").query(tab="free") == ""
    assert Wanted().query(language="all") == "?language=all"


def test_what_else_is_asked_for_is_kept() -> None:
    assert Asked(action="claimed").query(below=7) == "?action=claimed&below=7"
    assert Asked(action="claimed").query(action="", below=None) == ""


@pytest.mark.parametrize("written", ["2026-03-05T10:00:00", "2026-03-05T10:00:00Z", "2026-03-05T15:00:00+05:00"])
def test_a_moment_without_a_zone_is_meant_in_utc(written: str) -> None:
    found: datetime | None = TypeAdapter(Before).validate_python(written)
    assert found == datetime(2026, 3, 5, 10, tzinfo=UTC)
