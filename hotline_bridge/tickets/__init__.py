"""What a human must look at: opened by the bridge and by Rasa's actions, read as a queue, taken and closed at the desk."""

from hotline_bridge.tickets.needs import NEEDS
from hotline_bridge.tickets.numbers import by_code, code, keep_code
from hotline_bridge.tickets.opening import Ticket, complete, flag, has_waited, is_of, longest_waiting, open_once

__all__ = [
    "NEEDS",
    "Ticket",
    "by_code",
    "code",
    "complete",
    "flag",
    "has_waited",
    "is_of",
    "keep_code",
    "longest_waiting",
    "open_once",
]
