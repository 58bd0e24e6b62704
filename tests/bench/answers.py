"""Which send call answered which message: by the keyed hashes that the store keeps of both, so without guessing.

A conversation's replies could not be told apart by order alone: some messages get two, and danger can get silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from bench.installation import Served
from bench.people import Letter
from hotline_bridge.vault import marks

PIECES = 3  # a long answer is several Telegram messages with one reference
_QUERY = """
    SELECT i.dedup, o.reference_hash, i.status = 'ticketed' AND o.id IS NULL
    FROM inbox i LEFT JOIN outbox o ON o.inbox_id = i.id WHERE i.dedup = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """first: message id -> moment of the first send call, infinite when none came. silent: went to a person without a reply."""

    first: Mapping[str, float]
    silent: frozenset[str]
    replies: int

    @property
    def lost(self) -> int:
        """Messages that nobody answered."""
        return sum(moment == inf for moment in self.first.values())


def answers(system: Served, letters: Sequence[Letter], calls: Sequence[dict[str, Any]]) -> Answers:
    """What became of `letters`, given the calls that the providers took."""
    root = system.root()
    asked = {marks.of_arrival(root, one.channel, one.id): one for one in letters}
    channels = {one.address: one.channel for one in letters}
    sent = {marks.of_reference(root, channels[to], name): at for to, name, at in _references(calls) if to in channels}
    first = {one.id: inf for one in letters}
    silent, replies = set(), 0
    for dedup, reference, without_reply in system.ask(_QUERY, list(asked)):
        letter = asked[bytes(dedup)]
        if without_reply:
            silent.add(letter.id)
        elif reference is not None and bytes(reference) in sent:
            replies += 1
            first[letter.id] = min(first[letter.id], sent[bytes(reference)])
    return Answers({i: at for i, at in first.items() if i not in silent}, frozenset(silent), replies)


def _references(calls: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, float]]:
    """Address, every reference that one send to it may have had, and the moment of its first call."""
    by_address: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for call in calls:
        by_address[call["address"]].append(call)
    for address, made in by_address.items():
        for start, call in enumerate(made):
            for size in range(1, PIECES + 1):
                yield address, ",".join(one["reference"] for one in made[start : start + size]), call["at"]
