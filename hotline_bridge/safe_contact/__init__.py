"""The safe-contact agreement: how, when and by which words somebody may be written to.

Safety: what is decided here is enforced where a reply is stored, not remembered by an operator (tests/flow/test_operate.py).
"""

from hotline_bridge.safe_contact.deciding import AWAITED, METHODS, PRESENT, Agreement, Decision, decide, is_present, may_ask
from hotline_bridge.safe_contact.hours import PARTS, counts_from, is_outside, next_part, part_of_day
from hotline_bridge.safe_contact.rows import asked, confirmed, forget, load, not_asked, refused, save

__all__ = [
    "AWAITED",
    "METHODS",
    "PARTS",
    "PRESENT",
    "Agreement",
    "Decision",
    "asked",
    "confirmed",
    "counts_from",
    "decide",
    "forget",
    "is_outside",
    "is_present",
    "load",
    "may_ask",
    "next_part",
    "not_asked",
    "part_of_day",
    "refused",
    "save",
]
