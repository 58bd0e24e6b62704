"""The audit trail: who did what when, added to and never changed. It holds random ids and closed values, never words.

Each row is bound to the one before it by a key that the database does not hold, and a sealed count says how many there are: a row
that was changed, removed, moved or added by somebody without the key is found by `verify`, the last row included.
"""

from hotline_bridge.audit.chain import Verdict
from hotline_bridge.audit.entries import ACTIONS, Fact
from hotline_bridge.audit.trail import Page, Wanted, head, note, oldest, read, shorten, verify

__all__ = ["ACTIONS", "Fact", "Page", "Verdict", "Wanted", "head", "note", "oldest", "read", "shorten", "verify"]
