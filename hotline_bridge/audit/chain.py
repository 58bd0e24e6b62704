"""How the rows of the trail are bound to each other, and how it is found out that somebody has touched them. Pure.

Every row has two codes (HMAC-SHA256 under a key derived from the desk's secret): `own` over what it says, and `link` over the
link before it, its place and `own`. The head has one over the number of rows and the last link, a checkpoint one over the last
row that was removed by age. Whoever has no key can make none of them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

START = bytes(32)  # the link before the first row
Fault = Literal["changed", "removed", "moved", "added", "head", "broken", "checkpoint"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a row says."""

    id: UUID
    at: datetime
    actor: UUID | None
    action: str
    subject: UUID | None
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """An entry at its place, with its codes."""

    sequence: int
    entry: Entry
    own: bytes
    link: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """How many rows were written so far, the removed ones included, and the last one's link."""

    count: int
    link: bytes
    mac: bytes


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything up to row `through` was removed by age; the next row follows on `link`."""

    through: int
    link: bytes
    sealed_at: datetime
    mac: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found. fault: None when the trail holds, else what happened to row `row`.

    rows: how many are there; last: the number of the last one that holds, and its link for whoever wants to note it.
    """

    rows: int
    last: int
    link: bytes = field(repr=False)
    fault: Fault | None = None
    row: int | None = None

    @property
    def mark(self) -> str:
        """How far it goes, to be noted elsewhere: a later trail must still pass through it."""
        return mark(self.last, self.link)


def mark(sequence: int, link: bytes) -> str:
    """Row and the beginning of its link."""
    return f"{sequence}-{link[:8].hex()}"


def own(key: bytes, entry: Entry) -> bytes:
    """The code over what the row says."""
    said = [
        str(entry.id),
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        str(entry.actor or ""),
        entry.action,
        str(entry.subject or ""),
        dict(entry.facts),
    ]
    return _code(key, "row", json.dumps(said, sort_keys=True, separators=(",", ":")).encode())


def link(key: bytes, before: bytes, sequence: int, own_code: bytes) -> bytes:
    """The code that binds a row to its place and to all rows before it."""
    return _code(key, "link", before + sequence.to_bytes(8) + own_code)


def head_code(key: bytes, count: int, last: bytes) -> bytes:
    """The code over how many rows there are."""
    return _code(key, "head", count.to_bytes(8) + last)


def checkpoint_code(key: bytes, through: int, last: bytes, sealed_at: datetime) -> bytes:
    """The code over what was removed by age."""
    at = sealed_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _code(key, "checkpoint", through.to_bytes(8) + last + at.encode())


def is_genuine(key: bytes, head: Head) -> bool:
    """Whether the head was written by somebody with the key."""
    return hmac.compare_digest(head.mac, head_code(key, head.count, head.link))


def is_sealed(key: bytes, checkpoint: Checkpoint) -> bool:
    """Whether the checkpoint was written by somebody with the key."""
    found = checkpoint_code(key, checkpoint.through, checkpoint.link, checkpoint.sealed_at)
    return hmac.compare_digest(checkpoint.mac, found)


def _code(key: bytes, use: str, said: bytes) -> bytes:
    return hmac.digest(key, use.encode() + b"\0" + said, hashlib.sha256)


class Walk:
    """Goes through the rows in their order and stops at the first that does not fit; the rest only says what happened to it."""

    def __init__(self, key: bytes, checkpoint: Checkpoint | None = None) -> None:
        self._key = key
        self._next = checkpoint.through + 1 if checkpoint else 1
        self._link = checkpoint.link if checkpoint else START
        self._sealed = checkpoint is None or is_sealed(key, checkpoint)
        self._through = self._next - 1
        self._rest: list[Row] = []
        self._broken: int | None = None
        self._rows = 0

    def take(self, row: Row) -> None:
        """The next row."""
        self._rows += 1
        if self._rest or row.sequence != self._next or not self._fits(row, self._link):
            self._rest.append(row)
            return
        if row.entry.action == "trail_broken" and self._broken is None:
            self._broken = row.sequence
        self._next, self._link = self._next + 1, row.link

    def verdict(self, head: Head | None) -> Verdict:
        """After the last row."""
        if not self._sealed:
            return self._found("checkpoint", self._through)
        if self._broken is not None:
            return self._found("broken", self._broken)
        if self._rest:
            return self._found(*self._fault(head))
        if head is None:
            return self._found("head") if self._next > 1 else self._found()
        if not is_genuine(self._key, head):
            return self._found("head")
        if head.count >= self._next:
            return self._found("removed", self._next)
        return self._found() if (head.count, head.link) == (self._next - 1, self._link) else self._found("head")

    def _found(self, fault: Fault | None = None, row: int | None = None) -> Verdict:
        return Verdict(self._rows, self._next - 1, self._link, fault, row)

    def _fault(self, head: Head | None) -> tuple[Fault, int]:
        """What happened at the first place that does not fit."""
        first, place = self._rest[0], self._next
        if first.sequence < place:
            return "added", first.sequence
        elsewhere = next((r for r in self._rest if r.sequence != place and self._fits(r, self._link)), None)
        if first.sequence > place:
            return ("moved" if elsewhere else "removed"), place
        says_what_was_written = hmac.compare_digest(first.own, own(self._key, first.entry))
        if elsewhere:
            return ("moved" if says_what_was_written else "added"), place
        if not says_what_was_written:
            beyond = head is not None and is_genuine(self._key, head) and place > head.count
            return ("added" if beyond else "changed"), place
        return ("changed" if self._is_followed(first, head) else "removed"), place

    def _fits(self, row: Row, before: bytes) -> bool:
        """Whether this row was written at the place that is looked at."""
        true = hmac.compare_digest(row.own, own(self._key, row.entry))
        return true and hmac.compare_digest(row.link, link(self._key, before, self._next, row.own))

    def _is_followed(self, row: Row, head: Head | None) -> bool:
        """Whether what comes behind was bound to this row: then only its link was changed."""
        right = link(self._key, self._link, row.sequence, row.own)
        if len(self._rest) > 1:
            after = self._rest[1]
            return hmac.compare_digest(after.link, link(self._key, right, after.sequence, after.own))
        return head is not None and hmac.compare_digest(head.link, right)
