"""Replaces identifiers by numbered placeholders; within a conversation the same value keeps the same number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from hotline_bridge.anonymiser import recognisers, same
from hotline_bridge.anonymiser.presidio import (
    AnonymizerEngine,
    Hidden,
    Operator,
    OperatorConfig,
    OperatorType,
    RecognizerResult,
)
from hotline_bridge.anonymiser.words import read
from hotline_bridge.vault.sealing import Key

LIMIT = 4000  # characters looked at; what stands behind them is not passed on either


@dataclass(frozen=True, slots=True)
class Placeholder:
    """[LABEL_number] stands for `value`, which is known again by `digest`."""

    label: str
    number: int
    digest: bytes
    value: str = field(default="", repr=False)

    @property
    def shown(self) -> str:
        """How it stands in the text."""
        return f"[{self.label}_{self.number}]"


@dataclass(frozen=True, slots=True)
class Anonymised:
    """The text that others may see, the placeholders that are new in it, and the regions it names (knowledge/regions.yml)."""

    text: str
    new: tuple[Placeholder, ...]
    regions: tuple[str, ...] = ()


class Span(NamedTuple):
    """What would be hidden, and as what."""

    start: int
    end: int
    label: str


class Numbered(Operator):
    """Puts the placeholder that was chosen for a value in its place."""

    def operate(self, text: str, params: dict[str, dict[tuple[str, str], str]] | None = None) -> str:
        """The placeholder."""
        assert params is not None
        return params["shown"][str(params["entity_type"]), text]

    def validate(self, params: dict[str, object] | None = None) -> None:
        """Nothing that could be wrong."""

    def operator_name(self) -> str:
        """The name in the engine's configuration."""
        return "numbered"

    def operator_type(self) -> OperatorType:
        """It hides."""
        return OperatorType.Anonymize


class Anonymiser:
    """One for a process: reading the lists takes a moment, using them about a millisecond a message."""

    def __init__(self) -> None:
        self._lists = recognisers.load()
        self._analyser = recognisers.analyser(self._lists.finders)
        self._engine = AnonymizerEngine()  # type: ignore[no-untyped-call]
        self._engine.add_anonymizer(Numbered)

    def spans(self, text: str) -> list[Span]:
        """What is hidden of a text, in order, nothing twice. An operator's reply box shows these before a text goes out."""
        text = text[:LIMIT]
        found: list[RecognizerResult] = self._analyser.analyze(text, language=recognisers.LANGUAGE)
        chosen: list[Span] = []
        for result in sorted(found, key=lambda r: (-r.score, r.start - r.end, r.start)):
            # Safety: of two that overlap the surer names the whole, and what the other has beyond it is hidden, too.
            chosen += _beyond(Span(result.start, result.end, result.entity_type), chosen, text)
        return sorted(chosen)

    def regions(self, text: str) -> tuple[str, ...]:
        """Ids of the regions that a text names."""
        return self._lists.places.tags(read(text[:LIMIT]))

    def anonymise(self, text: str, key: Key, known: tuple[Placeholder, ...] = ()) -> Anonymised:
        """`text` without identifiers. `known` are the conversation's placeholders so far."""
        text = text[:LIMIT]
        spans = self.spans(text)
        book = _Book(key, known)
        shown = {}
        for span in spans:
            value = text[span.start : span.end]
            forms = same.forms(span.label, value, self._lists.names, self._lists.spoken, self._lists.honours)
            shown[span.label, value] = book.placeholder(span.label, value, forms).shown
        hidden = [Hidden(span.label, span.start, span.end, 1.0) for span in spans]
        result = self._engine.anonymize(
            text, hidden, {"DEFAULT": OperatorConfig("numbered", {"shown": shown})}, merge_entities_with_spaces=False
        )
        return Anonymised(result.text, tuple(book.new), self.regions(text))


class _Book:
    """The placeholders of a conversation, by what they stand for."""

    def __init__(self, key: Key, known: tuple[Placeholder, ...]) -> None:
        self._key = key
        self._by_digest = {(p.label, p.digest): p for p in known}
        self._highest: dict[str, int] = {}
        for p in known:
            self._highest[p.label] = max(self._highest.get(p.label, 0), p.number)
        self.new: list[Placeholder] = []

    def placeholder(self, label: str, value: str, forms: tuple[str, ...]) -> Placeholder:
        """The one that already stands for any of these forms, else a new one for the first."""
        digests = [self._key.digest(f"placeholder:{label}", form) for form in forms]
        for digest in digests:
            if (label, digest) in self._by_digest:
                return self._by_digest[label, digest]
        self._highest[label] = self._highest.get(label, 0) + 1
        made = Placeholder(label, self._highest[label], digests[0], value.strip())
        self._by_digest[label, digests[0]] = made
        self.new.append(made)
        return made


def _beyond(span: Span, chosen: list[Span], text: str) -> list[Span]:
    """The parts of a span that no chosen one covers, where a letter or digit is among them."""
    parts = [(span.start, span.end)]
    for other in [one for one in chosen if one.start < span.end and span.start < one.end]:
        parts = [
            part
            for start, end in parts
            for part in ((start, min(end, other.start)), (max(start, other.end), end))
            if part[0] < part[1]
        ]
    return [Span(*_trimmed(text, start, end), span.label) for start, end in parts if any(c.isalnum() for c in text[start:end])]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without space around it."""
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())
