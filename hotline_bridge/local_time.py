"""The time by which people and operators live."""

from __future__ import annotations

from datetime import timedelta, timezone

# All of Kazakhstan keeps UTC+5 since 1 March 2024 (Government decree No. 20 of 19 January 2024); no change of the clocks.
# Not by name: Asia/Almaty is an hour off wherever the list of time zones is older than that.
ZONE = timezone(timedelta(hours=5), "UTC+5")
