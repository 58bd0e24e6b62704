"""Whether a conversation becomes slower as it gets longer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from bench.answers import answers
from bench.figures import Figure, Goal, percentile
from bench.installation import Komek
from bench.people import BySms, Letter
from bench.provider import PATIENCE
from bench.questions import LANGUAGES, about_rights

EARLY, LATE, AROUND = 5, 200, 2  # turns, and how many before and after each are measured with it
CYCLE = 15  # divides LATE - EARLY, so that the same words are said at both
TOGETHER = 4
OLD, YOUNG = 1_000_000, 2_000_000  # the numbers of people who have not written before


class NoAnswer(Exception):
    """A message was not answered in time."""


@dataclass
class Talk:
    """One message after the other by SMS, each after the answer to the one before."""

    komek: Komek
    _write: BySms = field(default_factory=BySms)
    _due: dict[str, float] = field(default_factory=dict)
    _letters: list[Letter] = field(default_factory=list)
    _heard: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._since = len(self.komek.calls())
        self._client = httpx.Client(timeout=PATIENCE + 5, trust_env=False)

    def say(self, number: int, text: str) -> str:
        """The message's id, once somebody replied. Raises NoAnswer."""
        self._pause()
        letter = self._write(number, text)
        self._letters.append(letter)
        self._due[letter.id] = time.monotonic()
        url = f"{self.komek.system.web_url}{letter.path}"
        stored = self._client.post(url, headers=letter.headers, content=letter.body.encode())
        after = self._heard.get(letter.address, 0)
        asked = {"address": letter.address, "after": str(after)}
        came = self._client.get(f"{self.komek.provider}/bench/next", params=asked)
        if stored.status_code != 200 or came.status_code != 200:
            raise NoAnswer(f"status {stored.status_code}, nothing sent within {PATIENCE:.0f} s")
        self._heard[letter.address] = after + 1
        return letter.id

    def _pause(self) -> None:
        """As if all had paused: whoever writes this much at once gets no ordinary answers (hotline_bridge/crowding.py)."""
        self.komek.system.do("DELETE FROM pace WHERE starts_with(key, 'from:') OR starts_with(key, 'in:')")

    def seconds(self, ids: Sequence[str]) -> list[float]:
        """From each message to its send call."""
        self.komek.settle(20)
        found = answers(self.komek.system, self._letters, self.komek.calls(self._since))
        return [found.first[one] - self._due[one] for one in ids]

    def close(self) -> None:
        self._client.close()


def turns(komek: Komek, conversations: int) -> list[Figure]:
    """Turn 200 against turn 5: the same words, by turns in an old and a young conversation."""
    talk = Talk(komek)
    old = range(OLD, OLD + conversations)
    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(lambda number: _grow(talk, number, LATE - AROUND), old))
    young = range(YOUNG, YOUNG + conversations)
    for number in young:
        _grow(talk, number, EARLY - AROUND)
    pairs = []
    for step in range(2 * AROUND + 1):
        for one, other in zip(young, old, strict=True):
            early, late = EARLY - AROUND + step, LATE - AROUND + step
            pairs.append((talk.say(one, _text(one, early)), talk.say(other, _text(other, late))))
    early_times, late_times = talk.seconds([a for a, _ in pairs]), talk.seconds([b for _, b in pairs])
    talk.close()
    return compared("turns", (f"turn {EARLY}", early_times), (f"turn {LATE}", late_times), Goal("<=", 1.5))


def compared(part: str, base: tuple[str, Sequence[float]], other: tuple[str, Sequence[float]], goal: Goal) -> list[Figure]:
    """The medians of both, in milliseconds, and their ratio."""
    middle, others = percentile(base[1], 0.5), percentile(other[1], 0.5)
    note = f"medians of {len(base[1])} messages each, one at a time, by Kannel without a pace; webhook to send call"
    return [
        Figure(part, f"{base[0]}, p50", 1000 * middle, "ms"),
        Figure(part, f"{other[0]}, p50", 1000 * others, "ms"),
        Figure(part, f"{other[0]} against {base[0]}", others / middle, "x", goal, note),
    ]


def _grow(talk: Talk, number: int, until: int) -> None:
    for turn in range(1, until):
        talk.say(number, _text(number, turn))


def _text(number: int, turn: int) -> str:
    texts = about_rights(LANGUAGES[number % len(LANGUAGES)])
    return texts[(turn % CYCLE) % len(texts)]
