"""Shifts: when an operator is there, and so in which languages somebody is. Times are those of Kazakhstan."""

from hotline_bridge.shifts.plan import Shift, Span
from hotline_bridge.shifts.roster import OnDuty, next_on_duty, on_duty

__all__ = ["OnDuty", "Shift", "Span", "next_on_duty", "on_duty"]
