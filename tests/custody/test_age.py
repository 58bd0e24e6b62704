"""A copy of the keys that outlives its days, because no backup came after it, is warned of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotline_bridge.custody import age

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)
KEEP = timedelta(days=3)


def test_keys_that_were_copied_last_before_their_days_are_warned_of(tmp_path: Path) -> None:
    assert age.warnings(tmp_path, KEEP, NOW) == []  # no copy was ever made
    age.note(tmp_path, NOW)
    assert age.warnings(tmp_path, KEEP, NOW + KEEP) == []
    (warning,) = age.warnings(tmp_path, KEEP, NOW + KEEP + timedelta(minutes=1))
    assert "of 2026-12-01 and older than 3 days" in warning
    age.note(tmp_path, NOW + KEEP)
    assert age.warnings(tmp_path, KEEP, NOW + 2 * KEEP) == []
