"""Replaces identifiers by numbered placeholders; within a conversation the same value keeps the same number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from presidio_analyzer import AnalyzerEngine, RecognizerResult

from hotline_bridge.anonymiser.recognisers import LANGUAGE, analyser
from hotline_bridge.vault.sealing import Key

LIMIT = 4000  # characters looked at; what stands behind them is not passed on either


@dataclass(frozen=True, slots=True)
class Placeholder:
    """[LABEL_number] stands for `value`, which is known again by `digest`."""

    label: str
    number: int
    digest: bytes
    value: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Anonymised:
    """The text that others may see, and the placeholders that are new in it."""

    text: str
    new: tuple[Placeholder, ...]


class Anonymiser:
    """One for a process: building Presidio's analyser takes a second, using it a fraction of a millisecond."""

    def __init__(self, engine: AnalyzerEngine | None = None) -> None:
        self._engine = engine or analyser()

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Start, end and label of each identifier, in order, none overlapping (the longer one counts)."""
        found: list[RecognizerResult] = self._engine.analyze(text[:LIMIT], language=LANGUAGE)
        chosen: list[RecognizerResult] = []
        for result in sorted(found, key=lambda r: (-r.score, r.start - r.end, r.start)):
            if all(result.end <= other.start or result.start >= other.end for other in chosen):
                chosen.append(result)
        return sorted((r.start, r.end, r.entity_type) for r in chosen)

    def anonymise(self, text: str, key: Key, known: tuple[Placeholder, ...] = ()) -> Anonymised:
        """`text` without identifiers. `known` are the conversation's placeholders so far."""
        by_digest = {(p.label, p.digest): p for p in known}
        highest: dict[str, int] = {}
        for p in known:
            highest[p.label] = max(highest.get(p.label, 0), p.number)
        text = text[:LIMIT]
        pieces, new, at = [], [], 0
        for start, end, label in self.spans(text):
            value = text[start:end].strip()
            digest = key.digest(f"placeholder:{label}", _normal(value))
            placeholder = by_digest.get((label, digest))
            if placeholder is None:
                highest[label] = highest.get(label, 0) + 1
                placeholder = Placeholder(label, highest[label], digest, value)
                by_digest[label, digest] = placeholder
                new.append(placeholder)
            pieces += [text[at:start], f"[{label}_{placeholder.number}]"]
            at = end
        return Anonymised("".join([*pieces, text[at:]]), tuple(new))


def _normal(value: str) -> str:
    """Equal for the same value typed differently."""
    return re.sub(r"[\s()\-–.]", "", value).casefold()
